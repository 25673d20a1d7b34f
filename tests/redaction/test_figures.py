from dataclasses import astuple, replace

from appliance.model.quality import Measured, QualityRow, ReportKind, Told
from appliance.redaction.figures import figures, learn
from appliance.redaction.hiding import Hiding
from appliance.redaction.profile import Profile
from tests.redaction.made import KEY

MEASURED = Measured(
    ReportKind.RTCP, Told.RECEIVED, "10.1.2.3", 4000, "203.0.113.9", 5000, ssrc=7, codec="PCMA", packets=400, lost=3,
    loss_percent=0.75, jitter_ms=4.5, mos=4.1,
    mos_model="E-model of ITU-T G.107, PCMA", callid="4930123456789@10.1.2.3",
)  # fmt: skip
ROW = QualityRow(
    "hep1-rtcp-20261123-5", 1_795_428_672_000_000, "4930123456789@10.1.2.3", "relay-4930123456789", MEASURED
)


def made(profile: Profile, row: QualityRow = ROW) -> QualityRow:
    hiding = Hiding(profile, KEY)
    hiding.known.add_number(b"4930123456789")
    learn(row, hiding)
    hiding.learning = False
    return figures(row, 1, hiding)


def test_figures_stay_and_nobody_is_told() -> None:
    for profile in (Profile.NUMBERS_AND_ADDRESSES, Profile.ALL):
        shown = made(profile)
        told = str(astuple(shown))
        assert not [word for word in ("30123456", "10.1.2.3", "203.0.113.9", "hep1") if word in told], told
        figure = (shown.measured.packets, shown.measured.mos, shown.measured.ssrc, shown.measured.source_port)
        assert (figure, shown.measured.codec, shown.id, shown.ts) == ((400, 4.1, 7, 4000), "PCMA", "1", ROW.ts)
        assert shown.measured.mos_model == MEASURED.mos_model


def test_addresses_stay_where_the_profile_tells_them() -> None:
    shown = made(Profile.NUMBERS)
    assert (shown.measured.source_ip, shown.measured.destination_ip) == ("10.1.2.3", "203.0.113.9")
    assert "30123456" not in str(astuple(shown))


def test_a_codec_that_an_agent_made_up_tells_nothing() -> None:
    odd = replace(ROW, measured=replace(MEASURED, codec="4930123456789", mos_model="of 4930123456789"))
    assert "30123456" not in str(astuple(made(Profile.NUMBERS, odd)))


def test_hosts_have_the_same_stand_in_everywhere() -> None:
    hiding = Hiding(Profile.NUMBERS_AND_ADDRESSES, KEY)
    learn(ROW, hiding)
    hiding.learning = False
    assert figures(ROW, 1, hiding).measured.source_ip.encode() == hiding.addresses(b"10.1.2.3")
