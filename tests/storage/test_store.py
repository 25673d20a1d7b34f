import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from appliance.buffer.batch import Origin, Record
from appliance.hep.encode import encode
from appliance.ingest.understand import Understanding
from appliance.model.ids import parse_message_id
from appliance.model.kinds import DailyTable, Kind, day_start_us
from appliance.model.packet import Packet
from appliance.settings import MysqlSettings
from appliance.storage import changes, daily_tables, messages
from appliance.storage.bundle import Bundle, CallChange, NewRow
from appliance.storage.connection import Database
from appliance.storage.faults import MissingTable, RefusedRows, RepeatedBatch, ServerAway
from appliance.storage.store import Store

DAY = date(2026, 11, 23)
NOON_US = day_start_us(DAY) + 12 * 3_600_000_000


def packet(payload: bytes, time_us: int = NOON_US) -> Packet:
    return Packet(3, 1, 17, "192.0.2.1", 5060, "192.0.2.2", 5060, time_us, 7, b"edge", b"", payload)


def sip(callid: bytes, body: bytes = b"") -> bytes:
    return (
        b"INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
        b"From: <sip:alice@example.com>;tag=a\r\nTo: <sip:bob@example.com>\r\nCall-ID: "
        + callid
        + b"\r\nCSeq: 1 INVITE\r\nContent-Length: %d\r\n\r\n" % len(body)
        + body
    )


def row(payload: bytes, time_us: int = NOON_US) -> NewRow:
    record = Record(time_us, "192.0.2.9", 9, Origin.UDP, encode(packet(payload, time_us)))
    understood = Understanding(("X-CID",), 10).understand(record)
    assert understood is not None
    return understood.row


def bundle(*rows: NewRow, name: str | None = None) -> Bundle:
    return Bundle([(name or secrets.token_hex(8), len(rows))], list(rows), [CallChange(b"a", 1, 2)])


@pytest.fixture
async def store(mysql: MysqlSettings) -> AsyncIterator[Store]:
    held = Store(mysql, 1)
    yield held
    await held.close()


async def stored(database: Database, callid: bytes) -> list[bytes]:
    found = await messages.call(database, "site", callid)
    return [row.raw or b"" for row in found.messages] if found else []


HARD_PAYLOADS = {
    "nul": sip(b"hard-nul", b"\x00\x00a\x00"),
    "not-utf8": sip(b"hard-not-utf8", b"\xff\xfe\x80"),
    "emoji": sip(b"hard-emoji", "📞☎️".encode()),
    "backslash-tab-newline": sip(b"hard-backslash-tab-newline", b"a\\tb\tc\\N\n\\"),
    "largest": sip(b"hard-largest", b"x" * 65_000),
    "leading-blank-lines": b"\r\n\r\n" + sip(b"hard-leading-blank-lines"),
    "bare-lf": sip(b"hard-bare-lf").replace(b"\r\n", b"\n"),
}


@pytest.mark.parametrize("name", HARD_PAYLOADS)
async def test_every_message_is_found_again_octet_for_octet(name: str, store: Store, tables: Database) -> None:
    payload = HARD_PAYLOADS[name]
    await store.store(bundle(row(payload)))
    assert await stored(tables, f"hard-{name}".encode()) == [payload]


async def test_a_message_of_a_mebibyte_is_kept_whole(store: Store, tables: Database) -> None:
    held = row(sip(b"mebibyte"))
    payload = sip(b"mebibyte", b"y" * (1 << 20))
    await store.store(bundle(replace(held, payload=payload)))
    assert await stored(tables, b"mebibyte") == [payload]


async def test_a_callid_with_tab_and_backslash_is_found(store: Store, tables: Database) -> None:
    await store.store(bundle(row(sip(b"odd\\\tid@host"))))
    assert len(await stored(tables, b"odd\\\tid@host")) == 1


