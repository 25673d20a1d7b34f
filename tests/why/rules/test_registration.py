import pytest

from appliance.why.rules.registration import granted, registers
from appliance.why.view import View
from tests.why.cases import Case
from tests.why.written import told, written

HERE, THERE = "<sip:100@10.0.0.1>", "<sip:100@10.9.9.9>"


def bound(ms: int, cseq: int, seconds: int, contact: str = HERE) -> tuple[str, str]:
    return (
        f"{ms} A>B REGISTER cseq={cseq} to=100 | Contact: {contact} | Expires: {seconds}",
        f"{ms + 5} B>A 200 REGISTER cseq={cseq} to=100"
        + (f" | Contact: {THERE};expires=9, {contact};expires={seconds}" if seconds else ""),
    )


CASES = [
    Case(
        "registration-interval",
        "30 s was asked for, 60 s is the least.",
        written(f"0 A>B REGISTER | Contact: {HERE};expires=30", "9 B>A 423 REGISTER | Min-Expires: 60"),
        written(f"0 A>B REGISTER | Contact: {HERE};expires=30", "9 B>A 400 REGISTER | Min-Expires: 60"),
    ),
    Case(
        "registration-refused",
        "10.0.0.2 did not register 100@example.com: 404 Not Found.",
        written("0 A>B REGISTER to=100", "9 B>A 404 REGISTER to=100"),
        written("0 A>B REGISTER to=100", "9 B>A 401 REGISTER to=100"),
    ),
    Case(
        "registration-expired",
        "The registration for 60 s ended 40.0 s ago; no refresh was captured.",
        written(*bound(0, 1, 60)),
        written(*bound(0, 1, 120)),
        after_ms=100_000,
    ),
    Case(
        "registration-flapping",
        "The registration of 100 changed 3 times in 45.0 s.",
        written(*bound(0, 1, 60), *bound(15_000, 2, 0), *bound(30_000, 3, 60), *bound(45_000, 4, 0)),
        written(*bound(0, 1, 60), *bound(15_000, 2, 60), *bound(30_000, 3, 60), *bound(45_000, 4, 0)),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_tells_what_the_messages_say_and_no_more(case: Case) -> None:
    case.check()


def test_how_long_a_binding_lasts_is_told_by_its_own_contact() -> None:
    (one,) = registers(View(written(*bound(0, 1, 60)), None, 0))
    assert granted(one) == 60


def test_a_binding_that_was_taken_back_lasts_no_longer() -> None:
    (one,) = registers(View(written(*bound(0, 1, 0)), None, 0))
    assert granted(one) == 0
    assert told("registration-expired", written(*bound(0, 1, 0)), after_ms=999_999) == []
