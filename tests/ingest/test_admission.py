import gzip
import ipaddress
from collections.abc import Callable

import pytest

from appliance.hep.encode import encode
from appliance.ingest.admission import Admission
from appliance.model.packet import Packet
from appliance.settings import HepSettings


def datagram(key: bytes | None = None) -> bytes:
    return encode(
        Packet(3, 1, 17, "192.0.2.1", 5060, "192.0.2.2", 5060, 1, 1, b"", b"", b"OPTIONS sip:a SIP/2.0", auth_key=key)
    )


def rules(*networks: str, key: str = "") -> Admission:
    return Admission(HepSettings(allow=tuple(ipaddress.ip_network(n) for n in networks), auth_key=key))


def test_without_rules_everybody_may_send() -> None:
    assert rules().is_open
    assert rules().refusal_of_sender("203.0.113.9") is None
    assert rules().examined(b"anything") == (None, b"anything")


@pytest.mark.parametrize(
    ("sender", "reason"),
    [
        ("192.0.2.77", None),
        ("::ffff:192.0.2.77", None),
        ("2001:db8::5", None),
        ("fe80::1%eth0", "network"),
        ("198.51.100.1", "network"),
    ],
)
def test_only_senders_of_the_networks_are_heard(sender: str, reason: str | None) -> None:
    assert rules("192.0.2.0/24", "2001:db8::/32").refusal_of_sender(sender) == reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (datagram(b"secret"), None),
        (datagram(b"Secret"), "key"),
        (datagram(b""), "key"),
        (datagram(), "key-missing"),
        (b"no hep at all", "key-missing"),
        (b"\x02\x10 HEP 2 has no key", "key-missing"),
        (gzip.compress(datagram(b"secret")), None),
        (gzip.compress(datagram(b"wrong")), "key"),
        (gzip.compress(bytes(10_000_000)), "payload-too-large"),
        (b"\x1f\x8b broken", "bad-compression"),
    ],
)
def test_only_packets_with_the_key_are_heard(data: bytes, reason: str | None) -> None:
    assert rules(key="secret").examined(data)[0] == reason


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_what_is_let_in_has_no_key_any_more(pack: Callable[[bytes], bytes]) -> None:
    reason, kept = rules(key="secret").examined(pack(datagram(b"secret")))
    assert reason is None
    assert kept == datagram(bytes(6))


def test_addresses_without_end_are_not_remembered_without_end() -> None:
    held = rules("192.0.2.0/24")
    for number in range(12_000):
        held.refusal_of_sender(f"10.{number >> 8}.{number & 255}.1")
    assert len(held._known) <= 10_000