async def test_a_batch_that_comes_again_is_refused_whole(store: Store, tables: Database) -> None:
    await store.store(bundle(row(sip(b"once")), name="batch-once"))
    with pytest.raises(RepeatedBatch):
        await store.store(bundle(row(sip(b"once")), row(sip(b"once-more")), name="batch-once"))
    assert len(await stored(tables, b"once")) == 1
    assert await stored(tables, b"once-more") == []


async def test_a_missing_table_is_told_apart_and_leaves_nothing_behind(store: Store, tables: Database) -> None:
    other_day = row(sip(b"early"), NOON_US - 3 * 86_400_000_000)
    with pytest.raises(MissingTable):
        await store.store(bundle(row(sip(b"with-early")), other_day, name="early"))
    assert await stored(tables, b"with-early") == []
    await daily_tables.ensure_days(tables, [other_day.table.day])
    await store.store(bundle(other_day, name="early"))
    assert len(await stored(tables, b"early")) == 1


async def test_a_row_that_the_server_would_change_is_refused_and_nothing_of_its_bundle_kept(
    store: Store, tables: Database
) -> None:
    good = row(sip(b"good-neighbour"))
    bad = replace(good, tail=good.tail.replace(b"\t5060\t", b"\t99999\t", 1))
    with pytest.raises(RefusedRows):
        await store.store(bundle(good, bad))
    assert await stored(tables, b"good-neighbour") == []
    assert await store.would_take([good])
    assert not await store.would_take([bad])
    assert await stored(tables, b"good-neighbour") == []


async def test_two_writers_at_one_microsecond_collide_nowhere(mysql: MysqlSettings, tables: Database) -> None:
    first, second = Store(mysql, 1, lambda: 1000.0), Store(mysql, 2, lambda: 1000.0)
    for held in (first, second, first):
        await held.store(bundle(row(sip(b"same-moment"))))
    assert len(await stored(tables, b"same-moment")) == 3
    await first.close()
    await second.close()


async def test_the_calls_that_changed_are_noted_with_the_batch(store: Store, tables: Database) -> None:
    await store.store(bundle(row(sip(b"noted")), name="noting"))
    notes = await changes.noted(tables, set())
    assert [note.changes for note in notes if note.batch == "noting"] == [(CallChange(b"a", 1, 2),)]


async def test_rows_of_batches_that_overlap_in_time_lie_in_the_order_of_time(store: Store, tables: Database) -> None:
    first, second = ([row(sip(b"%d" % after), NOON_US + after) for after in part] for part in ((1, 3, 5), (2, 4, 6)))
    await store.store(bundle(*first, *second))
    rows = await tables.fetch(f"SELECT micro_ts, id FROM `{first[0].table.name}` ORDER BY id")
    assert [time_us for time_us, _ in rows] == [NOON_US + after for after in range(1, 7)]
    for after in range(1, 7):
        assert await stored(tables, b"%d" % after) == [sip(b"%d" % after)]


async def test_a_message_is_read_by_its_id_and_only_by_it(store: Store, tables: Database) -> None:
    payload = sip(b"by-id")
    await store.store(bundle(row(payload)))
    found = await messages.call(tables, "site", b"by-id")
    assert found is not None
    message_id = parse_message_id(found.messages[0].id)
    one = await messages.message(tables, message_id)
    assert one is not None and one.raw == payload and one.from_user == "alice"
    assert await messages.message(tables, replace(message_id, row=message_id.row + 1)) is None
    assert await messages.message(tables, replace(message_id, day=date(1999, 1, 1))) is None


async def test_a_server_that_is_not_there_is_a_server_away(tmp_path: object) -> None:
    away = Store(MysqlSettings(host="127.0.0.1", port=1), 1)
    with pytest.raises(ServerAway):
        await away.store(bundle(row(sip(b"away"))))


def test_texts_lie_beside_the_rows() -> None:
    assert DailyTable(DAY, Kind.CALL).texts == "sip_capture_call_texts_20261123"
