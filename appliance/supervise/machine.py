"""What this machine gives to servers: memory within its limits, and what its file system can do."""

import ctypes
import os
import tempfile
from pathlib import Path

import psutil

MIB = 1024 * 1024
_CGROUPS = Path("/sys/fs/cgroup")
_FALLOC_PUNCH = 0x01 | 0x02  # FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE
_HOLE_OCTETS = 4096


def memory_octets(membership: Path = Path("/proc/self/cgroup"), cgroups: Path = _CGROUPS) -> int:
    """The machine's memory, or the smallest limit that a container or unit puts on us."""
    limits = [int(psutil.virtual_memory().total)]
    for folder in _cgroup_folders(membership, cgroups):
        for name in ("memory.max", "memory.limit_in_bytes"):
            try:
                limits.append(int((folder / name).read_text()))
            except (OSError, ValueError):
                continue  # "max": no limit here
    return min(limits)


def _cgroup_folders(membership: Path, cgroups: Path) -> list[Path]:
    """Our own control groups and those above them, version 2 and 1."""
    folders = [cgroups, cgroups / "memory"]
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return folders
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers not in ("", "memory"):
            continue
        folder = cgroups / controllers / path.strip("/")
        folders += [folder, *(parent for parent in folder.parents if parent.is_relative_to(cgroups))]
    return folders


def punches_holes(directory: Path) -> bool:
    """Whether a file here can give back octets from its middle, which page compression lives on."""
    with tempfile.NamedTemporaryFile(dir=directory) as file:
        file.write(b"\xff" * 16 * _HOLE_OCTETS)
        file.flush()
        os.fsync(file.fileno())
        full = os.fstat(file.fileno()).st_blocks
        libc = ctypes.CDLL(None, use_errno=True)
        offset, length = ctypes.c_int64(_HOLE_OCTETS), ctypes.c_int64(8 * _HOLE_OCTETS)
        failed = libc.fallocate(ctypes.c_int(file.fileno()), ctypes.c_int(_FALLOC_PUNCH), offset, length)
        os.fsync(file.fileno())
        return not failed and os.fstat(file.fileno()).st_blocks < full


def takes_direct_io(directory: Path) -> bool:
    """Whether files here may be opened past the page cache (tmpfs and some overlays refuse)."""
    with tempfile.NamedTemporaryFile(dir=directory) as file:
        try:
            os.close(os.open(file.name, os.O_RDWR | os.O_DIRECT))
        except OSError:
            return False
    return True
