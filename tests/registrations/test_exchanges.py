from appliance.registrations.exchanges import exchanges
from tests.registrations.made import at, seen, told


def brief(*lines: str) -> list[tuple[int, int | None, int]]:
    """(begun after, status, challenges) of each."""
    return [((one.started - at(0)) // 1000, one.status, one.challenged) for one in exchanges(seen(told(*lines)))]


def test_a_challenge_and_its_answer_are_one() -> None:
    assert brief("0 A>R REGISTER", "5 R>A 401", "9 A>R REGISTER cseq=2", "20 R>A 200 cseq=2") == [(0, 200, 1)]


def test_what_comes_much_later_is_another() -> None:
    assert brief("0 A>R REGISTER", "5 R>A 401", "60000 A>R REGISTER cseq=2", "60020 R>A 200 cseq=2") == [
        (0, 401, 0),
        (60000, 200, 0),
    ]


def test_a_device_that_begins_anew_uses_its_numbers_again() -> None:
    again = brief("0 A>R REGISTER", "5 R>A 200", "90000 A>R REGISTER port=6000", "90005 R>A 403 port=6000")
    assert again == [(0, 200, 0), (90000, 403, 0)]


def test_another_host_does_not_answer_the_challenge() -> None:
    assert brief("0 A>R REGISTER", "5 R>A 401", "9 B>R REGISTER cseq=2", "20 R>B 403 cseq=2") == [
        (0, 401, 0),
        (9, 403, 0),
    ]


def test_provisional_answers_are_no_answers_and_an_accepted_one_counts_before_others() -> None:
    assert brief("0 A>R REGISTER", "2 R>A 100") == [(0, None, 0)]
    assert brief("0 A>R REGISTER", "2 R>A 404", "9 R>A 200") == [(0, 200, 0)]


def test_an_answer_without_its_question_is_left_out() -> None:
    assert brief("0 R>A 200") == []
