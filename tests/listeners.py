"""Whether the writers of an appliance tell what they store: a test that sends before that waits for ever."""

import time

import redis

from appliance.buffer.live import Channel
from appliance.ingest.announcing import ASK_EVERY_SECONDS
from tests.appliance import Appliance, eventually


def redis_of(appliance: Appliance) -> "redis.Redis":
    """The appliance's own."""
    return redis.Redis(unix_socket_path=str(appliance.data_dir / "run" / "redis.sock"))


def heard(appliance: Appliance, *channels: Channel) -> None:
    """Once these are listened to, and a writer asks who listens before it tells what it stores next."""
    names = [f"hepbox:live:{channel}:0" for channel in channels]
    eventually(lambda: all(listeners for _, listeners in redis_of(appliance).pubsub_numsub(*names)), every=0.02)
    time.sleep(ASK_EVERY_SECONDS + 0.1)
