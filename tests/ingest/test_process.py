import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.appliance import eventually

RUNNABLE = """
import asyncio, sys
from appliance.ingest import process
class Work:
    def __init__(self): self.told = asyncio.Event()
    def stop(self): self.told.set()
    async def run(self):
        print("running", flush=True)
        await self.told.wait()
        print("finished", flush=True)
process.run("worker-1", Work())
"""
IN_THE_LOOP = """
import asyncio, threading
from appliance.ingest import process
class Work:
    def stop(self): ...
    async def run(self):
        print(await asyncio.to_thread(threading.current_thread) is threading.main_thread(), flush=True)
        try: await asyncio.to_thread(int, "x")
        except ValueError as error: print("told", flush=True)
process.run("writer-1", Work())
"""
PARENT = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {RUNNABLE!r}], stdout=subprocess.PIPE, text=True)
assert child.stdout.readline() == "running\\n"
print(child.pid, flush=True)
time.sleep(600)
"""


def start(program: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_what_a_library_gives_to_a_thread_is_done_in_the_loop_with_its_errors() -> None:
    with start(IN_THE_LOOP) as child:
        assert (line(child), line(child)) == ("True", "told")


def test_told_to_stop_it_finishes_its_work() -> None:
    with start(RUNNABLE) as process:
        assert line(process) == "running"
        process.send_signal(signal.SIGINT)  # of a terminal, meant for the supervisor
        time.sleep(0.2)
        assert process.poll() is None
        process.terminate()
        assert line(process) == "finished"
        assert process.wait(20) == 0


def test_it_ends_when_its_parent_is_killed() -> None:
    with start(PARENT) as parent:
        child = int(line(parent))
        parent.kill()
        parent.wait()
    eventually(lambda: not _is_alive(child))


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_its_name_is_on_every_line_of_its_log() -> None:
    program = "from appliance.ingest import process\nprocess.begin('receiver-4')\nprocess.log.logger().info('began')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stderr)["process"] == "receiver-4"
