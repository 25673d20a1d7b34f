from dataclasses import replace

from appliance.calls.hosts import Hosts
from appliance.calls.media import Heard, Session
from appliance.calls.media_rows import labels, placed
from appliance.calls.picture import WHOLE
from tests.calls.made import flow

ROWS = flow("0 A>P INVITE", "1 P>B INVITE", "2 B>P 200 INVITE", "3 P>A 200 INVITE")
SESSION = Session(
    after=ROWS[3].id, ends=(("10.0.0.1", 4000), ("10.0.0.2", 6000)), type="audio", codec="PCMA", early=False, hold="",
    callid="c1@made", cseq=1, ts=0, tellers=(("10.0.0.1", 5060), ("10.0.0.2", 5060)),
)  # fmt: skip
ALL = range(len(ROWS))


def columns(session: Session) -> list[str]:
    (found,) = placed([session], ROWS, ALL, Hosts(ROWS), WHOLE)
    return [found.left[0], found.right[0]]


def test_a_label_names_codec_ports_and_how_it_was_heard_each_way() -> None:
    heard = replace(SESSION, there=Heard(4.31, "good"), back=Heard(2.0, "bad"))
    assert labels(heard, True)[0] == "PCMA · :4000 ↔ :6000 · MOS → 4.3 ← 2.0"
    assert labels(heard, False)[0] == "PCMA · :6000 ↔ :4000 · MOS → 2.0 ← 4.3"
    assert labels(replace(SESSION, early=True, type="video"), True)[2] == "video PCMA early"
    assert labels(replace(SESSION, codec="", hold="hold (inactive)"), True)[2] == "media hold (inactive)"


def test_media_goes_between_the_columns_of_its_ends() -> None:
    assert columns(SESSION) == ["10.0.0.1", "10.0.0.2"]
    assert columns(replace(SESSION, ends=SESSION.ends[::-1], tellers=SESSION.tellers[::-1])) == ["10.0.0.1", "10.0.0.2"]


def test_a_host_that_speaks_no_sip_gets_a_column_beside_who_told_it() -> None:
    hosts = Hosts(ROWS)
    placed([replace(SESSION, ends=(("10.0.0.77", 4), SESSION.ends[1]))], ROWS, ALL, hosts, WHOLE)
    assert [column[0] for column in hosts.columns] == ["10.0.0.1", "10.0.0.77", "10.0.0.16", "10.0.0.2"]


def test_a_relay_that_both_send_to_stands_in_the_words() -> None:
    relayed = replace(SESSION, ends=(("10.0.0.9", 4), ("10.0.0.9", 6)))
    assert columns(relayed) == ["10.0.0.1", "10.0.0.2"]
    assert labels(relayed, True)[0] == "PCMA · :4 ↔ :6 at 10.0.0.9"


def test_media_of_hidden_legs_and_hosts_is_left_out() -> None:
    for picture in (
        replace(WHOLE, legs=("other",)),
        replace(WHOLE, hidden_hosts=frozenset({"10.0.0.2"})),
    ):
        assert placed([SESSION], ROWS, ALL, Hosts(ROWS), picture) == []


def test_media_behind_a_hidden_message_stands_behind_the_one_before() -> None:
    (found,) = placed([SESSION], ROWS, [0, 1], Hosts(ROWS), WHOLE)
    assert found.above == 2
