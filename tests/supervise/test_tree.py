from pathlib import Path

import pytest

from appliance.ingest.sockets import open_listeners
from appliance.rotation.policy import PolicyError
from appliance.settings import MysqlSettings, PathSettings, RedisSettings, Settings
from appliance.supervise.tree import ROLES, Plan, resolved, servers, workers
from tests.appliance import free_port


def plan(*roles: str, **sections: object) -> Plan:
    settings = resolved(Settings.model_validate({"paths": PathSettings(rotation=Path("missing.ini")), **sections}))
    return Plan(settings, frozenset(roles or ROLES), "site")


@pytest.fixture
def rotation(tmp_path: Path) -> PathSettings:
    file = tmp_path / "rotation.ini"
    file.write_text((Path(__file__).resolve().parents[2] / "rotation.ini").read_text())
    return PathSettings(rotation=file)


def test_there_are_as_many_receivers_and_writers_as_cores_unless_told(rotation: PathSettings) -> None:
    assert plan().settings.hep.processes == plan().settings.hep.writers
    told = plan(hep={"processes": 3, "writers": 2}).settings.hep
    assert (told.processes, told.writers) == (3, 2)


def test_our_own_servers_run_unless_the_operator_has_some() -> None:
    assert [child.name for child in servers(plan())] == ["mysql", "redis"]
    remote = plan(mysql=MysqlSettings(host="db"), redis=RedisSettings(url="redis://cache"))
    assert servers(remote) == []
    assert (remote.own_mysql, remote.own_redis) == (False, False)
    assert servers(plan("receiver", "web")) == []


def test_each_role_has_its_processes_writers_before_receivers(rotation: PathSettings) -> None:
    listeners = open_listeners(f"127.0.0.1:{free_port()}", 2)
    everything = plan(hep={"processes": 2, "writers": 3}, paths=rotation)
    names = [child.name for child in workers(everything, listeners, listeners.tcp)]
    assert names == ["writer-0", "writer-1", "writer-2", "receiver-0", "receiver-1", "scheduler", "web"]
    assert [child.name for child in workers(plan("writer", hep={"writers": 1}, paths=rotation), None, None)] == [
        "writer-0"
    ]
    listeners.close()


def test_a_mistake_in_rotation_ini_is_told_before_anything_runs(rotation: PathSettings) -> None:
    rotation.rotation.write_text("[nonsense\n")
    with pytest.raises(PolicyError):
        workers(plan(paths=rotation), None, None)
