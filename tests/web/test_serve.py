import multiprocessing
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

from appliance.settings import MysqlSettings, PathSettings, RedisSettings, Settings
from appliance.web.serve import serve


def test_it_answers_on_the_socket_it_was_given_until_sigterm(tmp_path: Path) -> None:
    away = MysqlSettings(host="127.0.0.1", port=1)
    redis = RedisSettings(url="redis://127.0.0.1:1/0")
    settings = Settings(mysql=away, redis=redis, paths=PathSettings(data=tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        process = multiprocessing.get_context("spawn").Process(target=serve, args=(settings, listener))
        process.start()
        assert _alive(address)
        assert process.pid is not None
        process.terminate()
        process.join(15)
        assert process.exitcode in (0, -signal.SIGTERM)


def _alive(address: str) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
