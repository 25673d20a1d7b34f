import subprocess
import sys
from pathlib import Path


def doctor(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "appliance", "doctor", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_it_says_what_is_wrong_line_by_line_and_fails(tmp_path: Path) -> None:
    done = doctor("--data-dir", str(tmp_path))
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert lines[0].startswith("hepbox ")
    assert all(line.startswith(("ok ", "note ", "wrong ")) for line in lines[1:-1])
    assert any(line.startswith("wrong  database: ") and "hepbox run" in line for line in lines)
    assert lines[-1].endswith(" wrong")


def test_wrong_settings_are_one_sentence_and_exit_2(tmp_path: Path) -> None:
    file = tmp_path / "hepbox.ini"
    file.write_text("[web]\nlisten = everywhere\n")
    done = doctor("--config", str(file))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "[web] listen" in done.stderr
