from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from appliance.calls.fold import fold
from appliance.calls.joins.leg import WIDTH, leg_of, place_of, read
from appliance.model.ids import callid_hash
from appliance.model.octets import text
from tests.calls.joins.traffic import BEGUN_US, Habits, pairs_of
from tests.calls.made import flow
from tests.calls.recorded import by_callid, recorded


def test_a_leg_read_from_its_record_and_line_is_the_same() -> None:
    rows = [rows for pair in pairs_of(Habits(calls=30)) for rows in pair]
    rows += list(by_callid(recorded("NormB-sipnab/tests/pcap-samples/b2bua-asterisk.pcapng")).values())
    for each in rows:
        for record in fold(each, BEGUN_US * 2):
            leg = leg_of(record, each)
            assert len(leg.line) <= WIDTH
            assert read(record, text(leg.line), leg.place[1]) == leg


def test_its_moments_are_those_of_the_call() -> None:
    rows = flow("0 A>B INVITE", "9 B>A 401 INVITE", "10 A>B ACK", "20 A>B INVITE cseq=2", "60 B>A 180 INVITE cseq=2",
                "900 B>A 200 INVITE cseq=2", "950 A>B ACK cseq=2", "5000 A>B BYE cseq=3")  # fmt: skip
    (record,) = fold(rows, BEGUN_US * 2)
    moments = leg_of(record, rows).moments
    start = record.started
    assert (moments.invited, moments.invited_last) == (start, start + 20_000)
    assert (moments.ringing, moments.answered, moments.over) == (start + 60_000, start + 900_000, start + 5_000_000)
    assert place_of(record) == (start, callid_hash(b"c1@made"))


def test_a_refused_call_is_over_with_its_final_response() -> None:
    rows = flow("0 A>B INVITE", "50 B>A 486 INVITE", "60 A>B ACK")
    (record,) = fold(rows, BEGUN_US * 2)
    moments = leg_of(record, rows).moments
    assert (moments.answered, moments.over) == (None, record.started + 50_000)


def test_descriptions_of_all_the_world_are_no_session() -> None:
    made = flow("0 A>B INVITE sdp=0_0_10.0.0.1;audio_10.0.0.1:4000_PCMU", "9 B>A 200 INVITE")
    (record,) = fold(made, BEGUN_US * 2)
    leg = leg_of(record, made)
    assert (leg.sessions, leg.media, leg.codecs) == ((), ("10.0.0.1:4000",), "PCMU")


def test_a_line_of_another_version_says_nothing() -> None:
    (record,) = fold(flow("0 A>B INVITE"), BEGUN_US * 2)
    assert read(record, "", 1) is None
    assert read(record, "1 2;3", 1) is None


@given(st.text(max_size=80), st.text(max_size=300))
def test_whatever_tags_and_descriptions_hold_the_line_can_be_read_again(tag: str, sdp: str) -> None:
    rows = [replace(row, from_tag=tag, sdp=sdp) for row in flow("0 A>B INVITE", "9 B>A 200 INVITE")]
    (record,) = fold(rows, BEGUN_US * 2)
    leg = leg_of(record, rows)
    found = read(record, text(leg.line), leg.place[1])
    assert found is None or found.moments == leg.moments
    assert len(leg.line) <= WIDTH
