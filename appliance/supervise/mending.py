"""Redis's append-only file when it is damaged: a bit that flipped, a sector that is gone, an end never written.

Redis would not start again, ever. So before each start the file is checked by Redis's own program; if it is damaged, a
copy is kept, the file is cut where the damage begins, and the batches behind it become spilled files, of which writers
store what is not stored yet (the ledger knows). Lost is what the damage itself lies in.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from appliance.buffer.append_file import batches_in
from appliance.buffer.spill import Spill, SpillFull
from appliance.log import logger

CHECKER = "redis-check-aof"
CHECK_SECONDS = 300
MOST_COPIES = 3
_FOLDER, _COPY = "appendonlydir", "damaged-"
_CUT = re.compile(rb"filename=([^,\s]+), size=\d+, ok_up_to=(\d+)[^\n]*\n[^\n]*(?:shrink|truncated)", re.IGNORECASE)

log = logger()


def mend(directory: Path, spill: Spill) -> None:
    """Make the file in Redis's directory one with which it starts; nothing when there is none, or it is whole."""
    folder, checker = directory / _FOLDER, shutil.which(CHECKER)
    manifests = list(folder.glob("*.manifest"))
    if checker is None or not manifests:
        return
    try:
        if _run(checker, manifests[0]).returncode != 0:
            _mend(folder, checker, manifests[0], spill)
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("redis_file_not_mended", error=str(error))


def _mend(folder: Path, checker: str, manifest: Path, spill: Spill) -> None:
    whole = {file.name: file.read_bytes() for file in sorted(folder.glob("*.aof"))}
    kept = _copy(folder)
    fixed = _run(checker, "--fix", manifest)
    if fixed.returncode == 0:
        pieces = [whole[name.decode()][int(start) :] for name, start in _CUT.findall(fixed.stdout)]
    else:  # it lies before the newest file, and Redis cuts only that: begin with none
        shutil.rmtree(folder)
        pieces = list(whole.values())
    saved, unsaved = _save(pieces, spill)
    log.error(
        "redis_file_mended",
        cut_bytes=sum(map(len, pieces)),
        batches_saved=saved,
        batches_not_saved=unsaved,
        kept=kept,
        remedy="look after the disk; the copy may be deleted once the saved batches are stored",
    )


def _copy(folder: Path) -> str:
    """Where the damaged files lie from now on, the oldest copies gone; nowhere when there is no room for them."""
    copies = sorted(folder.parent.glob(f"{_COPY}*"))
    for old in copies[: len(copies) - MOST_COPIES + 1]:
        shutil.rmtree(old)
    kept = folder.parent / f"{_COPY}{time.time_ns() // 1000}"
    try:
        shutil.copytree(folder, kept)
    except OSError as error:
        log.warning("redis_file_not_copied", error=str(error))
        shutil.rmtree(kept, ignore_errors=True)
        return ""
    return str(kept)


def _run(checker: str, *arguments: "str | Path") -> "subprocess.CompletedProcess[bytes]":
    command = [checker, *map(str, arguments)]
    return subprocess.run(command, input=b"y\n", capture_output=True, check=False, timeout=CHECK_SECONDS)


def _save(pieces: Sequence[bytes], spill: Spill) -> tuple[int, int]:
    """How many batches are spilled files now, and for how many there was no room."""
    saved = unsaved = 0
    for piece in pieces:
        for batch in batches_in(piece):
            try:
                spill.write(batch)
            except (SpillFull, OSError) as error:
                unsaved += 1
                log.warning("batch_not_saved", batch=batch.name, error=str(error))
            else:
                saved += 1
    return saved, unsaved
