import os
import socket
import subprocess
import sys

from appliance.cli.checks import ports
from appliance.cli.checks.finding import Verdict

LISTEN = """
import socket, sys
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
sys.stdin.read()
"""
UDP, TCP = socket.SOCK_DGRAM, socket.SOCK_STREAM


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_free_port_is_noted_because_nobody_listens() -> None:
    finding = ports.port("HEP", f"127.0.0.1:{free_port(UDP)}", UDP, "[hep] listen")
    assert finding.verdict is Verdict.NOTE
    assert "nobody listens" in finding.said


def test_a_port_held_by_another_program_is_wrong_and_names_it() -> None:
    with socket.socket(socket.AF_INET, UDP) as holder:
        holder.bind(("127.0.0.1", 0))
        finding = ports.port("HEP", f"127.0.0.1:{holder.getsockname()[1]}", UDP, "[hep] listen")
    assert finding.verdict is Verdict.WRONG
    assert f"process {os.getpid()}" in finding.said
    assert "[hep] listen" in finding.remedy


def test_a_port_held_by_hepbox_is_ok() -> None:
    command = [sys.executable, "-c", LISTEN, "hepbox", "run"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        number = int(holder.stdout.readline())
        finding = ports.port("GUI", f"127.0.0.1:{number}", TCP, "[web] listen")
        holder.communicate()
    assert finding.verdict is Verdict.OK


def test_an_address_of_another_machine_is_wrong() -> None:
    finding = ports.port("GUI", "192.0.2.1:8080", TCP, "[web] listen")
    assert finding.verdict is Verdict.WRONG
    assert "no address of this machine" in finding.said
