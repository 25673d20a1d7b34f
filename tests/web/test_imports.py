from pathlib import Path

import pytest

from appliance.settings import PathSettings, Settings
from appliance.web.imports import ABOUT, CAPTURE, KEPT_US, PROGRESS, RESTARTED, Import, Imports
from tests.appliance import eventually

NOW_US = 1_800_000_000_000_000


@pytest.fixture
def imports(tmp_path: Path) -> Imports:
    return Imports(Settings(paths=PathSettings(data=tmp_path)))


def given(imports: Imports, content: bytes, at: int = NOW_US, user: str = "alice") -> Import:
    id_, place = imports.place()
    place.write_bytes(content)
    return Import(id_, user, "trace.pcap", len(content), at)


def test_a_file_that_is_no_capture_is_told_by_its_own_name_and_deleted(imports: Imports, tmp_path: Path) -> None:
    one = given(imports, b"not a capture")
    imports.begin(one)
    assert imports.running_of("alice") is not None
    eventually(lambda: imports.running_of("alice") is None)
    found = imports.get(one.id)
    assert found is not None and found.failed
    assert found.notice.startswith("trace.pcap is not a capture (pcap or pcapng)")
    assert not (tmp_path / "imports" / one.id / CAPTURE).exists()


def test_what_a_restart_cut_off_says_so_and_what_is_old_goes(imports: Imports, tmp_path: Path) -> None:
    cut, old, whole = (given(imports, b"x", at) for at in (NOW_US, NOW_US - KEPT_US - 1, NOW_US))
    for one in (cut, old):
        imports._write(one)
    half, _ = imports.place()
    imports._end(whole)
    imports.tidy(NOW_US)
    found = imports.get(cut.id)
    assert found is not None and (found.running, found.failed, found.notice) == (False, True, RESTARTED)
    assert sorted(path.name for path in (tmp_path / "imports").iterdir()) == sorted([cut.id, whole.id])
    assert imports.get(half) is None
    assert not list(tmp_path.rglob(CAPTURE))


def test_progress_is_read_anew(imports: Imports, tmp_path: Path) -> None:
    one = given(imports, b"x")
    imports._write(one)
    place = tmp_path / "imports" / one.id / PROGRESS
    place.write_text('{"pushed": 5, "packets": 20, "first_us": 1, "last_us": 2}')
    found = imports.get(one.id)
    assert found is not None and (found.percent, found.first_us) == (25, 1)
    (tmp_path / "imports" / one.id / ABOUT).write_text("{")
    assert imports.get(one.id) is None


@pytest.mark.parametrize("id_", ["", "..", "../../etc", "é", "0" * 16])
def test_an_id_that_is_none_is_not_found(imports: Imports, id_: str) -> None:
    assert imports.get(id_) is None


def test_imports_are_listed_for_their_owner_newest_first(imports: Imports) -> None:
    ones = [given(imports, b"x", NOW_US + n, user) for n, user in enumerate(["alice", "bob", "alice"])]
    for one in ones:
        imports._end(one)
    assert [one.at for one in imports.latest("alice")] == [NOW_US + 2, NOW_US]


def test_a_file_larger_than_the_disk_has_no_room(imports: Imports) -> None:
    assert imports.room_for(1)
    assert not imports.room_for(1 << 60)
