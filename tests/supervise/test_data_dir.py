import subprocess
import sys
from pathlib import Path

import pytest

from appliance.settings import PathSettings, Settings, SiteSettings
from appliance.supervise.data_dir import DataDirError, prepare, read_status, site_name, write_status


def settings(data: Path, site: str = "") -> Settings:
    return Settings(paths=PathSettings(data=data), site=SiteSettings(name=site))


def test_it_is_made_and_locked_for_one(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    lock = prepare(settings(data))
    with pytest.raises(DataDirError) as caught:
        prepare(settings(data))
    assert str(caught.value) == f"{data}: another hepbox runs with this data directory; stop it or take another"
    lock.close()
    prepare(settings(data)).close()


def test_the_lock_goes_with_a_process_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import pathlib, time; from tests.supervise.test_data_dir import prepare, settings\n"
        f"lock = prepare(settings(pathlib.Path({str(tmp_path)!r}))); print('locked', flush=True); time.sleep(600)"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=root) as other:
        assert other.stdout is not None and other.stdout.readline() == b"locked\n"
        with pytest.raises(DataDirError):
            prepare(settings(tmp_path))
        other.kill()
    prepare(settings(tmp_path)).close()


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataDirError, match="cannot be written") as caught:
        prepare(settings(tmp_path / "file"))
    assert "--data-dir" in str(caught.value)


def test_a_path_too_long_for_sockets_says_by_how_much(tmp_path: Path) -> None:
    data = tmp_path / ("x" * 120)
    with pytest.raises(DataDirError, match=r"too long for the sockets in it by \d+ bytes"):
        prepare(settings(data))


def test_a_site_has_one_name_for_ever_unless_it_is_given_one(tmp_path: Path) -> None:
    made = site_name(settings(tmp_path))
    assert made and made.isalnum()
    assert site_name(settings(tmp_path)) == made
    assert site_name(settings(tmp_path, "berlin")) == "berlin"
    assert site_name(settings(tmp_path)) == made


def test_a_name_that_was_not_written_whole_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("")
    assert site_name(settings(tmp_path))


def test_a_name_that_cannot_be_kept_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    with pytest.raises(DataDirError, match="cannot be written or read"):
        site_name(settings(tmp_path))


def test_the_status_is_read_as_it_was_written_or_there_is_none(tmp_path: Path) -> None:
    assert read_status(tmp_path) is None
    (tmp_path / "run").mkdir()
    write_status(settings(tmp_path), {"pid": 1})
    write_status(settings(tmp_path), {"pid": 2, "processes": []})
    assert read_status(tmp_path) == {"pid": 2, "processes": []}
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["status.json"]
    (tmp_path / "run" / "status.json").write_text("{")
    assert read_status(tmp_path) is None
