"""A number that a test turns while an instance runs, read by a small library preloaded into its processes (*.c)."""

import mmap
import struct
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent


class Dial:
    """`source` is one of ours, `variable` the one by which it learns where the number is: 64 bits, 0 at first."""

    def __init__(self, directory: Path, source: str, variable: str) -> None:
        library, file = directory / f"{source}.so", directory / f"{source}.number"
        subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", library, FOLDER / source, "-ldl"], check=True)
        file.write_bytes(bytes(8))
        with file.open("r+b") as opened:
            self._number = mmap.mmap(opened.fileno(), 8)
        self.environment = {"LD_PRELOAD": str(library), variable: str(file)}

    @property
    def value(self) -> int:
        (number,) = struct.unpack("<q", self._number)
        return int(number)

    @value.setter
    def value(self, number: int) -> None:
        self._number[:] = struct.pack("<q", number)
