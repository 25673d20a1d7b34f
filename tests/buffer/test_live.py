import asyncio

from appliance.buffer import connection, live
from appliance.buffer.connection import AsyncClient
from appliance.buffer.live import Channel, Listening
from appliance.settings import RedisSettings

ROWS, TEXTS, CALLS = Channel.ROWS, Channel.TEXTS, Channel.CALLS


async def heard(listening: Listening) -> tuple[Channel, bytes] | None:
    """What is told within a second; subscribing itself may be told first."""
    for _ in range(10):
        if (found := await listening.next(0.1)) is not None:
            return found
    return None


async def wanted(client: AsyncClient) -> set[Channel]:
    return set(await live.wanted(client, tuple(Channel)))


async def test_nobody_listens_at_first(client: AsyncClient) -> None:
    assert await wanted(client) == set()


async def test_what_is_told_is_heard_by_all_who_listen(client: AsyncClient) -> None:
    async with Listening(client) as one, Listening(client) as other:
        await one.to([ROWS])
        await other.to([ROWS, CALLS])
        assert await wanted(client) == {ROWS, CALLS}
        assert await live.wanted(client, [TEXTS, ROWS]) == {ROWS}
        await live.tell(client, ROWS, b"\x00\xff rows")
        assert await asyncio.gather(heard(one), heard(other)) == [(ROWS, b"\x00\xff rows")] * 2
        await live.tell(client, CALLS, b"calls")
        assert await heard(other) == (CALLS, b"calls")
        assert await heard(one) is None
    assert await wanted(client) == set()


async def test_who_wants_something_else_hears_that_alone(client: AsyncClient) -> None:
    async with Listening(client) as listening:
        for channels in ([ROWS, CALLS], [TEXTS, CALLS], [TEXTS, CALLS]):
            await listening.to(channels)
        assert await heard(listening) is None
        assert await wanted(client) == {TEXTS, CALLS}
        for channel in Channel:
            await live.tell(client, channel, channel.encode())
        assert await heard(listening) == (TEXTS, b"texts")
        assert await heard(listening) == (CALLS, b"calls")
        assert await heard(listening) is None


async def test_another_database_of_the_same_redis_is_not_heard(client: AsyncClient, redis: RedisSettings) -> None:
    other = connection.open_async(RedisSettings(url=f"unix://{redis.socket}?db=3"))
    async with Listening(client) as listening:
        await listening.to([ROWS])
        assert await wanted(other) == set()
        await live.tell(other, ROWS, b"theirs")
        assert await heard(listening) is None
    await other.aclose()
