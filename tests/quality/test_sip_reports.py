import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.quality.sip_reports import fields, may_report, measured
from tests.captures import CAPTURES
from tests.quality.samples import HERE, THERE, bye

PUBLISH = (CAPTURES / "rknightion-rfc6035-2otel/testdata/real/standard-2026-08-12.txt").read_bytes()


@pytest.mark.parametrize(
    "header", ["X-RTP-Stat", "P-RTP-Stat", "x-rtp-stat-add", "RTP-RxStat", "X-NG-RTP-STATS", "X-Siemens-RTP-stats"]
)
def test_it_sees_each_header(header: str) -> None:
    assert may_report(bye(f"{header}: PS=1"))


def test_ordinary_messages_are_told_at_once() -> None:
    offer = (
        b"INVITE sip:b@c SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n\r\nv=0\r\nm=audio 1 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
    )
    assert not may_report(offer)
    assert measured(offer, HERE, THERE) == ()


def test_headers_may_be_folded_and_in_any_case() -> None:
    received, sent = measured(bye("x-rtp-STAT: PS=5;PR=9;", "\tPL=1,0;JI=2,3"), HERE, THERE)
    assert (received.packets, received.lost, received.loss_percent) == (9, 1, 10.0)
    assert (sent.packets, sent.jitter_ms) == (5, 3.0)


def test_the_body_of_a_publish_is_of_the_call_that_it_names() -> None:
    (one,) = measured(PUBLISH, HERE, THERE)
    assert one.callid == "151a6cd90d16552a7ef51db8b1139733"
    told = dict(fields(PUBLISH))
    assert (told["LocalMetrics QualityEst MOSCQ"], told["LocalMetrics SessionDesc PD"]) == ("4.1", "G.711 A-Law")


def test_fields_of_headers_carry_their_name() -> None:
    assert fields(bye("P-RTP-Stat: PS=300,PR=365")) == [("p-rtp-stat PS", "300"), ("p-rtp-stat PR", "365")]


@given(st.binary() | st.binary().map(lambda octets: b"BYE a SIP/2.0\r\nX-RTP-Stat: " + octets))
def test_any_octets_are_read(payload: bytes) -> None:
    may_report(payload)
    measured(payload, HERE, THERE)
    fields(payload)
