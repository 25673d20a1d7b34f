import pytest

from appliance.web.live.tally import WINDOW_SECONDS, Rates, Tally


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        (Rates(), "showing 0 of 0/s · 0 messages/s"),
        (Rates(4210, 4210, 1900, 40), "showing 40 of 1\u202f900/s · 4\u202f210 messages/s"),
        (Rates(0.4, 0.4, 0.2, 0.2), "showing 0.2 of 0.2/s · 0.4 messages/s"),
        (
            Rates(12_000, 2000, 400, 40),
            "showing 40 of about 2\u202f400/s · looked at 2\u202f000 of 12\u202f000 messages/s",
        ),
        (Rates(3, 3, 2, 2, "calls"), "showing 2 of 2/s · 3 calls/s"),
        (Rates(100, 0, 0, 0), "showing 0 of about 0/s · looked at 0 of 100 messages/s"),
    ],
)
def test_rates_are_said_in_a_line(rates: Rates, words: str) -> None:
    assert rates.words == words


def test_it_counts_over_a_few_seconds_and_forgets_what_was_before() -> None:
    tally = Tally(100.0)
    tally.add(100.5, stored=10, looked=10, found=4)
    tally.add(101.0, shown=2)
    assert tally.rates(101.0) == Rates(10, 10, 4, 2)
    assert tally.rates(102.0) == Rates(5, 5, 2, 1)
    tally.add(104.0, stored=20, looked=10)
    assert tally.rates(100.5 + WINDOW_SECONDS + 0.1) == Rates(20 / 5, 10 / 5, 0, 2 / 5)
    assert tally.rates(200.0) == Rates()
