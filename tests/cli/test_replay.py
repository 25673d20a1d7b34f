import subprocess
import sys
import time
from pathlib import Path

from tests.agents.hep_socket import HepSocket, hep_socket
from tests.appliance import eventually
from tests.captures import CAPTURES

CALL = CAPTURES / "MichalCab-ISA/sip.pcap"
REGISTER = CAPTURES / "NormB-sipnab/tests/pcap-samples/sip-register.pcap"


def replay(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "appliance", "replay", *map(str, arguments)], capture_output=True, text=True, timeout=60
    )


def sent(found: HepSocket, *arguments: str | Path) -> str:
    done = replay("--to", f"udp://127.0.0.1:{found.port}", *arguments)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    number = int(done.stdout.split()[-1])
    assert done.stdout == f"sent {number}\n"
    eventually(lambda: len(found.datagrams) == number)
    return done.stdout


def test_a_capture_is_sent_at_its_own_times() -> None:
    with hep_socket() as found:
        assert sent(found, "--speed", "max", CALL) == "sent 9\n"
    packets = found.packets()
    assert [p.time_us for p in packets[:2]] == [1416949761124098, 1416949761124795]
    assert {p.node_name for p in packets} == {b"replay"}


def test_several_captures_and_loops_are_sent_in_turn() -> None:
    with hep_socket() as found:
        assert sent(found, "--speed", "max", "--loop", "3", CALL, REGISTER) == "sent 33\n"


def test_now_moves_each_file_to_the_present_and_keeps_the_distances() -> None:
    before = time.time_ns() // 1000
    with hep_socket() as found:
        sent(found, "--now", "--speed", "max", CALL, REGISTER)
    times = [p.time_us or 0 for p in found.packets()]
    assert before <= times[0] <= time.time_ns() // 1000
    assert times[1] - times[0] == 697
    assert abs(times[9] - times[0]) < 2_000_000


def test_speed_scales_the_pace() -> None:
    started = time.monotonic()
    with hep_socket() as found:
        sent(found, "--speed", "2", CALL)
    assert time.monotonic() - started > 1.6437 / 2


def test_what_is_wrong_is_told_in_one_line_and_by_the_exit_code(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("no capture")
    with hep_socket() as found:
        to = f"udp://127.0.0.1:{found.port}"
        for arguments, words in (
            (("--to", to, notes), "notes.txt is not a capture"),
            (("--to", to, tmp_path / "none.pcap"), "none.pcap cannot be read: No such file"),
            (("--to", to, "--speed", "fast", CALL), "--speed fast"),
        ):
            done = replay(*arguments)
            assert done.returncode == 2
            assert done.stderr.startswith("hepbox: ") and words in done.stderr and done.stderr.count("\n") == 1
    done = replay("--to", to, "--speed", "max", CALL)
    assert done.returncode == 1
    assert "is `hepbox run` running there" in done.stderr


def test_a_file_that_ends_in_the_middle_is_used_as_far_as_it_goes(tmp_path: Path) -> None:
    half = tmp_path / "half.pcap"
    half.write_bytes(CALL.read_bytes()[:4000])
    with hep_socket() as found:
        done = replay("--to", f"udp://127.0.0.1:{found.port}", "--speed", "max", half)
    assert done.returncode == 0
    assert "ends in the middle of frame" in done.stderr
    assert 0 < int(done.stdout.split()[1]) < 9
