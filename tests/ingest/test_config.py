from pathlib import Path

from appliance.ingest.config import ProcessConfig
from appliance.settings import BufferSettings, PathSettings, Settings


def test_limits_of_the_buffer_are_octets() -> None:
    buffer = BufferSettings(spill_limit="2gb", min_free="3mb")
    config = ProcessConfig(Settings(buffer=buffer, paths=PathSettings(data=Path("/d"))), 1, site="s", oldest_days=10)
    assert config.spill_directory == Path("/d/spill")
    assert (config.spill_limit_bytes, config.min_free_bytes) == (2 << 30, 3 << 20)
