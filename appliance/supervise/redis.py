"""The buffer: our own redis-server under DATA, or the operator's; configured and waited for.

It listens on DATA/run/redis.sock only and appends every entry to disk before it answers: `everysec` loses what was
acknowledged at a plain kill -9, `always` nothing (3,991 of 441,690 entries against none).
"""

import asyncio
import time
from pathlib import Path

from appliance.buffer.connection import BufferError, open_async
from appliance.buffer.spill import Spill
from appliance.settings import RedisSettings, Settings, byte_count
from appliance.supervise import mending, own_server
from appliance.supervise.own_server import ServerError, dotted

OLDEST = (6, 2)
_VERSION = r"v=(\d+)\.(\d+)"
_RETRY_SECONDS = 0.1
_REFUSALS = (
    "NOAUTH",
    "WRONGPASS",
    "NOPERM",
    "HELLO must",
    "invalid username-password",
    "without any password",
    "required",
)


def command(settings: Settings) -> list[str]:
    """The command line of our own server; it stays in the foreground and logs to stdout. Raises ServerError."""
    return own_server.started_as_account([_program(), str(settings.paths.data / "run" / "redis.conf")])


def mend(settings: Settings) -> None:
    """Before each start: a damaged file is mended, for Redis does not start with one."""
    limits = byte_count(settings.buffer.spill_limit), byte_count(settings.buffer.min_free)
    mending.mend(settings.paths.data / "redis", Spill(settings.paths.data / "spill", *limits))


def prepare(settings: Settings) -> None:
    """Make directories and configuration. Raises ServerError. The caller holds the lock of the data directory."""
    data = settings.paths.data
    run = data / "run"
    program = _program()
    version = own_server.program_version(program, _VERSION)
    if version < OLDEST:
        raise ServerError(f"{program} is Redis {dotted(version)}: {dotted(OLDEST)} or newer is needed")
    own_server.check_socket(run / "redis.sock")
    for directory in (run, data / "redis"):
        own_server.own_directory(directory)
    own_server.check_reach(run)
    own_server.end_orphan(run / "redis.pid", run / "redis.conf")
    own_server.write_private(run / "redis.conf", configuration(settings))
    own_server.hand_over(data / "redis")
    own_server.guard_version(data / "redis" / "hepbox-version", "Redis", version)


def configuration(settings: Settings) -> str:
    """redis.conf: nothing is forgotten, nothing is evicted, nothing listens on the network."""
    data = settings.paths.data
    run = data / "run"
    lines = (
        ("port", "0"),
        ("unixsocket", _quoted(run / "redis.sock")),
        ("unixsocketperm", "700"),
        ("pidfile", _quoted(run / "redis.pid")),
        ("set-proc-title", "no"),
        ("dir", _quoted(data / "redis")),
        ("daemonize", "no"),
        ("databases", "1"),
        ("save", '""'),
        ("appendonly", "yes"),
        ("appendfsync", "always"),
        ("no-appendfsync-on-rewrite", "no"),
        ("aof-use-rdb-preamble", "yes"),
        ("aof-load-truncated", "yes"),
        ("auto-aof-rewrite-percentage", "100"),
        ("auto-aof-rewrite-min-size", "64mb"),
        ("maxmemory", settings.redis.memory),
        ("maxmemory-policy", "noeviction"),
        ("maxclients", "1000"),
    )
    return "".join(f"{key} {value}\n" for key, value in lines)


async def wait_ready(settings: Settings, seconds: float) -> str:
    """Wait until the server, ours or the operator's, answers and has loaded its data; returns its version."""
    redis, deadline = settings.redis, time.monotonic() + seconds
    if not redis.url and redis.socket is None:
        redis = redis.model_copy(update={"socket": settings.paths.data / "run" / "redis.sock"})
    while True:
        try:
            version = await _ask_version(redis)
            break
        except ValueError as error:
            raise ServerError(f"[redis] url is no address of a Redis: {error}") from error
        except (BufferError, OSError) as error:
            if any(word in str(error) for word in _REFUSALS):
                raise ServerError(
                    f"{_place(redis)} does not let us in: check the user and password of [redis] url"
                ) from error
            if time.monotonic() > deadline:
                raise ServerError(f"{_place(redis)} has not answered for {seconds:.0f} s: {error}") from error
        await asyncio.sleep(_RETRY_SECONDS)
    numbers = version.split(".")
    if (int(numbers[0]), int(numbers[1])) < OLDEST:
        raise ServerError(f"{_place(redis)} is Redis {version}: {dotted(OLDEST)} or newer is needed")
    return version


def _program() -> str:
    return own_server.program("redis-server", "redis-server", "[redis] url")


async def _ask_version(redis: RedisSettings) -> str:
    client = open_async(redis)
    try:
        await client.ping()
        facts = await client.info("server")
    finally:
        await client.aclose()
    return str(facts["redis_version"])


def _place(redis: RedisSettings) -> str:
    """Where it is, without the secrets that an address may hold."""
    if not redis.url:
        return f"the Redis at {redis.socket}"
    return f"the Redis at {redis.url.rsplit('@', 1)[-1].removeprefix('redis://').removeprefix('rediss://')}"


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
