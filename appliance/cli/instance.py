"""Finding the running instance by the same settings as `hepbox run`, and failing in one sentence."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

from appliance import settings as settings_file
from appliance.settings import PathSettings, Settings
from appliance.storage.connection import Database, DatabaseError
from appliance.supervise.data_dir import DataDirError, site_name

WRONG_USAGE = 2
FAILED = 1

Result = TypeVar("Result")


def fail(sentence: str, code: int = FAILED) -> NoReturn:
    """Print one line on stderr and end with `code`."""
    print(f"hepbox: {sentence}", file=sys.stderr)
    raise typer.Exit(code)


def read_settings(config: Path | None, data_dir: Path | None) -> Settings:
    """The settings, with the sockets of our own servers filled in where no others are named."""
    try:
        settings = settings_file.load(config, data=data_dir)
    except settings_file.SettingsError as error:
        fail(str(error), WRONG_USAGE)
    if data_dir is None and settings.paths.data == PathSettings().data and (checkout := own_checkout()) is not None:
        paths = settings.paths.model_copy(update={"data": checkout / ".hepbox"})
        settings = settings.model_copy(update={"paths": paths})
    return with_own_sockets(settings)


def own_checkout() -> Path | None:
    """The checkout that this code runs from; None where it is installed."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").exists() and (root / "installer.sh").exists() else None


def with_own_sockets(settings: Settings) -> Settings:
    """Where the supervisor's own servers listen: DATA/run/mysql.sock and DATA/run/redis.sock."""
    run = settings.paths.data / "run"
    mysql, redis = settings.mysql, settings.redis
    if not mysql.host:
        mysql = mysql.model_copy(update={"socket": run / "mysql.sock"})
    if not redis.url:
        redis = redis.model_copy(update={"socket": run / "redis.sock"})
    return settings.model_copy(update={"mysql": mysql, "redis": redis})


def site_of(settings: Settings) -> str:
    """The name of the site whose data directory the settings name."""
    try:
        return site_name(settings)
    except (OSError, DataDirError) as error:
        fail(f"{error}; name the right data directory with --data-dir")


def with_database(settings: Settings, work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Run `work` with a small pool; a server that is away or refuses is one sentence."""

    async def run() -> Result:
        database = await Database.open(settings.mysql, size=2)
        try:
            return await work(database)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except DatabaseError as error:
        place = settings.mysql.socket or f"{settings.mysql.host}:{settings.mysql.port}"
        fail(f"the database at {place} does not answer: {error.args[-1]}; is `hepbox run` running with these settings?")
