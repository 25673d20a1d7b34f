import time

import pytest

from appliance.cli.progress import Progress


def test_a_terminal_sees_the_number_and_then_an_empty_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    progress = Progress()
    progress.show(1234)
    progress.show(1235)
    progress.end()
    assert capsys.readouterr().err == "\r1,234 packets\r\033[K"


def test_a_pipe_sees_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    progress.show(1)
    progress.end()
    assert capsys.readouterr().err == ""


def test_it_waits_until_it_is_time() -> None:
    started = time.monotonic()
    Progress().wait(started + 0.1, 0)
    assert time.monotonic() - started >= 0.1
