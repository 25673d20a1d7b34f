"""Searches end with whoever asked for them, and nobody has more than a few at once."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pymysql
import pytest
import uvicorn

from appliance.settings import MysqlSettings, Settings
from appliance.web import searches
from appliance.web.app import create_app
from appliance.web.searches import Searches, TooMany
from tests.web.conftest import PASSWORD, browser, sign_in


@pytest.fixture
def port(settings: Settings) -> Iterator[int]:
    """Of the application behind its real server."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None, http="httptools"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield int(listener.getsockname()[1])
    server.should_exit = True
    thread.join(30)
    listener.close()


def statements(cursor: "pymysql.cursors.Cursor", table: str) -> int:
    cursor.execute(
        "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE %s AND info NOT LIKE '%%processlist%%'",
        (f"%FROM `{table}`%",),
    )
    (count,) = cursor.fetchone() or (0,)
    return int(count)


def until(cursor: "pymysql.cursors.Cursor", table: str, wanted: int) -> None:
    deadline = time.monotonic() + 60
    while statements(cursor, table) != wanted:
        assert time.monotonic() < deadline, f"{statements(cursor, table)} statements, not {wanted}"
        time.sleep(0.02)


def test_when_the_client_goes_away_nothing_of_its_search_is_left_in_the_database(
    port: int, token: dict[str, str], mysql: MysqlSettings
) -> None:
    table = f"sip_capture_call_{datetime.now(UTC):%Y%m%d}"
    with pymysql.connect(unix_socket=str(mysql.socket), user=mysql.user, db=mysql.database) as lock:
        cursor = lock.cursor()
        cursor.execute(f"LOCK TABLES `{table}` WRITE")
        with socket.create_connection(("127.0.0.1", port)) as client:
            head = "GET /api/v1/search?q=ua:x&view=messages HTTP/1.1\r\nHost: x\r\nAuthorization: "
            client.sendall(f"{head}{token['Authorization']}\r\n\r\n".encode())
            until(cursor, table, 1)
        until(cursor, table, 0)


async def test_a_person_has_a_few_searches_at_once_and_others_are_not_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "WAIT_SECONDS", 0.05)
    found, release = Searches(4), asyncio.Event()

    async def search() -> None:
        async with found.turn(1):
            await release.wait()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(4):
            tasks.create_task(search())
        await asyncio.sleep(0)
        with pytest.raises(TooMany, match="4 searches under way"):
            async with found.turn(1):
                raise AssertionError
        async with found.turn(2):
            release.set()
    async with found.turn(1):
        pass


@pytest.mark.usefixtures("client")
def test_too_many_are_told_by_their_own_status(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "WAIT_SECONDS", 0.01)
    none = settings.search.model_copy(update={"at_once": 0})
    with browser(settings.model_copy(update={"search": none})) as alice:
        sign_in(alice, "alice", PASSWORD)
        answer = alice.get("/api/v1/search?q=from:1")
        assert answer.status_code == 429
        assert answer.json()["error"]["code"] == "too_many_searches"
        assert alice.get("/search?q=from:1").status_code == 429
