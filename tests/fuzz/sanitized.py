"""The compiled readers built with the address sanitizer, and a program run with them.

    python -m tests.fuzz.sanitized tests.fuzz.hammer --inputs 100000000

builds a copy of the package in a temporary directory, and runs the module there with the sanitizer's library loaded
and each of Python's objects in memory of its own, so that one octet too far is found.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLAGS = (
    "-O1",
    "-g",
    "-fPIC",
    "-shared",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=undefined",
    "-fno-omit-frame-pointer",
)


def build(into: Path, change: Callable[[str], str] = str) -> None:
    """A copy of the package and the tests with sanitized readers; `change` makes another source of each of them."""
    shutil.copytree(
        ROOT / "appliance", into / "appliance", ignore=shutil.ignore_patterns("*.so", "__pycache__", "static")
    )
    (into / "tests").symlink_to(ROOT / "tests")
    folder = into / "appliance/ingest"
    for source in (*folder.glob("*.pyx"), *folder.glob("*.pxi")):
        source.write_text(change(source.read_text()))
    for name in ("usual", "drain"):
        source = folder / f"{name}.pyx"
        made = source.with_suffix(".c")
        subprocess.run([sys.executable, "-m", "cython", "-3", source, "-o", made], check=True)
        library = source.with_suffix(str(sysconfig.get_config_var("EXT_SUFFIX")))
        include = f"-I{sysconfig.get_paths()['include']}"
        subprocess.run(["gcc", *FLAGS, include, made, "-o", library], check=True)


def run(
    *arguments: str, seconds: float | None = None, change: Callable[[str], str] = str
) -> "subprocess.CompletedProcess[str]":
    """`python -m ARGUMENTS` with them."""
    with tempfile.TemporaryDirectory(prefix="hepbox-sanitized-") as directory:
        build(Path(directory), change)
        find = ["gcc", "-print-file-name=libasan.so"]
        library = subprocess.run(find, capture_output=True, text=True, check=True).stdout.strip()
        environment = os.environ | {
            "LD_PRELOAD": library,
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1",
            "PYTHONMALLOC": "malloc",
            "PYTHONPATH": directory,
        }
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(
            command, cwd=directory, env=environment, capture_output=True, text=True, timeout=seconds, check=False
        )


if __name__ == "__main__":
    finished = run(*sys.argv[1:])
    print(finished.stdout, finished.stderr[-4000:], sep="\n")
    sys.exit(finished.returncode)
