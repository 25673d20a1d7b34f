"""A thousand calls in two legs through a B2BUA, fifty at once between few numbers: joined rightly, or not at all."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from appliance.calls.joins.edge import Edge, Place
from appliance.model.ids import callid_hash
from appliance.storage import daily_tables, legs
from appliance.storage.connection import Database
from tests.agents.b2bua import MACHINE, PEOPLE, Habits, make_calls
from tests.appliance import Appliance, eventually, running
from tests.recorded.instance import Store

pytestmark = [pytest.mark.agents, pytest.mark.appliance, pytest.mark.timeout(420)]

COUNT = 1000
LEAST = 980
"""Calls whose both legs were made: a machine that does too much at once may lose one, and SIPp then gives up."""


@dataclass(frozen=True)
class Found:
    """What the appliance says, against what the B2BUA wrote down."""

    pairs: int
    joined: int
    possible: int
    """Right ones that a person is asked about."""
    wrong: int

    def __str__(self) -> str:
        return (
            f"{self.pairs} calls in two legs: {100 * self.joined / self.pairs:.1f} % joined,"
            f" {100 * self.possible / self.pairs:.1f} % possible, {self.wrong} joined wrongly"
        )


def found(appliance: Appliance, other: dict[str, str]) -> Found:
    """`other` is the second leg of each first one, by Call-ID."""
    store = Store(appliance)
    eventually(lambda: not store.ask(_waiting), 60)
    places, edges = store.ask(_edges)
    both = {(one, two) for one, two in other.items() if callid_hash(one.encode()) in places
            and callid_hash(two.encode()) in places}  # fmt: skip
    ours = {callid_hash(callid.encode()): callid for pair in both for callid in pair}
    said = {
        frozenset((ours.get(edge.one[1], "?"), ours.get(edge.other[1], "?"))): edge.joined
        for edge in edges
        if edge.one[1] in ours or edge.other[1] in ours
    }
    right = [said.get(frozenset(pair)) for pair in both]
    wrong = sum(joined for pair, joined in said.items() if pair not in {frozenset(pair) for pair in both})
    return Found(len(both), right.count(True), right.count(False), wrong)


async def _waiting(database: Database) -> int:
    rows = await database.fetch("SELECT COUNT(*) FROM call_changes")
    return int(rows[0][0])


async def _edges(database: Database) -> tuple[set[int], list[Edge]]:
    """Hashes of all calls' Call-IDs, and all edges."""
    names = await daily_tables.all_names(database)
    places: list[Place] = []
    for name in sorted(names):
        if name.startswith("calls_"):
            places += [
                (started, hash_) for started, hash_ in await database.fetch(f"SELECT started, hash FROM `{name}`")
            ]
    edges = await legs.edges_of(database, names, places)
    return {hash_ for _, hash_ in places}, [edge for some in edges.values() for edge in some]


def measured(directory: Path, count: int, habits: Habits) -> Found:
    with running() as appliance:
        return found(appliance, make_calls(directory / "calls", appliance.hep_port, count, habits))


@pytest.mark.parametrize("header", ["X-CID", ""], ids=["a header names the other leg", "nothing names it"])
def test_of_a_thousand_calls_no_pair_is_joined_wrongly(
    header: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = measured(tmp_path, COUNT, replace(PEOPLE, header=header))
    with capsys.disabled():
        print(f"\n{'by header' if header else 'by score'}: {seen}")
    assert seen.pairs >= LEAST
    assert seen.wrong == 0
    if header:
        assert seen.joined == seen.pairs
    else:
        assert seen.joined >= seen.pairs // 3
        assert seen.joined + seen.possible >= 0.97 * seen.pairs


def test_of_calls_that_nothing_sets_apart_people_are_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One number, each call like every other."""
    seen = measured(tmp_path, COUNT // 4, MACHINE)
    with capsys.disabled():
        print(f"\nby score, of a load generator: {seen}")
    assert seen.wrong == 0
    assert seen.possible > seen.pairs // 10
