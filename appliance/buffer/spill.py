"""Batches as files, for when Redis is away or full: DATA/spill/NAME.batch, whole or not there at all."""

import os
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

from appliance.buffer.batch import Batch

_SUFFIX = ".batch"
_COUNT = struct.Struct("<I")


class SpillFull(Exception):
    """The spill directory has reached its limit, or the disk its minimum of free space."""


class Spill:
    """The spill directory of one data directory."""

    def __init__(self, directory: Path, limit_bytes: int, min_free_bytes: int) -> None:
        self._directory = directory
        self._limit_bytes = limit_bytes
        self._min_free_bytes = min_free_bytes

    def write(self, batch: Batch) -> None:
        """Write one batch through to the disk. Raises SpillFull or OSError."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.bytes_held() + len(batch.body) > self._limit_bytes:
            raise SpillFull("the spill directory holds as much as [buffer] spill_limit allows")
        if shutil.disk_usage(self._directory).free < self._min_free_bytes:
            raise SpillFull("the disk has less free space than [buffer] min_free")
        temporary = self._directory / f"{batch.name}.tmp"
        try:
            with temporary.open("wb") as file:
                file.write(_COUNT.pack(batch.count) + batch.body)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(self._directory / f"{batch.name}{_SUFFIX}")
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        _sync_directory(self._directory)

    def waiting(self) -> Iterator[Path]:
        """Files of whole batches, oldest name first."""
        return iter(sorted(self._directory.glob(f"*{_SUFFIX}")))

    def read(self, path: Path) -> Batch:
        """The batch of a file. Raises OSError."""
        octets = path.read_bytes()
        count = _COUNT.unpack_from(octets)[0] if len(octets) >= _COUNT.size else 0
        return Batch(path.name.removesuffix(_SUFFIX), count, octets[_COUNT.size :])

    def done(self, path: Path) -> None:
        """Forget a batch that is stored."""
        path.unlink(missing_ok=True)

    def bytes_held(self) -> int:
        """Octets of all batches that wait."""
        return sum(_size(path) for path in self._directory.glob(f"*{_SUFFIX}"))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
