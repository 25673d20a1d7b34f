from pathlib import Path

import psutil

from appliance.supervise.machine import MIB, memory_octets, punches_holes, takes_direct_io


def limited(root: Path, groups: dict[str, str], membership: str) -> int:
    for name, limit in groups.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(limit)
    (root / "membership").write_text(membership)
    return memory_octets(root / "membership", root)


def test_a_machine_without_limits_has_its_memory(tmp_path: Path) -> None:
    whole = psutil.virtual_memory().total
    assert (
        limited(tmp_path, {"system.slice/hepbox.service/memory.max": "max\n"}, "0::/system.slice/hepbox.service\n")
        == whole
    )
    assert memory_octets(tmp_path / "nothing", tmp_path) == whole


def test_a_units_limit_counts(tmp_path: Path) -> None:
    groups = {"system.slice/hepbox.service/memory.max": f"{300 * MIB}\n"}
    assert limited(tmp_path, groups, "0::/system.slice/hepbox.service\n") == 300 * MIB


def test_the_limit_of_a_group_above_counts(tmp_path: Path) -> None:
    groups = {"pod/memory.max": f"{400 * MIB}\n", "pod/app/memory.max": "max\n"}
    assert limited(tmp_path, groups, "0::/pod/app\n") == 400 * MIB


def test_the_first_version_of_control_groups_counts(tmp_path: Path) -> None:
    groups = {"memory/box/memory.limit_in_bytes": f"{500 * MIB}\n"}
    assert limited(tmp_path, groups, "5:cpu:/box\n4:memory:/box\n") == 500 * MIB


def test_the_file_system_is_asked_and_left_clean(tmp_path: Path) -> None:
    assert isinstance(punches_holes(tmp_path), bool)
    assert isinstance(takes_direct_io(tmp_path), bool)
    assert list(tmp_path.iterdir()) == []
