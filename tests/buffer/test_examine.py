import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.buffer.connection import BufferError
from appliance.buffer.examine import examine
from appliance.settings import RedisSettings


@pytest.fixture(scope="module")
def server() -> Iterator[RedisSettings]:
    with tempfile.TemporaryDirectory(prefix="hb-") as directory:
        path = Path(directory) / "r"
        command = ["redis-server", "--port", "0", "--unixsocket", str(path), "--dir", directory, "--appendonly", "yes"]
        options = ["--appendfsync", "everysec", "--maxmemory-policy", "allkeys-lru"]
        with subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 20
            while not path.exists():
                assert time.monotonic() < deadline, "redis-server did not start"
                time.sleep(0.02)
            yield RedisSettings(socket=path)
            process.terminate()


def test_it_tells_how_redis_keeps_what_it_is_given(server: RedisSettings) -> None:
    facts = examine(server)
    assert facts.version[0].isdigit()
    assert (facts.append_only, facts.append_fsync, facts.eviction) == ("yes", "everysec", "allkeys-lru")


def test_a_server_that_is_away_is_an_error_of_the_buffer(tmp_path: Path) -> None:
    with pytest.raises((BufferError, OSError)):
        examine(RedisSettings(socket=tmp_path / "nobody"))
