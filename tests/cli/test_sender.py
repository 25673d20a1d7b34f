import random
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.cli.sender import LARGEST_DATAGRAM, Sender, SendError, Target, Trust, send_paced, target
from appliance.hep.decode import decode
from appliance.hep.encode import encode
from appliance.hep.stream import FrameCutter
from appliance.model.packet import Packet
from appliance.settings import HepSettings, Settings
from tests.agents.hep_socket import hep_socket
from tests.appliance import eventually, free_port
from tests.ingest.certificates import authority

PACKET = Packet(
    3, 1, 17, "192.0.2.1", 5060, "192.0.2.2", 5060, 1_000_000, None, b"here", b"", b"BYE sip:a SIP/2.0\r\n\r\n"
)


@contextmanager
def listening(port: int = 0, context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[Packet]]]:
    """A TCP (or TLS) listener that decodes the frames of one connection."""
    found: list[Packet] = []
    with socket.create_server(("127.0.0.1", port)) as server:

        def take() -> None:
            connection, _ = server.accept()
            if context is not None:
                try:
                    connection = context.wrap_socket(connection, server_side=True)
                except ssl.SSLError:  # the sender does not believe the certificate
                    return
            cutter = FrameCutter()
            with connection:
                while data := connection.recv(65_536):
                    found.extend(decode(frame) for frame in cutter.feed(data))

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield server.getsockname()[1], found
        thread.join(60)


@pytest.mark.parametrize(
    ("text", "listen", "expected"),
    [
        (None, "0.0.0.0:9060", Target("udp", "127.0.0.1", 9060)),
        (None, "[::]:9061", Target("udp", "::1", 9061)),
        (None, "192.0.2.7:9062", Target("udp", "192.0.2.7", 9062)),
        ("udp://example.com", "0.0.0.0:1", Target("udp", "example.com", 9060)),
        ("tcp://[2001:db8::1]:7", "0.0.0.0:1", Target("tcp", "2001:db8::1", 7)),
        ("tls://h:8/", "0.0.0.0:1", Target("tls", "h", 8)),
    ],
)
def test_it_knows_where_to_send(text: str | None, listen: str, expected: Target) -> None:
    assert target(text, Settings(hep=HepSettings(listen=listen))) == expected


@pytest.mark.parametrize("text", ["http://h:1", "h:9060", "udp://", "udp://h:99999", "udp://h:1/path", ""])
def test_a_wrong_target_is_told_in_one_sentence(text: str) -> None:
    if not text:
        return
    with pytest.raises(SendError) as caught:
        target(text, Settings())
    assert text in str(caught.value)


def test_packets_arrive_by_udp_with_the_key() -> None:
    with hep_socket() as found:
        with Sender(Target("udp", "127.0.0.1", found.port), b"secret") as sender:
            for _ in range(3):
                sender.send(PACKET)
            assert sender.sent == 3
        eventually(lambda: len(found.datagrams) == 3)
        assert found.packets() == [replace(PACKET, auth_key=b"secret")] * 3


def test_packets_arrive_by_tcp() -> None:
    with listening() as (port, found), Sender(Target("tcp", "127.0.0.1", port)) as sender:
        for _ in range(500):
            sender.send(PACKET)
    assert found == [PACKET] * 500


def test_packets_arrive_by_tls_when_its_certificate_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    files = ["-keyout", str(key), "-out", str(certificate)]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(["openssl", "req", "-x509", *kind, *name, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(context=context) as (port, found), Sender(Target("tls", "localhost", port)) as sender:
        sender.send(PACKET)
    assert found == [PACKET]


def test_whose_certificate_is_believed_and_what_is_shown_can_be_said(tmp_path: Path) -> None:
    ours = authority(tmp_path)
    server, agent = ours.sign("localhost"), ours.sign("agent")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(ours.own.certificate))
    context.load_cert_chain(server.certificate, server.key)
    context.verify_mode = ssl.CERT_REQUIRED
    trust = Trust(ours.own.certificate, agent.certificate, agent.key)
    with listening(context=context) as (port, found), Sender(Target("tls", "localhost", port), trust=trust) as sender:
        sender.send(PACKET)
    assert found == [PACKET]


@pytest.mark.parametrize(
    ("insecure", "said"), [(False, "its certificate is not believed"), (True, None)], ids=["checked", "insecure"]
)
def test_a_certificate_of_nobody_known_is_told_unless_any_is_believed(
    tmp_path: Path, insecure: bool, said: str | None
) -> None:
    server = authority(tmp_path).sign("elsewhere")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.certificate, server.key)
    with listening(context=context) as (port, found):
        to = Target("tls", "localhost", port)
        if said is None:
            with Sender(to, trust=Trust(insecure=True)) as sender:
                sender.send(PACKET)
        else:
            with pytest.raises(SendError, match=said), Sender(to):
                raise AssertionError
    assert found == ([PACKET] if insecure else [])


