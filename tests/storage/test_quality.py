from dataclasses import replace
from datetime import date

from appliance.model.ids import callid_hash, callid_key
from appliance.model.kinds import day_of, quality_table
from appliance.model.quality import ReportKind
from appliance.quality.scored import scored
from appliance.storage import daily_tables
from appliance.storage.connection import Database
from appliance.storage.media_ends import End
from appliance.storage.quality import MOST_REPORTS, lowest_mos, of_call
from tests.storage.measured import STREAM, report, stream
from tests.storage.search.stored import HOUR, NOON, SECOND, a_call, store_calls


async def found(
    database: Database, callids: list[str], media: list[End] | None = None, to: int = NOON + 10 * SECOND
) -> list[tuple[str, int]]:
    names = await daily_tables.all_names(database)
    rows = await of_call(database, names, callids, media or [], NOON - 10 * SECOND, to, "hep1")
    return [(row.callid, row.measured.source_port) for row in rows]


async def test_a_call_has_the_reports_of_its_call_ids_in_order_of_time(tables: Database) -> None:
    await report(tables, [stream(source_port=2), stream(source_port=3)], at=NOON + SECOND, row=2)
    await report(tables, [stream(source_port=1)], callid=b"leg-2", row=3)
    await report(tables, callid=b"another", row=4)
    assert await found(tables, ["call-1@pc33", "leg-2"]) == [("leg-2", 1), ("call-1@pc33", 2), ("call-1@pc33", 3)]


async def test_a_row_says_what_was_reported_and_names_its_packet(tables: Database) -> None:
    await report(tables)
    names = await daily_tables.all_names(tables)
    (row,) = await of_call(tables, names, ["call-1@pc33"], [], NOON, NOON, "hep1")
    assert row.measured == stream(callid="call-1@pc33")
    assert row.id.startswith("hep1-rtcp-20261123-")
    assert (row.ts, row.callid, row.node) == (NOON, "call-1@pc33", "rtpengine")


async def test_a_computed_mos_comes_back_with_its_words_and_its_r_factor(tables: Database) -> None:
    computed = scored(stream(mos=None, mos_model=""))
    await report(tables, [computed])
    names = await daily_tables.all_names(tables)
    (row,) = await of_call(tables, names, ["call-1@pc33"], [], NOON, NOON, "hep1")
    assert row.measured == replace(computed, callid="call-1@pc33")
    assert row.measured.mos_model.startswith("E-model: PCMA with PLC, loss 3.00 %, delay 44 ms")
    assert row.measured.r_factor == 82.0


async def test_what_the_sender_of_a_report_sent_is_a_stream_of_its_own(tables: Database) -> None:
    await report(tables, [stream(sent_ssrc=7, sent_packets=501)])
    names = await daily_tables.all_names(tables)
    sent, received = await of_call(tables, names, ["call-1@pc33"], [], NOON, NOON, "hep1")
    assert (sent.measured.told, sent.measured.ssrc, sent.measured.packets) == ("sent", 7, 501)
    assert received.measured == stream(callid="call-1@pc33")
    assert sent.id == received.id


async def test_a_report_without_a_call_is_found_by_either_end_of_the_stream(tables: Database) -> None:
    await report(tables, callid=b"")
    assert len(await found(tables, ["x"], [("10.0.0.2", 40000)])) == 1
    assert len(await found(tables, ["x"], [("10.0.0.1", 30000)])) == 1
    assert len(await found(tables, ["x"], [("10.0.0.1", 30000), ("10.0.0.2", 40000)])) == 1
    assert await found(tables, ["x"], [("10.0.0.1", 30002), ("10.0.0.3", 40000)]) == []


async def test_ports_of_rtcp_and_odd_ports_of_rtp_are_found_and_neighbours_are_not(tables: Database) -> None:
    await report(tables, [stream(source_port=40001, destination_port=61234)], callid=b"")
    assert len(await found(tables, [], [("10.0.0.2", 40000)])) == 1
    assert len(await found(tables, [], [("10.0.0.2", 40001)])) == 1
    assert await found(tables, [], [("10.0.0.2", 40002)]) == []
    assert await found(tables, [], [("10.0.0.2", 39999)]) == []


