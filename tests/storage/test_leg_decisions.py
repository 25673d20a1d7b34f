from appliance.storage import changes, leg_decisions
from appliance.storage.bundle import CallChange
from appliance.storage.connection import Database
from appliance.storage.leg_decisions import Decision


def call(callid: bytes) -> CallChange:
    return CallChange(callid, 1_000, 2_000)


async def test_the_last_word_on_two_calls_holds_in_whatever_order_they_are_named(tables: Database) -> None:
    await leg_decisions.decide(tables, [(call(b"b"), call(b"a"))], True, "alice", 5)
    await leg_decisions.decide(tables, [(call(b"a"), call(b"b"))], False, "bob", 6)
    await leg_decisions.decide(tables, [(call(b"c"), call(b"b"))], True, "bob", 7)
    assert await leg_decisions.all_of(tables) == [Decision("b", "c", True, "bob"), Decision("a", "b", False, "bob")]
    assert await leg_decisions.about(tables, ["a", "z"]) == [Decision("a", "b", False, "bob")]
    assert await leg_decisions.about(tables, []) == []


async def test_the_settler_hears_of_every_call_once(tables: Database) -> None:
    await leg_decisions.decide(tables, [(call(b"a"), call(b"x")), (call(b"b"), call(b"x"))], False, "alice", 5)
    (note,) = await changes.noted(tables, set())
    assert leg_decisions.is_told_by(note.batch) and not leg_decisions.is_told_by("b-legs-1")
    assert [(change.callid, change.lines) for change in note.changes] == [(b"a", []), (b"x", []), (b"b", [])]


async def test_a_long_call_id_is_named_by_what_its_column_holds(tables: Database) -> None:
    long = "x" * 300
    assert leg_decisions.pair("z", long) == (long[:255], "z")
    await leg_decisions.decide(tables, [(call(long.encode()), call(b"a"))], True, "alice\udcff", 5)
    (found,) = await leg_decisions.about(tables, [long])
    assert found.other == long[:255]
