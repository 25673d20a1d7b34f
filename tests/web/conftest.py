"""The application with a real MariaDB and Redis behind it, some traffic stored, and people to sign in."""

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from appliance.settings import MysqlSettings, PathSettings, RedisSettings, Settings, SiteSettings
from appliance.storage import accounts, tokens
from appliance.storage.accounts import Role
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from appliance.web.app import create_app
from appliance.web.auth import passwords
from tests.redis_server import empty
from tests.servers import mariadb
from tests.web.stored import SITE, everything, store

PASSWORD = "violet parrot 7"
HASH = asyncio.run(passwords.hashed(PASSWORD))
ACCOUNT_TABLES = (
    "aliases",
    "preferences",
    "pins",
    "notes",
    "shares",
    "audit",
    "sign_in_throttle",
    "api_tokens",
    "sessions",
    "users",
)


@pytest.fixture(scope="session")
def mysql() -> Iterator[MysqlSettings]:
    """A server with the schema and the traffic of `stored.everything`."""
    with mariadb() as settings:
        migrate(settings)
        asyncio.run(store(settings, everything()))
        yield settings


@pytest.fixture(scope="session")
def redis() -> Iterator[RedisSettings]:
    with tempfile.TemporaryDirectory(prefix="hb-") as directory:
        path = Path(directory) / "r"
        command = ["redis-server", "--port", "0", "--unixsocket", str(path), "--dir", directory, "--save", ""]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 20
            while not path.exists():
                assert time.monotonic() < deadline, "redis-server did not start"
                time.sleep(0.02)
            yield RedisSettings(socket=path)
            process.terminate()


@pytest.fixture
def settings(mysql: MysqlSettings, redis: RedisSettings, tmp_path: Path) -> Settings:
    in_database(mysql, _forget_people)
    empty(redis)
    return Settings(mysql=mysql, redis=redis, site=SiteSettings(name=SITE), paths=PathSettings(data=tmp_path))


async def _forget_people(database: Database) -> None:
    for table in ACCOUNT_TABLES:
        await database.execute(f"DELETE FROM {table}")


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """Nobody is signed in; alice (admin) and bob can, with PASSWORD."""

    async def add(database: Database) -> None:
        await accounts.add(database, "alice", Role.ADMIN, HASH, 1)
        await accounts.add(database, "bob", Role.USER, HASH, 1)

    in_database(settings.mysql, add)
    with browser(settings) as opened:
        yield opened


@pytest.fixture
def alice(client: TestClient) -> TestClient:
    """Signed in."""
    sign_in(client, "alice", PASSWORD)
    return client


@pytest.fixture
def token(client: TestClient, settings: Settings) -> dict[str, str]:
    """Headers that sign bob's script in."""

    async def make(database: Database) -> str:
        user = await accounts.by_name(database, "bob")
        assert user is not None
        return await tokens.create(database, user, "script", 1)

    return {"Authorization": f"Bearer {in_database(settings.mysql, make)}"}


def browser(settings: Settings) -> TestClient:
    """A browser that follows no redirect by itself and takes pages."""
    return TestClient(
        create_app(settings),
        follow_redirects=False,
        headers={"accept": "text/html,*/*"},
        raise_server_exceptions=False,
    )


def sign_in(client: TestClient, name: str, password: str) -> None:
    answer = client.post("/login", data={"name": name, "password": password})
    assert answer.status_code == 303, answer.text


def in_database(mysql: MysqlSettings, work: Callable[[Database], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        database = await Database.open(mysql, size=2)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())
