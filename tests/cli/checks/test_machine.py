import resource
from pathlib import Path

from appliance.cli.checks import machine
from appliance.cli.checks.finding import Verdict
from appliance.settings import BufferSettings, PathSettings, Settings


def at(data: Path, min_free: str = "1mb") -> Settings:
    return Settings(paths=PathSettings(data=data), buffer=BufferSettings(min_free=min_free))


def test_small_receive_buffers_are_noted_with_the_command_that_enlarges_them() -> None:
    finding = machine.receive_buffers(212992)
    assert finding.verdict is Verdict.NOTE
    assert "sysctl -w net.core.rmem_max=33554432" in finding.remedy
    assert machine.receive_buffers(33554432).verdict is Verdict.OK


def test_a_container_that_cannot_see_the_limit_points_to_its_host() -> None:
    assert "on the host" in machine.receive_buffers(None).remedy


def test_few_open_files_are_wrong() -> None:
    assert machine.open_files(1024).verdict is Verdict.WRONG
    assert machine.open_files(65536).verdict is Verdict.OK
    assert machine.open_files(resource.RLIM_INFINITY).verdict is Verdict.OK


def test_strict_memory_accounting_is_noted() -> None:
    assert machine.overcommit(2).verdict is Verdict.NOTE
    assert machine.overcommit(0).verdict is Verdict.OK
    assert machine.overcommit(1).verdict is Verdict.OK


def test_little_memory_is_wrong() -> None:
    assert machine.memory(512 << 20).verdict is Verdict.WRONG
    assert machine.memory(2 << 30).verdict is Verdict.OK


def test_a_data_directory_that_is_not_there_yet_is_only_noted(tmp_path: Path) -> None:
    (finding,) = machine.disk(at(tmp_path / "later"))
    assert finding.verdict is Verdict.NOTE


def test_a_disk_without_room_is_wrong(tmp_path: Path) -> None:
    findings = list(machine.disk(at(tmp_path, "900000gb")))
    assert [finding.verdict for finding in findings] == [Verdict.WRONG]
    assert "rotation.ini" in findings[0].remedy


def test_a_clock_that_nobody_keeps_is_noted() -> None:
    assert machine.clock(5).verdict is Verdict.NOTE
    assert machine.clock(0).verdict is Verdict.OK
    assert machine.clock(None).verdict is Verdict.NOTE


def test_this_machine_can_be_examined(tmp_path: Path) -> None:
    subjects = [finding.subject for finding in machine.examine(at(tmp_path))]
    assert subjects[:3] == ["receive buffers", "open files", "memory overcommit"]
    assert "clock" in subjects
