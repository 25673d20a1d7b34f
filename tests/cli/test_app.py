import subprocess
import sys

COMMANDS = {
    "run", "status", "doctor", "replay", "import", "demo", "search", "call", "user", "token", "rotate",
    "schema", "bench",
}  # fmt: skip


def hepbox(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "appliance", *arguments], capture_output=True, text=True, timeout=120)


def test_every_command_is_found_and_says_what_it_does() -> None:
    done = hepbox("--help")
    assert done.returncode == 0
    lines = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.startswith("  ")}
    assert set(lines) >= COMMANDS
    assert all(lines[command] for command in COMMANDS)


def test_a_command_that_there_is_not_is_wrong_usage() -> None:
    done = hepbox("fly")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such command 'fly'" in done.stderr


def test_without_a_command_it_tells_which_there_are() -> None:
    done = hepbox()
    assert "status" in done.stdout + done.stderr
