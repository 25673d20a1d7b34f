"""What every fuzzer does beside its own invariant: shares its inputs out to processes, and prints what they saw."""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Protocol, Self, TypeVar

MOST_BROKEN = 10
"""Inputs that break the invariant after which a process gives up."""


class Seen(Protocol):
    """What one process, or all of them together, saw."""

    broken: list[str]

    def add(self, other: Self) -> None: ...


Found = TypeVar("Found", bound=Seen)


def shared(fuzz: Callable[[int, int], Found], findings: Found, inputs: int, seed: int, processes: int) -> Found:
    """Share the work; each process has a seed of its own. `fuzz` takes a number of inputs and a seed."""
    shares = [inputs // processes + (number < inputs % processes) for number in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for share in pool.map(fuzz, shares, range(seed * processes, (seed + 1) * processes)):
            findings.add(share)
    return findings


@contextmanager
def judged(findings: Seen, data: bytes) -> Iterator[None]:
    """Look at one input: whatever is raised meanwhile breaks the invariant, and is noted with the input."""
    try:
        yield
    except Exception as error:
        findings.broken.append(f"{error!r}: {data.hex()}")


def command(run: Callable[[int, int, int], Seen], description: str) -> int:
    """The exit status."""
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("--inputs", type=int, default=1_000_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--processes", type=int, default=2)
    options = arguments.parse_args()
    began = time.monotonic()
    findings = run(options.inputs, options.seed, options.processes)
    print(json.dumps(vars(findings) | {"seconds": round(time.monotonic() - began, 1)}, indent=1))
    return 1 if findings.broken else 0
