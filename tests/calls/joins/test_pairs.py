from dataclasses import replace

import pytest

from appliance.calls.joins.keys import keys_of
from appliance.calls.joins.pairs import Pairs
from tests.calls.joins.traffic import Habits, grid, legs_of, pairs_of, scored, windowed
from tests.calls.recorded import by_callid, recorded
from tests.captures import CAPTURES

SAMPLES = "NormB-sipnab/tests/pcap-samples"
MULTI_LEG = {
    f"{SAMPLES}/b2bua-asterisk.pcapng": ("M2Q0ZDc1", "37686afc"),
    "ntop-nDPI/tests/cfgs/default/pcap/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap": ("00e9d4a5", "SD490970"),
    "superfast1979-pcap2sipp/tests/example.pcap": ("000d3beb", "2148e6ae"),
}
"""Captures with calls of two Call-IDs, and how those begin."""


def joined_in(name: str) -> set[tuple[str, ...]]:
    legs = [leg for rows in by_callid(recorded(name)).values() for leg in legs_of(rows)]
    window = windowed(legs)
    _, edges = Pairs(window, lambda one, other: False).around([leg.place for leg in legs])
    ends = [(window.get(edge.one), window.get(edge.other)) for edge in edges if edge.joined]
    return {tuple(sorted(leg.callid[:8] for leg in pair if leg is not None)) for pair in ends}


@pytest.mark.parametrize("name", MULTI_LEG)
def test_the_legs_of_recorded_calls_are_joined_without_any_header(name: str) -> None:
    assert joined_in(name) == {tuple(sorted(MULTI_LEG[name]))}


def test_no_other_recording_has_calls_that_are_joined() -> None:
    names = [str(path.relative_to(CAPTURES)) for path in sorted(CAPTURES.rglob("*.pcap*"))]
    checked = [name for name in names if name not in MULTI_LEG and name.endswith((".pcap", ".pcapng"))]
    assert len(checked) > 30
    assert {name: found for name in checked if (found := joined_in(name))} == {}


def test_a_leg_of_a_recorded_carrier_call_is_found_by_its_icid() -> None:
    rows = by_callid(recorded("superfast1979-pcap2sipp/tests/example.pcap"))
    keys = [set(keys_of(callid, {row.leg_keys for row in found}, ())) for callid, found in rows.items()]
    shared = [one & other for place, one in enumerate(keys) for other in keys[:place] if one & other]
    assert [{(key.sort, key.value) for key in found} for found in shared] == [{("i", "000d3c47000d3c3-0@10.2.254.197")}]


@pytest.mark.parametrize("habits", list(grid()), ids=lambda habits: str(habits))
@pytest.mark.parametrize("numbers", [1, 5])
def test_of_fifty_calls_at_once_between_few_numbers_none_is_joined_wrongly(habits: Habits, numbers: int) -> None:
    """A thousand calls; the least recall is of two addresses, other numbers and other SDP all at once."""
    found = scored(replace(habits, numbers=numbers), seed=7)
    assert found.wrong == 0
    hard = habits.two_addresses and habits.rewritten and not habits.sdp_passed
    assert found.recall >= (0.85 if hard else 0.98)
    assert found.joined + found.possible >= 0.99 * found.pairs


@pytest.mark.parametrize("seconds", [3.0, 1.0])
def test_calls_that_nothing_sets_apart_stay_possible(seconds: float) -> None:
    """As a load generator makes them: one number, each call like every other, sixteen and fifty a second."""
    found = scored(Habits(numbers=1, seconds=seconds, by_machine=True, calls=500), seed=3)
    assert found.wrong == 0
    assert found.recall < 0.5
    assert found.possible > 0.4 * found.pairs


def test_a_decision_is_the_same_whether_made_at_once_or_call_by_call() -> None:
    legs = [leg for pair in pairs_of(Habits(calls=120, numbers=1)) for rows in pair for leg in legs_of(rows)]
    window = windowed(legs)
    _, all_edges = Pairs(window, lambda one, other: False).around([leg.place for leg in legs])
    kept: set[frozenset[tuple[int, int]]] = set()
    for leg in legs:
        touched, edges = Pairs(window, lambda one, other: False).around([leg.place])
        kept = {ends for ends in kept if not ends & touched}
        kept |= {frozenset((edge.one, edge.other)) for edge in edges if edge.joined}
    assert kept == {frozenset((edge.one, edge.other)) for edge in all_edges if edge.joined}


def test_a_pair_that_has_a_better_edge_needs_no_score_but_is_a_rival_still() -> None:
    legs = [leg for pair in pairs_of(Habits(calls=2, numbers=1, at_once=2)) for rows in pair for leg in legs_of(rows)]
    window = windowed(legs)
    places = [leg.place for leg in legs]
    _, edges = Pairs(window, lambda one, other: False).around(places)
    joined = {frozenset((edge.one, edge.other)) for edge in edges}
    assert frozenset(places[:2]) in joined
    _, left = Pairs(window, lambda one, other: False, lambda one, other: {one, other} == {*places[:2]}).around(places)
    assert {frozenset((edge.one, edge.other)) for edge in left} == joined - {frozenset(places[:2])}
