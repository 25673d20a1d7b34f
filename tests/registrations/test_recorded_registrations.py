"""Registrations of recorded captures, with what a person reads in them."""

import pytest

from appliance.model.registrations import RegistrationRow
from tests.registrations.recorded import registered

SIPNAB = "NormB-sipnab/tests/pcap-samples"


def brief(row: RegistrationRow) -> tuple[str, str, int | None, int | None, int, int]:
    user = row.aor.partition("@")[0]
    return user, row.state.value, row.status, row.expires_seconds, row.refreshes, row.flaps


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (f"{SIPNAB}/sip-register.pcap", [("201", "registered", 200, 20, 0, 0)]),
        (f"{SIPNAB}/sip-auth-failure.pcapng", [("telephone1", "rejected", 403, None, 0, 0)]),
        (
            f"{SIPNAB}/SIP_CALL_RTP_G711",
            [("Ivan", "registered", 200, 20, 0, 1), ("francisco", "registered", 200, 20, 0, 0)],
        ),
        ("rickwporter-rtp-pcap/examples/nb6-startup.pcap", [("+33360653674", "registered", 200, 3171, 0, 0)]),
        (
            "irontec-sngrep/tests/aaa.pcap",
            [
                ("voi18063", "challenged", 401, None, 0, 0),
                ("voi18062", "challenged", 401, 1200, 0, 0),
                ("35104723", "challenged", 401, None, 0, 0),
                ("35104723", "registered", 200, 1200, 1, 0),
            ],
        ),
        (
            "rickwporter-rtp-pcap/examples/SIP_DTMF2.pcap",
            [(f"250{n}", "registered", 200, 3600, refreshes, 0) for n, refreshes in ((3, 1), (2, 1), (4, 0))],
        ),
    ],
)
def test_what_became_of_recorded_registrations(name: str, found: list[tuple[object, ...]]) -> None:
    assert [brief(row) for row in registered(name)] == found


def test_the_delay_and_the_device_are_told() -> None:
    (row,) = registered("rickwporter-rtp-pcap/examples/nb6-startup.pcap")
    assert (row.rrd_ms, row.source_ip, row.user_agent) == (118, "10.251.23.139", "neufbox6 - r13507")
    (row,) = registered("OISF-suricata-verify/tests/sip-tcp-method/sip-tcp.pcap")
    assert (row.proto, row.contact) == ("tcp", "sip:987654@192.168.43.1:48376;rinstance=be2ec98d0f43e70c;transport=tcp")
