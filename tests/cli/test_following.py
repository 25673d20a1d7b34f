import asyncio
import csv
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import typer

from appliance.buffer import connection, live
from appliance.buffer.connection import AsyncClient
from appliance.buffer.live import Channel
from appliance.cli import following
from appliance.export import as_csv
from appliance.query.parse import parse
from appliance.settings import PathSettings, RedisSettings, Settings
from appliance.storage import announced
from appliance.web.live.told import Shown
from tests.new_rows import INVITE, OPTIONS, new_row
from tests.redis_server import redis_server
from tests.storage.search.stored import a_call

ROWS = [announced.Stored(number, new_row(payload)) for number, payload in enumerate((INVITE, OPTIONS, OPTIONS))]


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisSettings]:
    with redis_server() as settings:
        yield settings


@pytest.fixture
async def client(redis: RedisSettings) -> AsyncIterator[AsyncClient]:
    opened = connection.open_async(redis)
    yield opened
    await opened.aclose()


async def heard(redis: RedisSettings, client: AsyncClient, line: str, channel: Channel, body: bytes) -> list[Shown]:
    """What is found when this is told."""
    view = "calls" if channel is Channel.CALLS else "messages"
    found = following.found(redis, "hep1", parse(line).root, view)
    async with asyncio.timeout(60):
        assert await anext(found) == []
        while channel not in await live.wanted(client, [channel]):
            await asyncio.sleep(0.01)
        await live.tell(client, channel, body)
        rows = await anext(found)
    await found.aclose()
    return rows


async def test_what_fits_is_found_as_it_is_told(redis: RedisSettings, client: AsyncClient) -> None:
    body = announced.encoded(3, ROWS, texts=False)
    rows = await heard(redis, client, "method:OPTIONS", Channel.ROWS, body)
    assert [row.callid for row in rows] == ["o", "o"]
    body = announced.encoded(3, ROWS, texts=True)
    assert len(await heard(redis, client, "text:al*ice", Channel.TEXTS, body)) == 1
    body = announced.encoded_calls(2, [a_call("one"), a_call("two", from_user="bob")])
    assert [row.callid for row in await heard(redis, client, "from:bob", Channel.CALLS, body)] == ["two"]


async def test_as_csv_the_names_come_first_and_then_a_line_for_each_row(
    redis: RedisSettings, client: AsyncClient
) -> None:
    rows = await heard(redis, client, "method:OPTIONS", Channel.ROWS, announced.encoded(3, ROWS, texts=False))
    written = following.written("messages", "csv")
    heading, *lines = csv.reader((written([]) + written(rows)).splitlines())
    assert heading == list(as_csv.names_of("messages"))
    assert [dict(zip(heading, line, strict=True))["callid"] for line in lines] == ["o", "o"]


@pytest.mark.parametrize(
    ("line", "view", "form", "said"),
    [
        ("", "dialogs", "table", "--follow is of --view messages or calls or quality or logs"),
        ("", "calls", "pcap", "--format table, json, csv"),
        ("state:busy", "messages", "json", "state cannot be watched here"),
    ],
)
def test_what_cannot_be_followed_is_said(
    line: str, view: str, form: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        following.follow(Settings(), "hep1", line, view, form)
    assert ended.value.exit_code == 2
    assert said in capsys.readouterr().err


def test_a_redis_that_is_away_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    away = Settings(redis=RedisSettings(socket=tmp_path / "nobody"), paths=PathSettings(data=tmp_path))
    with pytest.raises(typer.Exit) as ended:
        following.follow(away, "hep1", "", "messages", "table")
    assert ended.value.exit_code == 1
    assert "is `hepbox run` running" in capsys.readouterr().err
