"""A real appliance whose MariaDB hangs: it takes connections and statements and answers nothing."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx2
import pytest

from appliance.settings import Settings
from appliance.web.lifespan import limit_seconds
from appliance.web.state import SOON_SECONDS
from tests.appliance import Appliance, eventually, running

LIMIT_SECONDS = limit_seconds(Settings())

pytestmark = [pytest.mark.appliance, pytest.mark.timeout(300)]

NEW_PASSWORD = "a heron on the pier"
AT_ONCE = 4


@contextmanager
def signed_in(instance: Appliance) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=instance.url, timeout=LIMIT_SECONDS + 30, headers={"accept": "text/html"}) as client:
        assert client.post("/login", data={"name": "admin", "password": "test123"}).status_code == 303
        passwords = {"old": "test123", "new": NEW_PASSWORD, "again": NEW_PASSWORD}
        assert client.post("/account/password", data=passwords).status_code == 303
        yield client


def test_searches_say_so_in_time_health_opens_and_all_goes_on_by_itself() -> None:
    with running() as instance, signed_in(instance) as client:
        assert client.get("/search").status_code == 200
        with instance.hanging("mysql"):
            begun = time.monotonic()
            with ThreadPoolExecutor(AT_ONCE) as pool:
                searches = [pool.submit(client.get, "/search") for _ in range(AT_ONCE)]
                health = client.get("/health")
                assert time.monotonic() - begun < 2 * SOON_SECONDS
                answers = [search.result() for search in searches]
            assert time.monotonic() - begun < LIMIT_SECONDS + 10
            assert health.status_code == 200 and "The database does not answer" in health.text
            assert {answer.status_code for answer in answers} == {503}
            assert all("The database does not answer." in answer.text for answer in answers)
            assert {answer.headers["retry-after"] for answer in answers} == {"3"}
        eventually(lambda: client.get("/search").status_code == 200, seconds=30)
        eventually(lambda: client.get("/health").text.count("The database does not answer") == 0, seconds=30)
