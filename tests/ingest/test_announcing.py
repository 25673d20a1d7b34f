import pytest

from appliance.buffer import connection, live
from appliance.buffer.connection import AsyncClient
from appliance.buffer.live import Channel, Listening
from appliance.ingest import announcing
from appliance.ingest.announcing import Announcing
from appliance.settings import RedisSettings
from appliance.storage import announced
from appliance.storage.bundle import Bundle
from tests.new_rows import OPTIONS, new_row
from tests.storage.search.stored import a_call

ROW = new_row(OPTIONS)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def bundle(rows: int) -> Bundle:
    made = [ROW] * rows
    return Bundle(rows=made, blocks=[(1, made)])


async def numbers(listening: Listening) -> list[tuple[int, int, bool]]:
    """Of each thing that is told: how many rows were stored, how many are told, whether with their octets."""
    found = []
    while True:
        heard = await listening.next(0.1) or await listening.next(0.1)
        if heard is None:
            return found
        count, rows = announced.decoded("hep1", heard[1])
        told = list(rows)
        found.append((count, len(told), bool(told) and told[0].raw == OPTIONS))


async def commands(client: AsyncClient) -> dict[str, int]:
    """How often each command was sent."""
    stats = await client.info("commandstats")
    return {name.removeprefix("cmdstat_"): values["calls"] for name, values in stats.items()}


async def test_nothing_is_told_and_hardly_anything_asked_while_nobody_watches(client: AsyncClient) -> None:
    clock = Clock()
    telling = Announcing(client, clock)
    await client.config_resetstat()
    for _ in range(100):
        clock.now += 0.02
        await telling.tell(bundle(1000))
    sent = await commands(client)
    assert "publish" not in sent
    assert 4 <= sent["pubsub|numsub"] <= 5


async def test_who_comes_is_told_what_is_wanted_and_who_goes_no_more(client: AsyncClient) -> None:
    clock = Clock()
    telling = Announcing(client, clock)
    async with Listening(client) as rows, Listening(client) as texts:
        await rows.to([Channel.ROWS])
        await telling.tell(bundle(3))
        await texts.to([Channel.TEXTS])
        clock.now += announcing.ASK_EVERY_SECONDS
        await telling.tell(bundle(2))
        assert await numbers(rows) == [(3, 3, False), (2, 2, False)]
        assert await numbers(texts) == [(2, 2, True)]
    await client.config_resetstat()
    clock.now += announcing.ASK_EVERY_SECONDS
    await telling.tell(bundle(1))
    assert "publish" not in await commands(client)


async def test_of_a_flood_a_bounded_number_is_told_and_all_are_counted(client: AsyncClient) -> None:
    clock = Clock()
    telling = Announcing(client, clock)
    async with Listening(client) as rows:
        await rows.to([Channel.ROWS])
        for _ in range(10):
            await telling.tell(bundle(4000))
            clock.now += 0.25
        told = await numbers(rows)
    assert [count for count, _, _ in told] == [4000] * 10
    assert sum(rows for _, rows, _ in told) == announcing.PER_SECOND[Channel.ROWS] * (1 + 9 * 0.25)


async def test_calls_are_told_to_who_watches_calls(client: AsyncClient) -> None:
    clock = Clock()
    telling = Announcing(client, clock)
    calls = [a_call(f"c{number}") for number in range(announcing.PER_SECOND[Channel.CALLS] + 100)]
    async with Listening(client) as listening:
        await listening.to([Channel.CALLS])
        await telling.tell_calls([])
        await telling.tell_calls(calls[:3])
        await telling.tell_calls(calls)
        told = []
        while (heard := await listening.next(0.2) or await listening.next(0.2)) is not None:
            count, records = announced.decoded_calls(heard[1])
            told.append((count, list(records)))
    assert told[0] == (3, calls[:3])
    assert (told[1][0], len(told[1][1])) == (len(calls), announcing.PER_SECOND[Channel.CALLS] - 3)
    assert len(told) == 2


async def test_a_redis_that_is_away_is_passed_over(redis: RedisSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    away = connection.open_async(RedisSettings(socket=redis.socket.with_name("away") if redis.socket else None))
    await Announcing(away).tell(bundle(1))
    asked = []

    async def wanted(*_: object) -> frozenset[Channel]:
        asked.append(True)
        return frozenset({Channel.ROWS})

    monkeypatch.setattr(live, "wanted", wanted)
    clock = Clock()
    telling = Announcing(away, clock)
    await telling.tell(bundle(1))
    await telling.tell(bundle(1))
    assert asked == [True]
    await away.aclose()


async def test_a_redis_that_hangs_is_seldom_waited_for(client: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    asked = 0

    async def hanging(*_: object) -> frozenset[Channel]:
        nonlocal asked
        asked += 1
        clock.now += connection.TIMEOUT_SECONDS
        raise connection.BufferError("no answer in time")

    monkeypatch.setattr(live, "wanted", hanging)
    telling, begun = Announcing(client, clock), clock.now
    while clock.now < begun + 600:
        clock.now += 0.1
        await telling.tell(bundle(1))
    assert 2 <= asked <= 600 / (connection.TIMEOUT_SECONDS * announcing.PATIENCE) + 1
    monkeypatch.undo()
    clock.now += connection.TIMEOUT_SECONDS * announcing.PATIENCE
    async with Listening(client) as rows:
        await rows.to([Channel.ROWS])
        await telling.tell(bundle(2))
        assert await numbers(rows) == [(2, 2, False)]
