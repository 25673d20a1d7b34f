from appliance.model.ids import HOUR_US
from appliance.model.packet import Packet
from appliance.settings import MysqlSettings
from appliance.storage import bindings, daily_tables
from appliance.storage.connection import Database
from appliance.storage.store import Store
from tests.registrations.made import START_US, received, told
from tests.registrations.stored import gathered
from tests.storage.search.registered import keep

SINCE, UNTIL = START_US - HOUR_US, START_US + 3 * HOUR_US


def packets() -> list[Packet]:
    """Two devices of alice, one of them in two hours, and one of bob."""
    lines = ["0 A>R REGISTER", "9 R>A 401", "20 A>R REGISTER cseq=2", "40 R>A 200 cseq=2 for=7200",
             "3600000 A>R REGISTER cseq=3", "3600009 R>A 200 cseq=3 for=7200"]  # fmt: skip
    desk = told("60000 A>R REGISTER contact=desk", "60009 R>A 403", callid="desk")
    bob = told("0 A>R REGISTER aor=bob@example.com", "9 R>A 200 aor=bob@example.com", callid="bob")
    return [*told(*lines), *desk, *bob]


async def test_the_bindings_of_an_address_of_record_with_their_hours(tables: Database) -> None:
    await keep(tables, packets())
    names = await daily_tables.all_names(tables)
    found = await bindings.of_aor(tables, names, "alice@example.com", SINCE, UNTIL)
    told_so = {binding.hours[0].contact: (len(binding.hours), len(binding.units)) for binding in found.values()}
    assert told_so == {"sip:alice@10.0.0.1:5060": (2, 2), "sip:desk@10.0.0.1:5060": (1, 1)}
    assert await bindings.of_aor(tables, names, "alice@example.com", SINCE, START_US) == {}
    assert len(await bindings.of_aor(tables, names, "bob@EXAMPLE.com", SINCE, UNTIL)) == 0, "kept in lower case"


async def test_the_exchanges_of_its_hours_are_read_once(mysql: MysqlSettings, tables: Database) -> None:
    store = Store(mysql, 1, lambda: START_US / 1_000_000)
    await store.store(gathered(received(packets())).bundle)
    await store.close()
    await keep(tables, packets())
    names = await daily_tables.all_names(tables)
    found = await bindings.of_aor(tables, names, "alice@example.com", SINCE, UNTIL)
    units = sorted({unit for binding in found.values() for unit in binding.units})
    exchanges = await bindings.exchanges_of(tables, names, units, (SINCE, UNTIL))
    assert sorted((one.status or 0, one.challenged) for one in exchanges) == [(200, 0), (200, 1), (403, 0)]
    early = await bindings.exchanges_of(tables, names, units, (SINCE, START_US + HOUR_US // 2))
    assert len(early) == 2
