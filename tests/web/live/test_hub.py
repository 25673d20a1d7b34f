import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from appliance.buffer import connection, live
from appliance.buffer.connection import AsyncClient
from appliance.buffer.live import Channel
from appliance.model.quality import LogRow, QualityRow
from appliance.model.rows import MessageRow
from appliance.query.parse import parse
from appliance.settings import RedisSettings
from appliance.storage import announced, announced_reports
from appliance.web.live import hub as hubs
from appliance.web.live.hub import Hub, TooMany
from appliance.web.live.told import Shown
from appliance.web.live.watcher import Watcher
from tests.new_rows import INVITE, OPTIONS, new_row, reporting
from tests.storage.measured import STREAM
from tests.storage.search.stored import a_call

ROWS = [announced.Stored(number, new_row(payload)) for number, payload in enumerate((INVITE, OPTIONS, OPTIONS))]


@asynccontextmanager
async def running(client: AsyncClient) -> AsyncIterator[Hub]:
    hub = Hub(client, "hep1")
    task = asyncio.ensure_future(hub.run())
    yield hub
    task.cancel()
    await asyncio.wait([task], timeout=5)
    assert task.cancelled()


@pytest.fixture
async def client(redis: RedisSettings) -> AsyncIterator[AsyncClient]:
    opened = connection.open_async(redis)
    yield opened
    await opened.aclose()


async def wanted(client: AsyncClient, *expected: Channel) -> None:
    async with asyncio.timeout(60):
        while await live.wanted(client, tuple(Channel)) != set(expected):
            await asyncio.sleep(0.02)


async def found(watcher: Watcher, count: int) -> list[str]:
    """Methods of this many rows."""
    rows: list[Shown] = []
    async with asyncio.timeout(60):
        while len(rows) < count:
            rows += watcher.take()
            await asyncio.sleep(0.02)
    return sorted(row.method for row in rows if isinstance(row, MessageRow))


async def test_all_who_watch_share_one_connection_and_none_is_open_without_them(client: AsyncClient) -> None:
    async with running(client) as hub:
        await asyncio.sleep(0.1)
        assert not await live.wanted(client, tuple(Channel))
        one, other = hub.watch(1, parse("method:INVITE").root), hub.watch(2, None)
        await wanted(client, Channel.ROWS)
        assert (await client.pubsub_numsub("hepbox:live:rows:0"))[0][1] == 1
        await live.tell(client, Channel.ROWS, announced.encoded(3, ROWS, texts=False))
        assert await found(one, 1) == ["INVITE"]
        assert await found(other, 3) == ["INVITE", "OPTIONS", "OPTIONS"]
        hub.leave(one)
        await live.tell(client, Channel.ROWS, announced.encoded(3, ROWS[:1], texts=False))
        assert await found(other, 1) == ["INVITE"]
        assert one.take() == []
        hub.leave(other)
        await wanted(client)


async def test_octets_are_asked_for_while_a_query_needs_them(client: AsyncClient) -> None:
    async with running(client) as hub:
        plain, reading = hub.watch(1, None), hub.watch(1, parse("text:al*ice").root)
        await wanted(client, Channel.TEXTS)
        await live.tell(client, Channel.TEXTS, announced.encoded(3, ROWS, texts=True))
        assert await found(reading, 1) == ["INVITE"]
        assert len(await found(plain, 3)) == 3
        hub.leave(reading)
        await wanted(client, Channel.ROWS)


async def test_calls_are_heard_beside_messages(client: AsyncClient) -> None:
    async with running(client) as hub:
        messages, calls = hub.watch(1, None), hub.watch(1, parse("from:alice").root, "calls")
        await wanted(client, Channel.ROWS, Channel.CALLS)
        told = [a_call("one"), a_call("two", from_user="bob")]
        await live.tell(client, Channel.CALLS, announced.encoded_calls(2, told))
        await live.tell(client, Channel.ROWS, announced.encoded(3, ROWS, texts=False))
        assert len(await found(messages, 3)) == 3
        async with asyncio.timeout(60):
            while not (shown := calls.take()):
                await asyncio.sleep(0.02)
        assert shown == told[:1]
        assert messages.rates.stored == 3 and calls.rates.stored == 2


async def test_reports_and_lines_of_logs_are_heard(client: AsyncClient) -> None:
    line, report = new_row(b"a log line", 100), reporting(STREAM, replace(STREAM, mos=None))
    packets = [announced.Stored(1, line), announced.Stored(2, report)]
    async with running(client) as hub:
        reports, logs = hub.watch(1, parse("mos:>1").root, "quality"), hub.watch(1, parse("text:log").root, "logs")
        await wanted(client, Channel.REPORTS, Channel.TEXTS)
        await live.tell(client, Channel.TEXTS, announced.encoded(5, packets, texts=True))
        await live.tell(client, Channel.REPORTS, announced_reports.encoded(*announced_reports.lines(packets, 10)))
        async with asyncio.timeout(60):
            while not (lines := logs.take()):
                await asyncio.sleep(0.02)
            while not (told := reports.take()):
                await asyncio.sleep(0.02)
        assert [row.text for row in lines if isinstance(row, LogRow)] == ["a log line"]
        assert all(isinstance(row, QualityRow) and row.measured.mos for row in told) and told
        assert logs.rates.words.endswith("5 messages/s") and "reports/s" in reports.rates.words


async def test_streams_are_bounded_for_each_and_for_all(client: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub(client, "hep1")
    mine = [hub.watch(1, None) for _ in range(hubs.MOST_OF_ONE)]
    with pytest.raises(TooMany, match="close one"):
        hub.watch(1, None)
    hub.leave(mine[0])
    hub.watch(1, None)
    monkeypatch.setattr(hubs, "MOST", hubs.MOST_OF_ONE + 1)
    hub.watch(2, None)
    with pytest.raises(TooMany, match="Too many people"):
        hub.watch(3, None)


async def test_a_redis_that_is_away_is_waited_for(redis: RedisSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "RETRY_SECONDS", 0.05)
    assert redis.socket is not None
    client = connection.open_async(RedisSettings(socket=redis.socket.with_name("later")))
    async with running(client) as hub:
        watcher = hub.watch(1, None)
        await asyncio.sleep(0.2)
        assert hub.hears is False
        redis.socket.with_name("later").symlink_to(redis.socket)
        await wanted(client, Channel.ROWS)
        await live.tell(client, Channel.ROWS, announced.encoded(1, ROWS[:1], texts=False))
        assert await found(watcher, 1) == ["INVITE"]
        assert hub.hears
    await client.aclose()


async def test_what_another_version_tells_is_passed_over(client: AsyncClient) -> None:
    async with running(client) as hub:
        watcher = hub.watch(1, None)
        await wanted(client, Channel.ROWS)
        await live.tell(client, Channel.ROWS, b"something else")
        await live.tell(client, Channel.ROWS, announced.encoded(1, ROWS[:1], texts=False))
        assert await found(watcher, 1) == ["INVITE"]


async def test_what_takes_too_long_to_read_is_left(client: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "READ_SECONDS", -1.0)
    async with running(client) as hub:
        watcher = hub.watch(1, None)
        await wanted(client, Channel.ROWS)
        many = [replace(ROWS[0], id=number) for number in range(hubs.AT_ONCE * 3)]
        await live.tell(client, Channel.ROWS, announced.encoded(len(many), many, texts=False))
        await found(watcher, 100)
        assert watcher.rates.looked == hubs.AT_ONCE
        assert watcher.rates.is_sampled
