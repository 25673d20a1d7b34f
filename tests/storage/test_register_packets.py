from dataclasses import replace
from itertools import count

import pytest

from appliance.model.ids import HOUR_US
from appliance.model.kinds import DailyTable, Kind
from appliance.model.registrations import BindingHour
from appliance.registrations.fold import fold
from appliance.settings import MysqlSettings
from appliance.storage import register_packets, registrations
from appliance.storage.connection import Database
from appliance.storage.store import Store
from tests.daily_database import DAY
from tests.registrations.made import HOUR, START_US, received, seen, told
from tests.registrations.stored import gathered

LINES = (
    "0 A>R REGISTER expires=300",
    "8 R>A 401",
    "20 A>R REGISTER cseq=2 expires=300 agent=Phone/1 instance=7 flow=1",
    "50 R>A 200 cseq=2 for=250 path=<sip:edge;lr> instance=7 flow=1",
)
BETWEEN = (START_US - HOUR_US, START_US + HOUR_US)
_WRITERS = count(1)


async def store(mysql: MysqlSettings, *lines: str, callid: str = "r1@made") -> None:
    writer = Store(mysql, next(_WRITERS), lambda: START_US / 1_000_000)
    await writer.store(gathered(received(told(*lines, callid=callid))).bundle)
    await writer.close()


async def read(tables: Database, *callids: bytes) -> list[BindingHour]:
    keys = register_packets.keys_of(registrations.unit_of(callid, START_US) for callid in callids)[DAY]
    found = [packet for _, packet in await register_packets.packets_of(tables, DAY, keys, BETWEEN)]
    return fold(found, HOUR)


async def test_packets_are_read_as_the_fold_wants_them(mysql: MysqlSettings, tables: Database) -> None:
    await store(mysql, *LINES)
    (row,) = await read(tables, b"r1@made")
    assert row == fold(seen(told(*LINES)), HOUR)[0]
    assert (row.path, row.instance, row.reg_id, row.expires_seconds) == ("<sip:edge;lr>", "urn:uuid:7", 1, 250)


async def test_octets_that_are_gone_leave_what_columns_say(mysql: MysqlSettings, tables: Database) -> None:
    await store(mysql, "0 A>R REGISTER contact=none", "8 R>A 403")
    await tables.execute(f"DELETE FROM `{DailyTable(DAY, Kind.REGISTRATION).texts}`")
    assert [(row.aor, row.status) for row in await read(tables, b"r1@made")] == [("alice@example.com", 403)]


async def test_a_flood_under_one_callid_does_not_hide_others(
    mysql: MysqlSettings, tables: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_packets, "MOST_AT_ONCE", 20)
    monkeypatch.setattr(register_packets, "MOST_PACKETS", 10)
    await store(mysql, *(f"{n} A>R REGISTER cseq={n}" for n in range(100)), callid="flood")
    await store(mysql, "90 A>R REGISTER contact=desk", "95 R>A 200 contact=desk")
    keys = register_packets.keys_of(registrations.unit_of(callid, START_US) for callid in (b"flood", b"r1@made"))[DAY]
    found = [packet.callid for _, packet in await register_packets.packets_of(tables, DAY, keys, BETWEEN)]
    assert (found.count("flood"), found.count("r1@made")) == (10, 2)


async def test_who_sends_our_separator_is_left_out_and_others_are_not(mysql: MysqlSettings, tables: Database) -> None:
    packets = told("0 A>R REGISTER agent=Phone", "8 R>A 403", callid="odd")
    odd = [replace(packet, payload=packet.payload.replace(b"Phone", b"a\x1f\x1d\x1eb")) for packet in packets]
    writer = Store(mysql, next(_WRITERS), lambda: START_US / 1_000_000)
    await writer.store(gathered(received(odd)).bundle)
    await writer.close()
    await store(mysql, *LINES)
    assert (await read(tables, b"odd"), len(await read(tables, b"r1@made"))) == ([], 1)