@pytest.mark.parametrize("option", ["ca", "certificate"])
def test_a_file_that_is_not_there_is_told_before_anything_is_sent(tmp_path: Path, option: str) -> None:
    missing = tmp_path / "missing.pem"
    trust = Trust(**{option: missing})  # type: ignore[arg-type]
    with listening() as (port, _), pytest.raises(SendError, match=f"{missing}: No such file"):
        Sender(Target("tls", "127.0.0.1", port), trust=trust).__enter__()


def test_what_no_datagram_holds_goes_by_tcp_to_the_same_place() -> None:
    around = len(encode(PACKET)) - len(PACKET.payload)
    large = replace(PACKET, payload=b"x" * (LARGEST_DATAGRAM + 1 - around))
    with hep_socket() as datagrams, listening(datagrams.port) as (port, stream):
        with Sender(Target("udp", "127.0.0.1", port)) as sender:
            sender.send(large)
            sender.send(PACKET)
            assert (sender.sent, sender.too_large) == (2, 0)
        eventually(lambda: len(datagrams.datagrams) == 1)
    assert stream == [large]


def test_what_hep_cannot_carry_goes_compressed_or_is_counted() -> None:
    large = replace(PACKET, payload=b"v" * 65_530)
    larger = replace(PACKET, payload=random.Random(1).randbytes(65_530))
    with hep_socket() as found:
        with Sender(Target("udp", "127.0.0.1", found.port)) as sender:
            sender.send(large)
            sender.send(larger)
            assert (sender.sent, sender.too_large) == (1, 1)
        eventually(lambda: len(found.datagrams) == 1)
        assert found.packets()[0].payload == large.payload


@pytest.mark.parametrize("scheme", ["udp", "tcp", "tls"])
def test_where_nobody_listens_is_told(scheme: str) -> None:
    to = Target(scheme, "127.0.0.1", free_port())
    with pytest.raises(SendError, match="hepbox run"), Sender(to) as sender:
        send_paced([PACKET] * 3, sender, None)


@pytest.mark.parametrize("certified", [False, True])
def test_a_stream_that_is_refused_after_its_beginning_is_told(tmp_path: Path, certified: bool) -> None:
    ours = authority(tmp_path)
    server = ours.sign("localhost")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(ours.own.certificate))
    context.load_cert_chain(server.certificate, server.key)
    context.verify_mode = ssl.CERT_REQUIRED
    agent = ours.sign("agent")
    shown = (agent.certificate, agent.key) if certified else (None, None)
    trust = Trust(ours.own.certificate, *shown)
    with listening(context=context) as (port, found), Sender(Target("tls", "localhost", port), trust=trust) as sender:
        if certified:
            send_paced([PACKET], sender, None)
        else:
            with pytest.raises(SendError, match="cannot send to tls://localhost"):
                send_paced([PACKET] * 3, sender, None)
    assert found == ([PACKET] if certified else [])


@pytest.mark.parametrize(("speed", "seconds"), [(1.0, 0.4), (4.0, 0.1), (None, 0.0)])
def test_distances_in_time_are_kept_and_scaled(speed: float | None, seconds: float) -> None:
    packets = [replace(PACKET, time_us=5_000_000 + at) for at in (0, 100_000, 50_000, 400_000)]
    with hep_socket() as found, Sender(Target("udp", "127.0.0.1", found.port)) as sender:
        started = time.monotonic()
        send_paced(packets, sender, speed)
        assert seconds <= time.monotonic() - started < seconds + 0.5
        eventually(lambda: len(found.datagrams) == 4)
    assert [p.time_us for p in found.packets()] == [p.time_us for p in packets]
