from appliance.model.kinds import DailyTable, Kind, day_of
from appliance.query.parse import parse
from appliance.query.tree import Term
from appliance.storage import texts
from appliance.storage.connection import Database
from appliance.storage.search.octet_truths import OctetTruths
from tests.storage.search.stored import NOON, Sent, store

TABLE = DailyTable(day_of(NOON), Kind.CALL)


def term(line: str) -> Term:
    root = parse(line).root
    assert isinstance(root, Term)
    return root


async def test_a_term_holds_of_a_callid_when_one_of_its_messages_fulfils_it(database: Database) -> None:
    await store(database, [Sent(payload=b"red"), Sent(payload=b"green"), Sent(payload=b"blue")])
    truths = OctetTruths(database)
    red, blue = truths.of(term("text:red")), truths.of(term("text:blue"))
    await truths.read(TABLE, [(7, texts.row_id(1, 0)), (7, texts.row_id(1, 1)), (8, texts.row_id(1, 2))])
    assert (red([7]), red([8]), red([8, 7]), blue([7]), blue([8])) == (True, False, True, False, True)
    truths.forget()
    assert not red([7])


async def test_what_cannot_be_read_fulfils_nothing(database: Database) -> None:
    await store(database, [Sent(payload=b"red"), Sent(payload=b"green")])
    await database.execute(f"UPDATE `{TABLE.texts}` SET body = %s", (b"no block",))
    truths = OctetTruths(database)
    anything = truths.of(term("text:/.*/"))
    red = truths.of(term("text:red"))
    await truths.read(TABLE, [(7, texts.row_id(1, 0)), (8, texts.row_id(9, 0))])
    assert (red([7]), red([8]), anything([7])) == (False, False, True)
