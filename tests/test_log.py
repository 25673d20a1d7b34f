import json
import subprocess
import sys
from pathlib import Path
from typing import IO

PROGRAM = """
import logging
import threading
from appliance import log
early = log.logger()
log.configure("writer-0")
early.info("tables_made_on_demand", day="2026-11-23")
early.debug("not_shown")
try:
    raise ValueError("a reason")
except ValueError:
    early.exception("went_wrong")
logging.getLogger("some.library").warning("said %s", "this")
thread = threading.Thread(target=lambda: early.warning("said_in_a_thread"))
thread.start()
thread.join()
print("for the user")
"""


def run(stderr: int | IO[str] = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=stderr, text=True, timeout=60, check=True)


def test_in_a_pipe_an_event_is_one_line_of_json_with_its_process() -> None:
    done = run()
    first, second, library, threaded = done.stderr.splitlines()
    event = json.loads(first)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "tables_made_on_demand",
        "day": "2026-11-23",
        "process": "writer-0",
        "level": "info",
    }
    assert "ValueError: a reason" in json.loads(second)["exception"]
    assert library == "some.library: said this"
    assert json.loads(threaded)["process"] == "writer-0"


def test_a_log_that_nothing_can_be_written_to_ends_no_process() -> None:
    """/dev/full is always out of room."""
    with Path("/dev/full").open("w") as full:
        assert run(full).stdout == "for the user\n"


def test_standard_output_is_left_to_the_command() -> None:
    assert run().stdout == "for the user\n"
