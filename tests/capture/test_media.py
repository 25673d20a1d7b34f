import json
import random

from appliance.capture.media import reports, sdp


def test_an_offer_names_its_codecs_and_an_answer_one() -> None:
    rng = random.Random(1)
    assert sdp(rng, "192.0.2.1").count("a=rtpmap:") >= 3
    answer = sdp(rng, "2001:db8::1", "recvonly", only=8)
    assert "c=IN IP6 2001:db8::1\r\n" in answer
    assert "RTP/AVP 8 101\r\n" in answer
    assert "a=recvonly\r\n" in answer


def test_reports_come_both_ways_every_five_seconds_and_count_up() -> None:
    found = list(reports(random.Random(1), "192.0.2.40", "198.51.100.7", 16_000_000))
    assert [offset // 1_000_000 for offset, *_ in found] == [5, 5, 10, 10, 15, 15]
    assert found[0][1:3] == found[1][1:3][::-1]
    told = [json.loads(payload) for *_, payload in found]
    assert [one["sender_information"]["packets"] for one in told] == [250, 250, 500, 500, 750, 750]
    assert told[0]["report_blocks"][0]["source_ssrc"] == told[1]["ssrc"]


def test_a_talk_of_a_moment_has_no_report() -> None:
    assert not list(reports(random.Random(1), "192.0.2.40", "198.51.100.7", 4_000_000))
