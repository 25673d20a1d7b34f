from dataclasses import replace

import pytest

from appliance.model.kinds import Kind
from appliance.model.quality import QualityRow, ReportKind
from appliance.model.rows import CallState, Total
from appliance.storage.connection import Database
from appliance.storage.search import Question, search
from tests.storage.measured import report, stream
from tests.storage.search.asking import asked, callids, cases
from tests.storage.search.stored import HOUR, NOON, SECOND, Sent, a_call, store, store_calls

QUERIES = cases(
    """
    mos:<3.5                bad
    mos:3.85                good
    mos:>=3.85              good
    mos:*                   good,bad
    NOT mos:*               none
    loss:>5                 bad
    loss:3                  good
    loss:0..4               good
    jitter:>30ms            bad
    jitter:12ms             good
    codec:pcma              good,none
    codec:G7*               bad
    src:10.0.0.2            good,none
    src:10.0.0.2:40000      good,none
    dst:192.0.2.0/24        bad
    ip:10.0.0.1             good,none
    media:10.0.0.1:30000    good,none
    port:40000              good,none
    node:RTPENGINE          good,none
    agent:probe             bad
    callid:good             good
    callid:b*               bad
    leg:good                good
    kind:rtcp-xr            none
    kind:rtcp               good,none
    kind:report             bad
    kind:rtp-agent          bad
    state:busy              bad
    user:carol              bad
    good                    good
    192.0.2.9               bad
    mos:>3 OR loss:>5       good,bad
    "' OR 1=1"              -
    """
)


async def some(database: Database) -> None:
    await report(database, [stream()], b"good", NOON)
    bad = stream(
        kind=ReportKind.RTP_AGENT, mos=2.1, loss_percent=12.5, jitter_ms=45.0, codec="G729",
        source_ip="192.0.2.8", source_port=1000, destination_ip="192.0.2.9", destination_port=2000,
    )  # fmt: skip
    await report(database, [bad], b"bad", NOON - SECOND, kind=Kind.REPORT, node=b"probe")
    none = stream(kind=ReportKind.RTCP_XR, mos=None, loss_percent=None, jitter_ms=None)
    await report(database, [none], b"none", NOON - 2 * SECOND)
    await store_calls(database, [a_call("bad", state=CallState.BUSY, from_user="carol", started=NOON - 2 * SECOND)])


@pytest.fixture
async def reported(tables: Database) -> Database:
    await some(tables)
    return tables


async def test_each_field_finds_what_was_reported(reported: Database) -> None:
    for line, wanted in QUERIES:
        assert ",".join(await callids(reported, line, "quality")) == wanted, line


async def test_a_row_is_a_measured_stream_and_names_its_packet(reported: Database) -> None:
    (row,) = (await asked(reported, "callid:good", "quality")).rows
    assert isinstance(row, QualityRow)
    assert row.measured == stream(callid="good")
    assert row.id.startswith("hep1-rtcp-20261123-")


async def test_pages_neither_miss_nor_repeat_streams_of_one_packet(tables: Database) -> None:
    for packet in range(9):
        streams = [stream(source_port=1000 * packet + part + 1) for part in range(5)]
        await report(tables, streams, at=NOON + packet // 3 * 6 * HOUR, row=packet << 16)
    question = Question("", NOON, NOON + 24 * HOUR, "quality", limit=7)
    found: list[int] = []
    while True:
        page = await search(tables, "hep1", question)
        assert page.total == Total(45, exact=True)
        found += [row.measured.source_port for row in page.rows if isinstance(row, QualityRow)]
        if page.next is None:
            break
        question = replace(question, cursor=page.next)
    assert len(found) == len(set(found)) == 45


async def test_calls_and_messages_are_found_by_what_was_reported_of_them(tables: Database) -> None:
    await store_calls(tables, [a_call("lossy", mos=3.1), a_call("clean", started=NOON + 1)])
    await store(tables, [Sent(callid=b"lossy"), Sent(callid=b"clean", at=NOON + 1)])
    await report(tables, [stream(loss_percent=0.0), stream(loss_percent=7.25)], b"lossy", NOON + SECOND)
    await report(tables, [stream(loss_percent=50.0)], b"", NOON + SECOND, row=9 << 16)
    for view in ("calls", "messages"):
        assert await callids(tables, "loss:>5", view) == ["lossy"]
        assert await callids(tables, "NOT loss:>5", view) == ["clean"]
        assert await callids(tables, "jitter:>10ms", view) == ["lossy"]
        assert await callids(tables, "mos:<3.5", view) == ["lossy"]


async def test_a_database_without_tables_of_quality_has_no_rows(database: Database) -> None:
    assert (await asked(database, "mos:<3", "quality")).rows == ()
