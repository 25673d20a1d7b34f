from collections import Counter

import pytest

from appliance.calls.measures import ACD, ASR, ISA, MEASURES, NER, PDD, SEER, SER, Tally
from appliance.model.rows import CallState

TALLY = Tally(
    Counter(
        {("completed", 200): 4, ("answered", 200): 1, ("lost", 200): 1, ("busy", 486): 2, ("noanswer", 480): 1,
         ("noanswer", 408): 1, ("cancelled", 487): 1, ("rejected", 603): 1, ("rejected", 404): 2,
         ("redirected", 302): 2,
         ("failed", 503): 3, ("timeout", 0): 1, ("challenged", 407): 3, ("setup", 0): 5, ("partial", 0): 7}
    ),
    talked_ms=9000, talks=3, waited_ms=1000, waits=4,
)  # fmt: skip


def test_the_ratios_of_e_425_are_of_calls_that_came_to_something() -> None:
    came = 6 + 2 + 2 + 1 + 3 + 2 + 3 + 1
    assert ASR.parts(TALLY) == (6, came)
    assert NER.parts(TALLY) == (6 + 2 + 2 + 1 + 1, came)


def test_those_of_rfc_6076_are_of_calls_that_begun() -> None:
    begun = sum(TALLY.statuses.values()) - 7
    assert SER.parts(TALLY) == (6, begun - 2)
    assert SEER.parts(TALLY) == (6 + 2 + 1 + 1, begun - 2 - 3)
    assert ISA.parts(TALLY) == (1 + 3, begun)


def test_times_are_means_of_those_that_are_known() -> None:
    assert (ACD.of(TALLY), PDD.of(TALLY)) == (3000, 250)


def test_of_nothing_there_is_no_figure() -> None:
    assert [measure.of(Tally()) for measure in MEASURES] == [None] * len(MEASURES)


def test_tallies_are_added_up() -> None:
    found = Tally()
    found.add(TALLY)
    found.add(TALLY)
    assert (found.total, found.talks, found.waits) == (2 * TALLY.total, 6, 8)
    assert [measure.of(found) for measure in MEASURES] == [measure.of(TALLY) for measure in MEASURES]


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_says_what_it_is(measure: object) -> None:
    assert all(getattr(measure, name) for name in ("name", "title", "formula"))
    assert set(CallState)  # the states are those of call records
