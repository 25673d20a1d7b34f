"""Kernel limits, memory, disk and clock of this machine."""

import ctypes
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import psutil

from appliance.cli.checks.finding import Finding, note, ok, wrong
from appliance.settings import Settings, byte_count

RECEIVE_BUFFER_BYTES = 33554432
OPEN_FILES = 8192
MEMORY_BYTES = 900 << 20
FULL_PERCENT = 90
_UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)


def examine(settings: Settings) -> Iterator[Finding]:
    yield receive_buffers(_number(Path("/proc/sys/net/core/rmem_max")))
    yield open_files(resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    if not settings.redis.url:
        yield overcommit(_number(Path("/proc/sys/vm/overcommit_memory")))
    yield memory(psutil.virtual_memory().total)
    yield from disk(settings)
    yield clock(_clock_state())


def receive_buffers(largest: int | None) -> Finding:
    """`largest` is net.core.rmem_max in octets; None where the kernel does not tell (a container)."""
    subject, remedy = "receive buffers", "sysctl -w net.core.rmem_max=33554432, and keep it in /etc/sysctl.d"
    if largest is None:
        return note(subject, "net.core.rmem_max cannot be read here", f"on the host of this container: {remedy}")
    if largest < RECEIVE_BUFFER_BYTES:
        return note(subject, f"net.core.rmem_max is {largest}, so a burst of HEP may be dropped by the kernel", remedy)
    return ok(subject, f"net.core.rmem_max is {largest}")


def open_files(limit: int) -> Finding:
    if limit != resource.RLIM_INFINITY and limit < OPEN_FILES:
        remedy = f"set LimitNOFILE={OPEN_FILES} or more in the service, or ulimit -n before hepbox run"
        return wrong("open files", f"a process may open {limit}", remedy)
    return ok("open files", "no limit" if limit == resource.RLIM_INFINITY else f"a process may open {limit}")


def overcommit(mode: int | None) -> Finding:
    """Redis forks to rewrite its file; strict accounting (2) refuses that when it is large."""
    if mode == 2:
        remedy = "sysctl -w vm.overcommit_memory=0, or use another Redis with [redis] url"
        return note("memory overcommit", "vm.overcommit_memory is 2, so Redis may not rewrite its file", remedy)
    return ok("memory overcommit", "Redis can rewrite its file" if mode is not None else "not told here")


def memory(total: int) -> Finding:
    said = f"{total >> 20} MiB"
    if total < MEMORY_BYTES:
        return wrong("memory", said, f"give this machine {MEMORY_BYTES >> 20} MiB or more")
    return ok("memory", said)


def disk(settings: Settings) -> Iterator[Finding]:
    """The data directory: there, ours to write, with room."""
    directory = settings.paths.data
    if not directory.is_dir():
        yield note("data directory", f"{directory} is not there yet", "hepbox run makes it")
        return
    if not os.access(directory, os.W_OK | os.X_OK):
        remedy = "chown it to the user that hepbox runs as, or run this as that user or root"
        yield wrong("data directory", f"{directory} cannot be written by user {os.geteuid()}", remedy)
    usage = psutil.disk_usage(str(directory))
    said = f"{usage.free >> 20} MiB free of {usage.total >> 20} for {directory}"
    if usage.free < 2 * byte_count(settings.buffer.min_free):
        yield wrong("disk", said, "free some, shorten the days in rotation.ini, or move [paths] data to a larger disk")
    elif usage.percent > FULL_PERCENT:
        yield note("disk", said, "shorten the days in rotation.ini before it is full")
    else:
        yield ok("disk", said)


def clock(state: int | None) -> Finding:
    """`state` is what adjtimex(2) returned; None where it cannot be asked."""
    if state is None:
        return note("clock", "its state cannot be read here", "see that the host keeps its clock by NTP")
    if state == _UNSYNCHRONISED:
        remedy = "install chrony or switch on systemd-timesyncd; messages of several agents are put in order by time"
        return note("clock", "not kept by NTP", remedy)
    return ok("clock", "kept by NTP")


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _clock_state() -> int | None:
    timex = ctypes.create_string_buffer(512)  # struct timex, modes = 0: only asks
    state = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
    return state if state >= 0 else None