async def test_behind_a_nat_the_other_end_is_enough(tables: Database) -> None:
    behind = stream(source_ip="203.0.113.5", source_port=61235, destination_ip="198.51.100.1", destination_port=30001)
    await report(tables, [behind], callid=b"")
    assert len(await found(tables, [], [("192.168.1.10", 4000), ("198.51.100.1", 30000)])) == 1


async def test_an_id_that_no_call_has_does_not_hide_a_report(tables: Database) -> None:
    await report(tables, callid=b"PJSIP/alice-00000001")
    assert len(await found(tables, ["call-1"], [("10.0.0.2", 40000)])) == 1


async def test_reports_of_another_call_at_the_same_address_stay_with_it(tables: Database) -> None:
    await store_calls(tables, [a_call("other-call", started=NOON - 20 * SECOND)])
    await report(tables, callid=b"other-call")
    assert await found(tables, ["call-1"], [("10.0.0.2", 40000)]) == []


async def test_a_port_used_again_later_brings_no_reports_of_then(tables: Database) -> None:
    await report(tables, callid=b"", at=NOON + HOUR)
    await report(tables, callid=b"", at=NOON + 60 * SECOND, row=2 << 16)
    assert await found(tables, [], [("10.0.0.2", 40000)]) == []
    assert len(await found(tables, [], [("10.0.0.2", 40000)], to=NOON + 50 * SECOND)) == 1


async def test_a_call_over_midnight_has_the_reports_of_both_days(tables: Database) -> None:
    midnight = NOON + 12 * HOUR
    await report(tables, at=midnight - SECOND)
    await report(tables, at=midnight, callid=b"", row=2 << 16)
    assert len(await found(tables, ["call-1@pc33"], [("10.0.0.1", 30000)], to=midnight + SECOND)) == 2


async def test_a_database_without_tables_of_quality_has_no_reports(database: Database) -> None:
    assert await found(database, ["call-1@pc33"], [("10.0.0.2", 40000)]) == []


async def test_the_newest_reports_are_read_of_very_many(tables: Database) -> None:
    for row in range(MOST_REPORTS // 50 + 1):
        await report(tables, [STREAM] * 50, row=row << 16, at=NOON + row)
    assert len(await found(tables, ["call-1@pc33"])) == MOST_REPORTS


async def test_a_message_seen_at_two_hops_tells_its_figures_once(tables: Database) -> None:
    said = stream(kind=ReportKind.RTP_STAT)
    for row, later in ((1, 0), (2, SECOND), (3, 60 * SECOND)):
        await report(tables, [said], at=NOON + later, row=row << 16)
    assert len(await found(tables, ["call-1@pc33"], to=NOON + 90 * SECOND)) == 2


async def test_the_worst_mos_of_calls_is_told_by_their_keys(tables: Database) -> None:
    await report(tables, [stream(mos=3.1), stream(mos=None), stream(mos=4.2)])
    await report(tables, [stream(mos=2.5)], at=NOON + HOUR)
    await report(tables, [stream(mos=1.5)], callid=b"another", row=8 << 16)
    await report(tables, [stream(mos=None)], callid=b"none", row=9 << 16)
    day = day_of(NOON)
    keys = [callid_key(callid, NOON + hour * HOUR) for callid in (b"call-1@pc33", b"none") for hour in (0, 1)]
    names = await daily_tables.all_names(tables)
    found = await lowest_mos(tables, names, {day: sorted(keys), date(2020, 1, 1): keys})
    assert found == {callid_hash(b"call-1@pc33"): 250}
    earlier = await lowest_mos(tables, names, {day: sorted(keys)}, NOON - SECOND, NOON + SECOND)
    assert earlier == {callid_hash(b"call-1@pc33"): 310}


async def test_the_index_alone_tells_the_worst_mos(tables: Database) -> None:
    await report(tables, [stream(mos=3.1)])
    plan = await tables.fetch(
        f"EXPLAIN SELECT callid_key, MIN(mos_hundredths) FROM {quality_table(day_of(NOON))}"
        " WHERE callid_key IN (1, 2, 3) AND mos_hundredths IS NOT NULL GROUP BY callid_key"
    )
    assert "Using index" in str(plan[0][-1])
