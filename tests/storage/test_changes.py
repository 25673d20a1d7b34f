import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.settings import MysqlSettings
from appliance.storage import changes
from appliance.storage.bundle import Bundle, CallChange, Lowest
from appliance.storage.changes import decoded, encoded
from appliance.storage.connection import Database
from appliance.storage.store import Store

LINES = st.binary(min_size=1, max_size=40).map(lambda line: line.replace(b"\n", b"\\n"))
CHANGES = st.builds(
    CallChange, st.binary(max_size=300), st.integers(0, 2**63), st.integers(0, 2**63), st.lists(LINES, max_size=4)
)

OPINIONS = st.tuples(st.integers(100, 500), st.integers(0, 2**63))


@given(st.lists(CHANGES, max_size=10))
def test_changes_come_back_as_they_were_noted(noted: list[CallChange]) -> None:
    found, opinions, _ = decoded(encoded(noted))
    assert (list(found), opinions) == (noted, ())


@given(st.lists(CHANGES, max_size=3), st.dictionaries(st.binary(max_size=300), OPINIONS, max_size=5))
def test_what_was_heard_of_a_mos_comes_back_beside_the_changes(
    noted: list[CallChange], told: dict[bytes, Lowest]
) -> None:
    found, opinions, _ = decoded(encoded(noted, told))
    assert (list(found), dict(opinions)) == (noted, told)


def test_a_callid_longer_than_any_datagram_is_cut() -> None:
    ((change,), _, _) = decoded(encoded([CallChange(b"x" * 70_000, 1, 2)]))
    assert change.callid == b"x" * 65_535


async def note(mysql: MysqlSettings, name: str, at: float) -> None:
    store = Store(mysql, 1, lambda: at)
    await store.store(Bundle([(name, 0)], [], [CallChange(name.encode(), 1, 2)]))
    await store.close()


async def test_only_notes_that_are_not_known_are_read_oldest_first(tables: Database, mysql: MysqlSettings) -> None:
    for name, at in (("late", 30.0), ("early", 10.0), ("between", 20.0)):
        await note(mysql, name, at)
    known = {"between"}
    found = await changes.noted(tables, known)
    assert [(note.batch, note.noted_us) for note in found] == [("early", 10_000_000), ("late", 30_000_000)]
    assert known == {"between"}


async def test_what_is_known_and_gone_is_forgotten(tables: Database, mysql: MysqlSettings) -> None:
    await note(mysql, "there", 1.0)
    known = {"there", "gone"}
    assert await changes.noted(tables, known) == []
    assert known == {"there"}


async def test_notes_go_with_the_transaction_that_settled_them(tables: Database, mysql: MysqlSettings) -> None:
    await note(mysql, "one", 1.0)
    await note(mysql, "two", 2.0)
    with pytest.raises(RuntimeError):
        async with tables.transaction() as cursor:
            await changes.settled(cursor, ["one", "two"])
            raise RuntimeError
    assert len(await changes.noted(tables, set())) == 2
    async with tables.transaction() as cursor:
        await changes.settled(cursor, ["one"])
        await changes.settled(cursor, [])
    assert [note.batch for note in await changes.noted(tables, set())] == ["two"]


def test_hours_of_registers_come_back_among_the_rest() -> None:
    noted = [CallChange(b"a", 1, 2, [b"line"])]
    changes, opinions, registered = decoded(encoded(noted, {b"b": (430, 7)}, {1 << 60: (5, 9), 3: (1, 1)}))
    assert ([change.callid for change in changes], opinions) == ([b"a"], ((b"b", (430, 7)),))
    assert registered == ((1 << 60, 5, 9), (3, 1, 1))
