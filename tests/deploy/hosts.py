"""Throw-away machines to install on: containers with an init and without, made of Debian's own packages.

The base images are made by a script that lies beside the project (CONTRIBUTING.md); nothing is pulled.
"""

import fcntl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKE_IMAGES = ROOT.parent / "shared" / "tools" / "container-base"
WITH_SYSTEMD = "localhost/test-host"
PLAIN = "docker.io/library/debian:bookworm-slim"
CHECKOUT = "/srv/checkout"
_LEFT_OUT = (".venv", ".git", ".hepbox", "*_cache", "__pycache__", "*.egg-info", "build", "dist", ".hypothesis")


@dataclass(frozen=True, slots=True)
class Host:
    """One container; commands run in it as root unless another user is named."""

    container: str

    def run(self, command: str, *, ok: bool = True, given: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a line of bash in the checkout; fails the test when it fails, unless told not to."""
        line = ["podman", "exec", "-i", "-w", CHECKOUT, self.container, "bash", "-c", command]
        done = subprocess.run(line, input=given, capture_output=True, text=True, timeout=600)
        if ok:
            assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def says(self, command: str) -> str:
        return self.run(command).stdout.strip()

    @property
    def address(self) -> str:
        return self.says("hostname -I").split()[0]

    def restart(self) -> None:
        """As after a reboot: everything that ran is gone, the disk is as it was."""
        subprocess.run(["podman", "restart", "-t", "150", self.container], check=True, capture_output=True, timeout=300)

    def snapshot(self) -> list[str]:
        """Every file and directory with kind, owner, mode, size and time, but for what Debian writes by itself."""
        passed = ("/proc", "/sys", "/dev", "/run", "/tmp", "/var/log", "/var/tmp", "/var/lib/systemd", CHECKOUT)
        skip = " -o ".join(f"-path {path}" for path in passed)
        listing = self.says(f"find / \\( {skip} \\) -prune -o -printf '%p %y %u %m %s %T@\\n'")
        # a file that is looked at through a link to itself, and directories that a temporary file passed through
        return sorted(line for line in listing.splitlines() if not line.startswith(("/ ", "/root ", "/etc/mtab ")))


@contextmanager
def host(image: str, *options: str) -> Iterator[Host]:
    """A new host with the checkout on it, and nothing else of ours; it is gone at the end."""
    start = ["podman", "run", "-d", "--hostname", "capture", *options, image]
    if image == WITH_SYSTEMD:
        start = ["podman", "run", "-d", "--hostname", "capture", "--systemd", "always", "--privileged", *options, image]
    else:
        start += ["sleep", "infinity"]
    done = subprocess.run(start, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    made = Host(done.stdout.strip())
    try:
        _copy_checkout(made)
        yield made
    finally:
        subprocess.run(["podman", "rm", "-f", "-t", "1", made.container], capture_output=True, timeout=120, check=False)


def _copy_checkout(made: Host) -> None:
    pack = ["tar", "-C", str(ROOT), "-c", *(f"--exclude={name}" for name in _LEFT_OUT), "."]
    archive = subprocess.run(pack, capture_output=True, check=True, timeout=120).stdout
    unpack = ["podman", "exec", "-i", made.container, "bash", "-c", f"mkdir -p {CHECKOUT} && tar -x -C {CHECKOUT}"]
    subprocess.run(unpack, input=archive, check=True, capture_output=True, timeout=120)


def make_images() -> None:
    """The base images, if they are not there; skips when the script for them is not at hand."""
    if not MAKE_IMAGES.exists():
        pytest.skip(
            f"hosts to install on are made by {MAKE_IMAGES.name}, which lies beside the project and is not here"
        )
    with Path(tempfile.gettempdir(), "hepbox-test-hosts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two at once would meet in apt
        done = subprocess.run([str(MAKE_IMAGES)], capture_output=True, text=True, timeout=900)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        pytest.skip(f"hosts to install on cannot be made here: {said[-1] if said else MAKE_IMAGES.name + ' failed'}")
