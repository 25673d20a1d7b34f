import socket
from pathlib import Path

import pytest

from appliance.buffer import connection
from appliance.buffer.connection import BufferError, open_async, open_blocking
from appliance.settings import RedisSettings


async def test_both_clients_reach_a_server_by_its_socket_or_its_url(redis: RedisSettings) -> None:
    by_url = RedisSettings(url=f"unix://{redis.socket}")
    for settings in (redis, by_url):
        with open_blocking(settings) as blocking:
            assert blocking.ping()
        async with open_async(settings) as client:
            assert await client.ping()


def test_a_server_away_is_an_error_at_once_and_is_not_tried_again_unseen(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        client = open_blocking(RedisSettings(url=f"redis://127.0.0.1:{listener.getsockname()[1]}"))
        client.connection_pool.connection_kwargs["socket_timeout"] = 0.1
        with pytest.raises((BufferError, OSError)):
            client.ping()
        listener.accept()[0].close()
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()
    with pytest.raises((BufferError, OSError)):
        open_blocking(RedisSettings(socket=tmp_path / "nobody")).ping()


def test_a_silent_server_does_not_hold_up_anybody_for_long() -> None:
    assert connection.TIMEOUT_SECONDS <= 5
