import pytest

from appliance.why import wording
from appliance.why.seen import Seen
from appliance.why.view import View
from tests.why.written import written


@pytest.mark.parametrize(
    ("us", "words"),
    [
        (-5, "0.0 ms"),
        (400, "0.4 ms"),
        (9_949, "9.9 ms"),
        (9_950, "10 ms"),
        (120_400, "120 ms"),
        (999_499, "999 ms"),
        (999_500, "1.0 s"),
        (59_949_000, "59.9 s"),
        (59_950_000, "1 min 00 s"),
        (307_000_000, "5 min 07 s"),
        (3_720_000_000, "1 h 02 min"),
        (259_200_000_000, "3 days"),
    ],
)
def test_durations_have_the_unit_that_people_say(us: int, words: str) -> None:
    assert wording.duration(us) == words


def test_seconds_of_headers_are_told_in_longer_units_too() -> None:
    assert [wording.seconds(count) for count in (60, 90, 1800, 3600, 3661)] == [
        "60 s",
        "90 s",
        "1800 s (30 min)",
        "3600 s (1 h)",
        "3661 s (1 h 01 min)",
    ]


def test_lists_end_with_and_and_do_not_run_on() -> None:
    assert wording.listed(["a"]) == "a" and wording.listed([]) == ""
    assert wording.listed(["a", "b", "a", "c"]) == "a, b and c"
    assert wording.listed(str(n) for n in range(9)) == "0, 1, 2, 3, 4, 5 and 3 more"


def test_counts_are_words() -> None:
    assert [wording.times(count) for count in (1, 2, 3)] == ["once", "twice", "3 times"]
    assert [wording.counted(count, "stream") for count in (1, 2)] == ["1 stream", "2 streams"]


def test_methods_have_their_article() -> None:
    assert [wording.method(name) for name in ("INVITE", "BYE", "")] == ["an INVITE", "a BYE", "a request"]


def test_text_of_the_network_is_one_short_line_that_can_be_drawn() -> None:
    assert wording.quoted("a\r\n b\u202e\x00\udcff") == "a b\ufffd\ufffd\ufffd"
    assert wording.quoted("x" * 100) == "x" * 59 + "…"


def test_hops_are_told_by_address_and_by_port_where_a_host_talks_to_itself() -> None:
    view = View(written("0 A>B INVITE", "9 B>A 200 INVITE"), None, 0)
    (one,) = view.transactions
    assert (wording.hop(one), wording.hop(one, back=True)) == ("10.0.0.1 → 10.0.0.2", "10.0.0.2 → 10.0.0.1")
    assert (wording.client(one), wording.server(one), wording.verb(one)) == ("10.0.0.1", "10.0.0.2", "INVITE")
    first, answer = view.messages
    assert (wording.sender(answer), wording.receiver(answer)) == ("10.0.0.2", "10.0.0.1")
    (alone,) = View(written("0 A>A INVITE"), None, 0).transactions
    assert wording.hop(alone) == "10.0.0.1:5060 → 10.0.0.1:5060" == wording.hop_of(alone.first)
    assert wording.hop_of(first) == "10.0.0.1 → 10.0.0.2"


def test_a_response_is_told_with_its_own_phrase_or_the_usual_one() -> None:
    row = written("0 B>A 486 INVITE phrase=Besetzt")[0]
    assert wording.response(Seen(row, 0, 0)) == "486 Besetzt"
    row.reply_reason = ""
    assert wording.response(Seen(row, 0, 0)) == "486 Busy Here"


def test_a_host_without_an_address_has_words_too() -> None:
    assert wording.host("") == "an unknown host"
