"""Invariant: whatever octets come in, the compiled reader stays within them.

    python -m tests.fuzz.hammer --inputs 100000000 --seed 1

makes a hundred neighbours of every composed message (cut anywhere, an octet changed, a piece put in), frames them as
agents do, and gives them to `ingest.usual`. It finds nothing by itself: it is run under the address sanitizer, which
ends the process at the first octet read or written where it does not belong (tests/fuzz/sanitized.py).
"""

import argparse
import json
import random
import struct
import time

from appliance.ingest import usual
from appliance.settings import SipSettings
from tests.fuzz.compiled import NOW_US, OLDEST_DAYS
from tests.fuzz.composed import composed
from tests.fuzz.seeds import TOKENS

NEIGHBOURS = 100
_CHUNKS = (
    b"\0\0\0\x01\0\x07\x02\0\0\0\x02\0\x07\x11\0\0\0\x03\0\x0a\xc0\0\x02\x01\0\0\0\x04\0\x0a\xc0\0\x02\x02"
    b"\0\0\0\x07\0\x08\x13\xc4\0\0\0\x08\0\x08\x13\xc4"
    b"\0\0\0\x09\0\x0a"
    + struct.pack("!I", NOW_US // 1_000_000)
    + b"\0\0\0\x0a\0\x0a\0\0\0\1\0\0\0\x0b\0\x07\1\0\0\0\x0c\0\x0a\0\0\0\7\0\0\0\x13\0\x0aedge"
)


def framed(payload: bytes) -> bytes:
    """The payload as the last octets of a frame: what reads beyond it reads beyond the whole."""
    size = 6 + len(payload)
    return (
        b"HEP3"
        + struct.pack("!H", 6 + len(_CHUNKS) + size)
        + _CHUNKS
        + b"\0\0\0\x0f"
        + struct.pack("!H", size)
        + payload
    )


def neighbour(draw: random.Random, message: bytes) -> bytes:
    """A message that differs a little."""
    at, kind = int(draw.random() * len(message)), draw.random()
    if kind < 0.4:
        return message[:at]
    if kind < 0.7:
        return message[:at] + TOKENS[int(draw.random() * len(TOKENS))] + message[at:]
    return message[:at] + bytes((int(draw.random() * 256),)) + message[at + 1 :]


def hammer(inputs: int, seed: int) -> tuple[int, int]:
    """(how many were given to the reader, how many it took)."""
    draw = random.Random(seed)
    reader = usual.Usual(tuple(name.encode() for name in SipSettings().correlation_headers), OLDEST_DAYS)
    given = taken = 0
    while given < inputs:
        message = composed(draw)
        for number in range(min(NEIGHBOURS, inputs - given)):
            frame = framed(neighbour(draw, message) if number else message)
            if number % 16 == 15:
                frame = neighbour(draw, frame)
            taken += reader.read(frame, NOW_US, "198.51.100.7") is not None
            given += 1
    return given, taken


def main() -> None:
    arguments = argparse.ArgumentParser(description="Give hostile datagrams to the compiled reader.")
    arguments.add_argument("--inputs", type=int, default=1_000_000)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    began = time.monotonic()
    given, taken = hammer(options.inputs, options.seed)
    print(json.dumps({"given": given, "taken": taken, "seconds": round(time.monotonic() - began, 1)}))


if __name__ == "__main__":
    main()
