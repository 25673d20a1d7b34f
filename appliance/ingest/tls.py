"""TLS for HEP streams: a context made of the operator's files, and what a handshake that fails is counted as."""

import ssl
from pathlib import Path

from appliance.ingest.sockets import ListenError
from appliance.log import logger
from appliance.settings import HepSettings

BAD_CERTIFICATE = "refused-tls-certificate"
BAD_HANDSHAKE = "refused-tls-handshake"
TOO_SLOW = "refused-tls-timeout"
PLAIN_TEXT = "refused-tls-missing"
UNAVAILABLE = "refused-tls-unavailable"

FIRST_OCTET = b"\x16"
"""Of a TLS record that holds a handshake (RFC 8446, section 5.1); no HEP 3 frame begins so."""

TRY_AGAIN_NS = 10_000_000_000

_CERTIFICATE_REASONS = frozenset(
    {
        "PEER_DID_NOT_RETURN_A_CERTIFICATE",
        "CERTIFICATE_VERIFY_FAILED",
        "NO_CERTIFICATE_RETURNED",
        "TLSV1_ALERT_UNKNOWN_CA",
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
    }
)
"""OpenSSL's names for: the client's certificate is missing or not trusted, or the client does not trust ours."""


log = logger()


class TlsError(ListenError):
    """The files cannot be used; the text is a sentence for the operator."""


def server_context(settings: HepSettings) -> ssl.SSLContext:
    """What [hep] tls_certificate, tls_key and tls_client_ca say. Raises TlsError."""
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None or key is None:
        raise TlsError("[hep] tls_listen: set tls_certificate and tls_key too")
    _text("tls_certificate", certificate)
    if "ENCRYPTED" in _text("tls_key", key):
        raise TlsError(
            f"[hep] tls_key {key}: a passphrase protects it; write it without one (openssl pkey -in {key} -out …)"
        )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.num_tickets = 0  # a sender that comes back meets another receiver, which could not read its ticket
    _load(context, certificate, key)
    if settings.tls_client_ca is not None:
        _ask_for_certificates(context, settings.tls_client_ca)
    return context


def _load(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    try:
        context.load_cert_chain(certificate, key)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise TlsError(
                f"[hep] tls_key {key}: it is not the key of the certificate in {certificate}; name the two that "
                "were made together"
            ) from error
        wrong = f"tls_certificate {certificate}" if not _is_certificate(certificate) else f"tls_key {key}"
        raise TlsError(f"[hep] {wrong}: it cannot be used ({_reason(error)}); give a file in PEM form") from error


def _is_certificate(file: Path) -> bool:
    try:
        ssl.create_default_context().load_verify_locations(file)
    except ssl.SSLError:
        return False
    return True


def _ask_for_certificates(context: ssl.SSLContext, authorities: Path) -> None:
    _text("tls_client_ca", authorities)
    try:
        context.load_verify_locations(authorities)
    except ssl.SSLError as error:
        raise TlsError(
            f"[hep] tls_client_ca {authorities}: it holds no certificate ({_reason(error)}); give a file in PEM form"
        ) from error
    context.verify_mode = ssl.CERT_REQUIRED


def _text(setting: str, file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise TlsError(f"[hep] {setting} {file}: cannot be read ({error.strerror})") from error


def _reason(error: ssl.SSLError) -> str:
    return (error.reason or error.strerror or str(error)).lower().replace("_", " ")


def refusal(error: OSError) -> str:
    """What a failed handshake is counted as: by the certificate, or by anything else."""
    reason = getattr(error, "reason", None)
    return BAD_CERTIFICATE if reason in _CERTIFICATE_REASONS else BAD_HANDSHAKE


class Certificates:
    """The context of one receiver; one that began while its files were being replaced looks again later."""

    def __init__(self, settings: HepSettings) -> None:
        self._settings = settings
        self._context: ssl.SSLContext | None = None
        self._try_at_ns = 0
        if settings.tls_listen is not None:
            self.context(0)

    def context(self, now_ns: int) -> ssl.SSLContext | None:
        """The context, or None while the files cannot be used, which is logged. `now_ns` is monotonic."""
        if self._context is None and now_ns >= self._try_at_ns:
            self._try_at_ns = now_ns + TRY_AGAIN_NS
            try:
                self._context = server_context(self._settings)
            except TlsError as error:
                log.error("tls_unavailable", error=str(error))
        return self._context
