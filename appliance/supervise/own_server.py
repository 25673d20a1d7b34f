"""What the appliance's own MariaDB and Redis have in common: who they run as, where, and what must not go wrong.

Their data lie in DATA/mysql and DATA/redis, sockets and generated configuration in DATA/run, which only their
account (and root) may enter: that directory, not a password, is what keeps others away from both servers.
"""

import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

import psutil

ACCOUNT = "hepbox"
SOCKET_OCTETS = 107
"""The longest path of a Unix socket (sun_path less its NUL)."""
ORPHAN_SECONDS = 120
_PLACES = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/usr/libexec")


class ServerError(Exception):
    """A server cannot be started or used; the text is one sentence for the operator."""


def account() -> pwd.struct_passwd | None:
    """The user that the servers are started as by root; None when that is whoever we are."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        return None


def started_as_account(command: list[str]) -> list[str]:
    """The command, run as the servers' account, and told to end when the process that started it is gone."""
    setpriv, owner = shutil.which("setpriv"), account()
    if setpriv is None:
        if owner is not None:
            raise ServerError(f"setpriv is missing, which starts servers as user {ACCOUNT}: install util-linux")
        return command
    identity = [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--init-groups"] if owner else []
    return [setpriv, *identity, "--pdeathsig", "TERM", "--", *command]


def program(name: str, package: str, setting: str) -> str:
    """The path of a server's program."""
    path = os.pathsep.join((os.environ.get("PATH", ""), *_PLACES))
    found = shutil.which(name, path=path)
    if found is None:
        raise ServerError(
            f"{name} is not installed: install the package {package}, or name a server of your own by {setting}"
        )
    return found


def program_version(path: str, pattern: str) -> tuple[int, int]:
    """Major and minor version by what `PATH --version` says, found by a pattern with two groups."""
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=30)
    match = re.search(pattern, answer.stdout)
    if match is None:
        raise ServerError(f"{path} --version does not say its version: {answer.stdout.strip()!r}")
    return int(match[1]), int(match[2])


def own_directory(path: Path) -> Path:
    """Make the directory for the servers' account alone."""
    owner = account()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if owner is not None:
            os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
        path.chmod(0o700)
    except OSError as error:
        raise ServerError(f"{path} cannot be made or entered: {error.strerror}") from error
    return path


def check_reach(path: Path) -> None:
    """The account must be able to write to `path`: a data directory under /root is out of its reach."""
    owner = account()
    if owner is None:
        return
    answer = subprocess.run(started_as_account(["test", "-w", str(path)]), check=False, timeout=30)
    if answer.returncode != 0:
        raise ServerError(
            f"user {ACCOUNT} cannot reach {path}: choose a data directory whose parents others may enter (chmod o+x)"
        )


def hand_over(path: Path) -> None:
    """Give a tree to the account, as after a restore by root."""
    owner = account()
    if owner is None:
        return
    for found in (path, *path.rglob("*")):
        os.lchown(found, owner.pw_uid, owner.pw_gid)


def check_socket(path: Path) -> None:
    """A socket's path must fit the kernel's field."""
    length = len(os.fsencode(path))
    if length > SOCKET_OCTETS:
        raise ServerError(
            f"the data directory's path is too long for the socket {path} ({length} octets, at most {SOCKET_OCTETS}):"
            " choose a shorter one"
        )


def write_private(path: Path, text: str) -> None:
    """Write a file that only the servers' account may read."""
    owner = account()
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        if owner is not None:
            os.fchown(descriptor, owner.pw_uid, owner.pw_gid)
    new.replace(path)


def end_orphan(pid_file: Path, configuration: Path) -> None:
    """End a server that a killed supervisor of this data directory has left behind; the caller holds its lock."""
    try:
        process = psutil.Process(int(pid_file.read_text()))
        ours = any(str(configuration) in argument for argument in process.cmdline())
    except (OSError, ValueError, psutil.Error):
        return
    if not ours or process.pid == os.getpid():
        return
    try:
        process.terminate()
        process.wait(ORPHAN_SECONDS)
    except psutil.NoSuchProcess:
        return
    except psutil.Error as error:
        raise ServerError(
            f"process {process.pid} of an earlier run still uses {configuration} and does not end: kill it"
        ) from error


def guard_version(marker: Path, product: str, version: tuple[int, int]) -> None:
    """Refuse data that a newer server has written, and note that this version writes it now."""
    try:
        words = marker.read_text(encoding="ascii").split(".")
        written_by = (int(words[0]), int(words[1]))
    except FileNotFoundError:
        written_by = (0, 0)
    except (OSError, ValueError, IndexError) as error:
        raise ServerError(f"{marker} cannot be read: {error}") from error
    if written_by > version:
        newer = f"{product} {dotted(written_by)}"
        raise ServerError(
            f"{marker.parent} was written by {newer}, here is {dotted(version)}, and data do not go back:"
            f" install {newer} or a later one"
        )
    write_private(marker, f"{dotted(version)}\n")


def dotted(version: tuple[int, int]) -> str:
    """A version as people write it."""
    return f"{version[0]}.{version[1]}"
