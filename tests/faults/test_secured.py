"""HEP over TLS to a running appliance: by `hepbox replay` and openssl, with and without the right certificate."""

import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.hep.encode import encode
from tests.appliance import Appliance, eventually, free_port, running
from tests.calls.made import flow
from tests.captures import CAPTURES
from tests.ingest.certificates import Authority, authority
from tests.sip_packets import packet, with_callid

pytestmark = [pytest.mark.appliance, pytest.mark.timeout(300)]

CALL = CAPTURES / "MichalCab-ISA/sip.pcap"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def tls_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def instance(ours: Authority, tls_port: int) -> Iterator[Appliance]:
    server = ours.sign("server")
    secured = {
        "HEPBOX_HEP_TLS_LISTEN": f"127.0.0.1:{tls_port}",
        "HEPBOX_HEP_TLS_CERTIFICATE": str(server.certificate),
        "HEPBOX_HEP_TLS_KEY": str(server.key),
        "HEPBOX_HEP_TLS_CLIENT_CA": str(ours.own.certificate),
    }
    with running(secured) as appliance:
        yield appliance


def replayed(appliance: Appliance, tls_port: int, *options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "appliance", "replay", str(CALL), "--now", "--speed", "max"]
    command += ["--to", f"tls://127.0.0.1:{tls_port}", *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, env=appliance.environment, timeout=60)


def refused(appliance: Appliance, reason: str) -> int:
    found: int = appliance.status()["counters"].get(f"hep_dropped_total {reason}", 0)
    return found


def test_a_capture_is_replayed_over_tls_with_the_right_certificate(
    instance: Appliance, ours: Authority, tls_port: int
) -> None:
    agent = ours.sign("agent")
    done = replayed(instance, tls_port, "--ca", ours.own.certificate, "--cert", agent.certificate, "--key", agent.key)
    assert done.returncode == 0, done.stderr
    sent = int(done.stdout.split()[-1])
    assert sent > 0
    eventually(lambda: instance.status()["counters"].get("hep_received_total tls") == sent)
    eventually(lambda: len(instance.search(view="messages")) > 0)
    assert instance.status()["supervisor"]["hep_tls"] == f"127.0.0.1:{tls_port}"
    assert f"127.0.0.1:{tls_port} (TLS)" in instance.run("status", ok=False)


def test_without_the_right_certificate_it_is_refused_and_counted(
    instance: Appliance, ours: Authority, tls_port: int, tmp_path: Path
) -> None:
    before, stored = refused(instance, "refused-tls-certificate"), len(instance.search(view="messages"))
    stranger = authority(tmp_path, "stranger").sign("agent")
    for shown in ([], ["--cert", stranger.certificate, "--key", stranger.key]):
        done = replayed(instance, tls_port, "--ca", ours.own.certificate, *shown)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert f"cannot send to tls://127.0.0.1:{tls_port}" in done.stderr
    eventually(lambda: refused(instance, "refused-tls-certificate") == before + 2)
    assert len(instance.search(view="messages")) == stored


def test_a_sender_that_does_not_believe_the_appliance_is_told(instance: Appliance, tls_port: int) -> None:
    done = replayed(instance, tls_port)
    assert done.returncode == 1
    assert "its certificate is not believed" in done.stderr and "--ca" in done.stderr


def test_openssl_sends_a_call_that_is_found(instance: Appliance, ours: Authority, tls_port: int) -> None:
    agent = ours.sign("openssl")
    rows = with_callid(flow("0 A>B INVITE", "50 B>A 486 INVITE"), "by-openssl")
    command = ["openssl", "s_client", "-quiet", "-connect", f"127.0.0.1:{tls_port}", "-verify_return_error"]
    command += ["-CAfile", str(ours.own.certificate), "-cert", str(agent.certificate), "-key", str(agent.key)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as client:
        assert client.stdin is not None
        client.stdin.write(b"".join(encode(packet(row)) for row in rows))
        client.stdin.flush()
        eventually(lambda: instance.search("callid:by-openssl", since="-30d", view="messages"))
        client.terminate()


def shown(tls_port: int, ours: Authority) -> str:
    """Serial number of the certificate that the appliance shows now."""
    context = ours.client(ours.sign("asker"))
    context.check_hostname = False
    with socket.create_connection(("127.0.0.1", tls_port)) as stream, context.wrap_socket(stream) as secured:
        found = secured.getpeercert()
    assert found is not None
    return str(found["serialNumber"])


def test_a_new_certificate_is_shown_after_a_reload(instance: Appliance, ours: Authority, tls_port: int) -> None:
    before = shown(tls_port, ours)
    Path(instance.environment["HEPBOX_HEP_TLS_KEY"]).write_text("being written")
    os.kill(instance.process.pid, signal.SIGHUP)
    eventually(lambda: "settings_not_taken" in (instance.data_dir / "hepbox.log").read_text())
    assert shown(tls_port, ours) == before, "a mistake changes nothing"
    ours.sign("server")
    os.kill(instance.process.pid, signal.SIGHUP)

    def renewed() -> bool:
        try:
            return shown(tls_port, ours) != before
        except (ssl.SSLError, OSError):
            return False

    eventually(renewed, seconds=60)
    assert "HEP over TLS: " in instance.run("doctor", ok=False)
