import json
import subprocess
import sys

PROGRAM = """
import logging
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
print("for the user")
"""


def run() -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True)


def test_in_a_pipe_an_event_is_one_line_of_json_with_its_process() -> None:
    done = run()
    first, second, library = done.stderr.splitlines()
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


def test_standard_output_is_left_to_the_command() -> None:
    assert run().stdout == "for the user\n"
