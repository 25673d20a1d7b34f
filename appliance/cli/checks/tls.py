"""TLS for HEP: whether a sender could shake hands with the files of [hep], and for how long."""

import datetime
import ssl
from collections.abc import Iterator

from appliance.cli.checks.finding import Finding, note, ok, wrong
from appliance.ingest.tls import TlsError, server_context
from appliance.settings import HepSettings, Settings

SOON_DAYS = 21


def examine(settings: Settings) -> Iterator[Finding]:
    """Nothing where TLS is off."""
    hep = settings.hep
    if hep.tls_listen is None:
        return
    try:
        server_context(hep)
        yield _certificate(hep)
    except TlsError as error:
        yield wrong("HEP over TLS", str(error), "put the right files there, then reload hepbox")


def _certificate(hep: HepSettings) -> Finding:
    file = hep.tls_certificate
    try:
        days = days_left(hep)
    except ssl.SSLCertVerificationError as error:
        return wrong("HEP over TLS", f"{file}: {error.verify_message}", "have it signed anew, then reload hepbox")
    except ssl.SSLError as error:
        return wrong("HEP over TLS", f"{file}: {error.reason}", "use a certificate that is made for a TLS server")
    if days < SOON_DAYS:
        return note("HEP over TLS", f"{file} is valid for {days} more days", "have it signed anew, then reload hepbox")
    asked = "; senders have to show one too" if hep.tls_client_ca is not None else ""
    return ok("HEP over TLS", f"{file} is valid for {days} more days{asked}")


def days_left(hep: HepSettings) -> int:
    """Days that a sender will believe the certificate: shakes hands in memory. Raises TlsError, ssl.SSLError."""
    server_side = server_context(hep.model_copy(update={"tls_client_ca": None}))
    sender_side = ssl.create_default_context(cafile=hep.tls_certificate)
    sender_side.check_hostname = False
    sender_side.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # it is asked about itself, not about its authorities
    to_server, to_sender = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = server_side.wrap_bio(to_server, to_sender, server_side=True)
    sender = sender_side.wrap_bio(to_sender, to_server)
    waiting = [sender, server]
    while waiting:
        for side in tuple(waiting):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            waiting.remove(side)
    shown = sender.getpeercert()
    assert shown is not None
    ends = datetime.datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), datetime.UTC)
    return (ends - datetime.datetime.now(datetime.UTC)).days
