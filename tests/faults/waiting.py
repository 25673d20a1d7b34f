"""Traffic whose batches wait in Redis, because the database hangs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis

from appliance.buffer import keys
from tests.appliance import Appliance, eventually
from tests.faults.traffic import Traffic, traffic

RATE = 500
FEWEST = 10
"""Batches that wait before anything is done to them."""


@contextmanager
def while_batches_wait(appliance: Appliance) -> Iterator[tuple[Traffic, "redis.Redis[Any]"]]:
    """Traffic, the database hanging, and the Redis in which the batches are."""
    with (
        traffic(appliance, RATE) as sending,
        redis.Redis(unix_socket_path=str(appliance.data_dir / "run" / "redis.sock")) as buffer,
        appliance.hanging("mysql"),
    ):
        eventually(lambda: buffer.xlen(keys.BATCHES) > FEWEST)
        yield sending, buffer
