from dataclasses import replace

from appliance.model.quality import Measured, QualityRow, ReportKind, Told
from appliance.model.rows import MessageRow
from appliance.quality.scored import REPORTED, scored
from appliance.web.call_media import CallMedia, Coding
from tests.calls.made import flow

ROWS = flow(
    "0 A>P INVITE", "10 P>A 200 INVITE", "20 A>P ACK", "9000 A>P INVITE again=1 cseq=2", "9010 P>A 200 INVITE cseq=2"
)
INVITE, OK, ACK, AGAIN, OK_AGAIN = ROWS


def with_sdp(row: MessageRow, ip: str, *media: str) -> MessageRow:
    lines = ["INVITE sip:b SIP/2.0", "Content-Type: application/sdp", "", "v=0", f"c=IN IP4 {ip}", *media, ""]
    return replace(row, raw="\r\n".join(lines).encode())


OFFER = ("m=audio 4000 RTP/AVP 8 96 101", "a=rtpmap:96 opus/48000/2", "a=rtpmap:101 telephone-event/8000")
ANSWER = ("m=audio 5000 RTP/AVP 101 96 8", "a=rtpmap:96 opus/48000/2", "a=rtpmap:101 telephone-event/8000")
TALK = (with_sdp(INVITE, "10.0.0.1", *OFFER), with_sdp(OK, "10.0.0.2", *ANSWER))
OPUS = Coding("OPUS", 48000)


def received(ip: str = "10.0.0.2", port: int = 5001, **told: object) -> Measured:
    empty = Measured(ReportKind.RTCP, Told.RECEIVED, "10.9.9.9", 1, ip, port, clock_rate_hz=8000, jitter_ms=60.0)
    return scored(replace(empty, loss_percent=1.0, **told))  # type: ignore[arg-type]


def coding(media: CallMedia, ip: str, port: int, after_ms: int = 100) -> Coding | None:
    return media.coding(received(ip, port), INVITE.ts + after_ms * 1000)


def test_the_answers_first_codec_runs_both_ways_and_through_relays_where_it_is_the_calls_only_one() -> None:
    media = CallMedia(TALK)
    assert media.ends == [("10.0.0.1", 4000), ("10.0.0.2", 5000)]
    assert coding(media, "10.0.0.1", 4000) == coding(media, "10.0.0.2", 5001) == OPUS
    assert coding(media, "10.9.9.8", 9) == OPUS


def test_who_sends_is_looked_at_when_who_receives_is_unknown() -> None:
    behind = replace(received("203.0.113.7", 9), source_ip="::ffff:10.0.0.2", source_port=5000)
    assert CallMedia(TALK).coding(behind, INVITE.ts) == OPUS


def test_a_later_offer_and_answer_count_from_then_on() -> None:
    later = (
        with_sdp(AGAIN, "10.0.0.1", "m=audio 4000 RTP/AVP 8 0"),
        with_sdp(OK_AGAIN, "10.0.0.2", "m=audio 5000 RTP/AVP 0"),
    )
    media = CallMedia([*TALK, *later])
    assert coding(media, "10.0.0.2", 5000, 8000) == OPUS
    assert coding(media, "10.0.0.2", 5000, 9500) == Coding("PCMU", 0)


def test_an_answer_in_the_ack_answers_the_offer_in_the_response() -> None:
    offered = with_sdp(OK, "10.0.0.2", "m=audio 5000 RTP/AVP 0 9 8")
    media = CallMedia([INVITE, offered, with_sdp(ACK, "10.0.0.1", "m=audio 4000 RTP/AVP 9")])
    assert coding(media, "10.0.0.2", 5000) == coding(media, "10.0.0.1", 4000) == Coding("G722", 0)


def test_without_an_answer_only_an_offer_of_one_codec_says_it() -> None:
    assert coding(CallMedia(TALK[:1]), "10.0.0.1", 4000) is None
    assert coding(CallMedia([with_sdp(INVITE, "10.0.0.1", "m=audio 4000 RTP/AVP 18 101")]), "10.0.0.1", 4000) == Coding(
        "G729", 0
    )


def test_each_media_line_has_its_own_answer_and_rtcp_its_port() -> None:
    offer = with_sdp(INVITE, "10.0.0.1", "m=audio 4000 RTP/AVP 8", "a=rtcp:4777", "m=video 4002 RTP/AVP 31")
    answer = with_sdp(OK, "10.0.0.2", "m=audio 0 RTP/AVP 8", "m=video 5002 RTP/AVP 31")
    media = CallMedia([offer, answer])
    assert coding(media, "10.0.0.1", 4777) == Coding("PCMA", 0)
    assert coding(media, "10.0.0.2", 5003) == Coding("H261", 0)
    assert coding(media, "10.0.0.2", 5005) is None


def test_jitter_and_score_of_reports_that_name_no_codec_are_made_again() -> None:
    row = QualityRow("id", INVITE.ts + 1000, "c1", "node", received())
    (told,) = CallMedia(TALK).told([row])
    m = told.measured
    assert (m.codec, m.clock_rate_hz, m.jitter_ms, m.by_sdp) == ("OPUS", 48000, 10.0, True)
    assert m.mos_model.startswith("E-model: OPUS taken as G.711 with PLC") and m.r_factor is not None
    named = replace(row, measured=received(codec="PCMA"))
    assert CallMedia(TALK).told([named]) == [named]
    reported = replace(row, measured=received(mos=3.0, mos_model=REPORTED))
    assert CallMedia(TALK).told([reported])[0].measured.mos == 3.0


def test_descriptions_that_cannot_be_read_say_nothing() -> None:
    odd = with_sdp(INVITE, "10.0.0.1", "m=audio 4000 RTP/AVP 98 99", "a=rtpmap:x", "m=", "m=audio 99999999 RTP/AVP 0")
    media = CallMedia([odd, replace(OK, raw=b"\x00m=\xff")])
    assert media.ends == [("10.0.0.1", 4000)]
    assert coding(media, "10.0.0.1", 4000) is None
