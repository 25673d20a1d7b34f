from appliance.calls.dialogs import fold, together
from appliance.model.dialogs import DialogRow
from tests.calls.made import at, flow, seen_by


def row(*lines: str) -> DialogRow:
    found = fold(flow(*lines))
    assert found is not None
    return found


def test_a_request_and_its_answer_are_a_row() -> None:
    found = row("0 A>B OPTIONS", "40 B>A 200 OPTIONS")
    assert (found.method, found.status, found.response_ms, found.messages) == ("OPTIONS", 200, 40, 2)
    assert (found.started, found.ended) == (at(0), at(40))
    assert (found.source_ip, found.destination_ip, found.nodes) == ("10.0.0.1", "10.0.0.2", ("tap",))
    assert (found.dialogs, found.failed) == (1, 0)


def test_without_an_answer_it_failed() -> None:
    found = row("0 A>B MESSAGE", "500 A>B MESSAGE")
    assert (found.status, found.response_ms, found.failed) == (None, None, 1)
    assert row("0 A>B MESSAGE", "9 B>A 404 MESSAGE").failed == 1


def test_a_challenge_and_its_answer_are_one() -> None:
    found = row("0 A>B SUBSCRIBE", "9 B>A 401 SUBSCRIBE", "20 A>B SUBSCRIBE cseq=2", "50 B>A 202 SUBSCRIBE cseq=2",
                "60 B>A NOTIFY cseq=7 by=callee", "70 A>B 200 NOTIFY cseq=7 by=callee")  # fmt: skip
    assert (found.method, found.status, found.response_ms, found.messages) == ("SUBSCRIBE", 202, 30, 6)
    assert row("0 A>B PUBLISH", "9 B>A 401 PUBLISH").status == 401


def test_what_a_proxy_forwards_is_told_as_its_first_hop_told_it() -> None:
    found = row("0 A>P MESSAGE", "5 P>B MESSAGE", "30 B>P 200 MESSAGE", "36 P>A 200 MESSAGE")
    assert (found.source_ip, found.response_ms, found.messages) == ("10.0.0.1", 36, 4)


def test_copies_do_not_count() -> None:
    packets = flow("0 A>B OPTIONS", "40 B>A 200 OPTIONS")
    found = fold([*packets, *seen_by(packets, "other", 200)])
    assert found is not None
    assert (found.messages, found.nodes) == (2, ("other", "tap"))


def test_an_answer_alone_tells_what_was_asked() -> None:
    found = row("0 B>A 480 MESSAGE")
    assert (found.method, found.status, found.source_ip, found.response_ms) == ("MESSAGE", 480, "10.0.0.1", None)


def test_many_are_told_as_the_latest_with_how_many_failed() -> None:
    latest, earlier = row("9000 A>B OPTIONS", "9040 B>A 503 OPTIONS"), row("0 A>B OPTIONS", "40 B>A 200 OPTIONS")
    both = together(latest, earlier)
    assert (both.dialogs, both.failed, both.status, both.messages) == (2, 1, 503, 4)
    assert (both.started, both.ended) == (at(0), at(9040))


def test_nothing_is_no_row() -> None:
    assert fold([]) is None
