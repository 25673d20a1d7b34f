"""What the supervisor would hand to a process, for tests that run the process's work themselves."""

from pathlib import Path

from appliance.ingest.config import ProcessConfig
from appliance.settings import HepSettings, MysqlSettings, PathSettings, RedisSettings, Settings
from tests.sip_packets import KEPT_DAYS


def config(
    data: Path, mysql: MysqlSettings | None = None, redis: RedisSettings | None = None, number: int = 0, **hep: object
) -> ProcessConfig:
    """The configuration of one process; `hep` are settings of that section."""
    settings = Settings(
        hep=HepSettings.model_validate(hep),
        mysql=mysql or MysqlSettings(),
        redis=redis or RedisSettings(socket=data / "nobody"),
        paths=PathSettings(data=data),
    )
    return ProcessConfig(settings=settings, number=number, site="site", oldest_days=KEPT_DAYS)
