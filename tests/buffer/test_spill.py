import errno
import os
from pathlib import Path

import pytest

from appliance.buffer.batch import Batch
from appliance.buffer.spill import Spill, SpillFull

BATCH = Batch("boot-0-1", 2, b"octets" * 100)


def spill(directory: Path, limit_bytes: int = 1 << 20, min_free_bytes: int = 0) -> Spill:
    return Spill(directory / "spill", limit_bytes, min_free_bytes)


def test_a_written_batch_waits_with_its_name_and_count(tmp_path: Path) -> None:
    spill(tmp_path).write(BATCH)
    (path,) = spill(tmp_path).waiting()
    assert spill(tmp_path).read(path) == BATCH


def test_a_batch_that_is_done_waits_no_more(tmp_path: Path) -> None:
    held = spill(tmp_path)
    held.write(BATCH)
    held.done(next(held.waiting()))
    assert list(held.waiting()) == []


def test_a_file_that_was_cut_off_is_not_taken_for_a_batch(tmp_path: Path) -> None:
    held = spill(tmp_path)
    held.write(BATCH)
    (tmp_path / "spill" / "boot-0-2.tmp").write_bytes(b"half")
    assert [path.name for path in held.waiting()] == ["boot-0-1.batch"]


def test_it_refuses_more_than_its_limit(tmp_path: Path) -> None:
    held = spill(tmp_path, limit_bytes=700)
    held.write(BATCH)
    with pytest.raises(SpillFull, match="spill_limit"):
        held.write(Batch("boot-0-2", 2, BATCH.body))


def test_it_leaves_the_disk_its_minimum_of_free_space(tmp_path: Path) -> None:
    with pytest.raises(SpillFull, match="min_free"):
        spill(tmp_path, min_free_bytes=1 << 60).write(BATCH)


def test_a_batch_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="No space"):
        spill(tmp_path).write(BATCH)
    assert list((tmp_path / "spill").iterdir()) == []


def test_a_spill_directory_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert list(spill(tmp_path).waiting()) == []
    assert spill(tmp_path).bytes_held() == 0
