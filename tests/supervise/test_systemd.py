import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import replace

import pytest

from appliance.ingest.sockets import Listeners, open_listeners, open_tls
from appliance.supervise import systemd
from tests.appliance import free_port


@pytest.fixture
def listeners() -> Listeners:
    return open_listeners(f"127.0.0.1:{free_port()}", 2)


def named(listeners: Listeners) -> dict[str, socket.socket]:
    return {"hep-udp-0": listeners.udp[0], "hep-udp-1": listeners.udp[1], "hep-tcp": listeners.tcp}


def listen_of(listeners: Listeners) -> str:
    return "{}:{}".format(*listeners.tcp.getsockname())


def test_without_systemd_nothing_is_kept(listeners: Listeners) -> None:
    assert systemd.kept_sockets({}, os.getpid()) == {}
    assert systemd.kept_listeners({}, listen_of(listeners), 2) is None
    assert not systemd.keep(listeners, {})


def test_what_was_left_for_another_process_is_not_ours() -> None:
    assert systemd.kept_sockets({"LISTEN_PID": "1", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "x"}, 2) == {}


def test_listeners_are_given_to_the_store_with_their_names(listeners: Listeners) -> None:
    with tempfile.TemporaryDirectory() as directory, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as store:
        store.bind(f"{directory}/notify")
        assert systemd.keep(listeners, {"NOTIFY_SOCKET": f"{directory}/notify"})
        given = {}
        for _ in range(6):
            message, descriptors, _, _ = socket.recv_fds(store, 1000, 4)
            words = dict(line.split("=") for line in message.decode().splitlines())
            if "FDSTORE" in words:
                given[words["FDNAME"]] = socket.socket(fileno=descriptors[0])
    assert {name: held.getsockname() for name, held in given.items()} == {
        name: held.getsockname() for name, held in named(listeners).items()
    }


def test_kept_listeners_are_used_when_they_are_what_the_settings_ask_for(listeners: Listeners) -> None:
    assert systemd.kept_listeners(named(listeners), listen_of(listeners), 2) == listeners


def test_the_listener_for_tls_is_kept_with_the_others_and_old_names_are_given_up(listeners: Listeners) -> None:
    port = free_port()
    secured = replace(listeners, tls=open_tls(f"127.0.0.1:{port}"))
    assert secured.tls is not None
    with tempfile.TemporaryDirectory() as directory, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as store:
        store.bind(f"{directory}/notify")
        assert systemd.keep(secured, {"NOTIFY_SOCKET": f"{directory}/notify"}, ["hep-udp-0", "hep-udp-7"])
        said = [store.recv(1000).decode() for _ in range(9)]
    assert "FDSTOREREMOVE=1\nFDNAME=hep-udp-7" in said
    assert "FDSTORE=1\nFDNAME=hep-tls\nFDPOLL=0" in said
    kept = named(listeners) | {"hep-tls": secured.tls}
    assert systemd.kept_listeners(kept, listen_of(listeners), 2, f"127.0.0.1:{port}") == secured
    assert systemd.kept_listeners(kept, listen_of(listeners), 2) is None, "TLS is off now"


@pytest.mark.parametrize("receivers", [1, 3])
def test_kept_listeners_are_closed_when_the_number_of_receivers_changed(listeners: Listeners, receivers: int) -> None:
    assert systemd.kept_listeners(named(listeners), listen_of(listeners), receivers) is None
    assert listeners.tcp.fileno() == -1


def test_kept_listeners_are_closed_when_the_address_changed(listeners: Listeners) -> None:
    assert systemd.kept_listeners(named(listeners), "127.0.0.1:1", 2) is None
    assert listeners.udp[0].fileno() == -1


TAKE = """
import os, sys
from appliance.supervise import systemd
os.environ["LISTEN_PID"] = str(os.getpid())
found = systemd.kept_listeners(systemd.kept_sockets(os.environ, os.getpid()), sys.argv[1], 2)
read = 0
for held in found.udp:
    try:
        while held.recv(100):
            read += 1
    except BlockingIOError:
        pass
print(read)
"""


def test_a_process_takes_the_sockets_that_were_kept_for_it_with_what_came_meanwhile(listeners: Listeners) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as agent:
        for _ in range(20):
            agent.sendto(b"sent meanwhile", listeners.udp[0].getsockname())
    ordered = [listeners.udp[0], listeners.udp[1], listeners.tcp]
    environment = os.environ | {"LISTEN_FDS": "3", "LISTEN_FDNAMES": "hep-udp-0:hep-udp-1:hep-tcp"}

    def from_three_on() -> None:
        copies = [os.dup2(held.fileno(), 50 + index) for index, held in enumerate(ordered)]
        for index, copy in enumerate(copies):
            os.dup2(copy, 3 + index)

    command = [sys.executable, "-c", TAKE, listen_of(listeners)]
    done = subprocess.run(command, env=environment, preexec_fn=from_three_on, close_fds=False, capture_output=True)
    assert done.stdout.strip() == b"20", done.stderr
