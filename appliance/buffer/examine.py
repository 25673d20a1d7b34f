"""Does this Redis keep what it is given? Asked by `hepbox doctor`."""

from dataclasses import dataclass

from appliance.buffer.connection import BufferError, open_blocking
from appliance.settings import RedisSettings


@dataclass(frozen=True, slots=True)
class RedisFacts:
    """What a Redis server said about itself; a setting that it does not tell is empty."""

    version: str
    append_only: str
    append_fsync: str
    eviction: str
    """`maxmemory-policy`."""


def examine(settings: RedisSettings) -> RedisFacts:
    """Ask the server. Raises BufferError or OSError when it cannot be asked."""
    client = open_blocking(settings)
    try:
        version = str(client.info("server")["redis_version"])
        told = {name: _setting(client, name) for name in ("appendonly", "appendfsync", "maxmemory-policy")}
    finally:
        client.close()
    return RedisFacts(version, told["appendonly"], told["appendfsync"], told["maxmemory-policy"])


def _setting(client: object, name: str) -> str:
    try:
        value = client.config_get(name).get(name, "")  # type: ignore[attr-defined]
    except BufferError:
        return ""  # a managed server may refuse CONFIG
    return str(value.decode() if isinstance(value, bytes) else value)
