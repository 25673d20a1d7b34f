"""What was just stored, told to whoever listens: nothing is kept, and nothing is told while nobody listens."""

from collections.abc import Collection
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from appliance.buffer import keys
from appliance.buffer.connection import AsyncClient


class Channel(StrEnum):
    """What is told apart, so that only what is wanted is told."""

    ROWS = "rows"
    TEXTS = "texts"
    """Rows with the octets of the messages."""
    CALLS = "calls"
    REPORTS = "reports"
    """Reported streams."""


async def wanted(client: AsyncClient, channels: Collection[Channel]) -> frozenset[Channel]:
    """Which of these somebody listens to. Raises BufferError or OSError."""
    found = await client.pubsub_numsub(*(_name(client, channel) for channel in channels))
    return frozenset(channel for channel, (_, listeners) in zip(channels, found, strict=True) if listeners)


async def tell(client: AsyncClient, channel: Channel, body: bytes) -> None:
    """To everybody who listens to the channel. Raises BufferError or OSError."""
    await client.publish(_name(client, channel), body)


class Listening:
    """A connection that listens to some of the channels. Raises BufferError or OSError."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client
        self._subscribed = client.pubsub(ignore_subscribe_messages=True)
        self._heard: dict[bytes, Channel] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._subscribed.aclose()  # type: ignore[no-untyped-call]

    async def to(self, channels: Collection[Channel]) -> None:
        """Listen to these, and to no others any more."""
        wanted = {_name(self._client, channel).encode(): channel for channel in channels}
        if wanted.keys() == self._heard.keys():
            return
        if more := wanted.keys() - self._heard.keys():
            await self._subscribed.subscribe(*more)
        if less := self._heard.keys() - wanted.keys():
            await self._subscribed.unsubscribe(*less)
        self._heard = wanted

    async def next(self, seconds: float) -> tuple[Channel, bytes] | None:
        """What is told next; None when it was nothing for so long."""
        message: Any = await self._subscribed.get_message(timeout=seconds)
        channel = self._heard.get(message["channel"]) if message is not None else None
        return None if channel is None else (channel, bytes(message["data"]))


def _name(client: AsyncClient, channel: Channel) -> str:
    return f"{keys.LIVE}{channel}:{client.connection_pool.connection_kwargs.get('db') or 0}"
