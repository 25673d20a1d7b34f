import ipaddress

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
    assert rules().refusal("203.0.113.9", b"anything") is None


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
    assert rules("192.0.2.0/24", "2001:db8::/32").refusal(sender, datagram()) == reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (datagram(b"secret"), None),
        (datagram(b"Secret"), "key"),
        (datagram(b""), "key"),
        (datagram(), "key"),
        (b"no hep at all", "key"),
    ],
)
def test_only_packets_with_the_key_are_heard(data: bytes, reason: str | None) -> None:
    assert rules(key="secret").refusal("192.0.2.1", data) == reason


def test_addresses_without_end_are_not_remembered_without_end() -> None:
    held = rules("192.0.2.0/24")
    for number in range(12_000):
        held.refusal(f"10.{number >> 8}.{number & 255}.1", b"")
    assert len(held._known) <= 10_000
