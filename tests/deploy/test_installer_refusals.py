"""What stands in the way is said before anything is changed."""

from collections.abc import Iterator

import pytest

from tests.deploy.hosts import PLAIN, Host, host

pytestmark = [pytest.mark.host, pytest.mark.timeout(900)]

LISTEN = "perl -MIO::Socket::INET -e '$| = 1; $s = IO::Socket::INET->new({options}) or die; print qq(up\\n); sleep 600'"


@pytest.fixture(scope="module")
def plain() -> Iterator[Host]:
    with host(PLAIN) as machine:
        yield machine


def refused(machine: Host, command: str) -> str:
    """The sentence, after seeing that it is one and that nothing changed."""
    before = machine.snapshot()
    done = machine.run(command, ok=False)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.endswith("Nothing was changed.\n")
    assert machine.snapshot() == before
    return done.stderr


def test_it_must_be_root(plain: Host) -> None:
    assert "must be run as root" in refused(plain, "runuser -u nobody ./installer.sh")


def test_it_names_a_system_that_it_does_not_know(plain: Host) -> None:
    plain.run("printf 'ID=debian\\nVERSION_ID=11\\n' >/tmp/os-release")
    assert "this system is debian-11" in refused(plain, "os_release=/tmp/os-release ./installer.sh")
    plain.run("printf 'ID=fedora\\nVERSION_ID=44\\n' >/tmp/os-release")
    assert "this system is fedora-44" in refused(plain, "os_release=/tmp/os-release ./installer.sh")


@pytest.mark.parametrize(
    ("options", "port"),
    [
        ("LocalPort => 9060, Proto => q(udp)", "9060/udp"),
        ("LocalPort => 9060, Proto => q(tcp), Listen => 1", "9060/tcp"),
        ("LocalPort => 80, Proto => q(tcp), Listen => 1", "80/tcp"),
    ],
)
def test_it_names_who_has_taken_a_port(plain: Host, options: str, port: str) -> None:
    listen = LISTEN.format(options=options)
    plain.run(f"{listen} </dev/null >/tmp/listener 2>&1 & echo $! >/tmp/listener.pid; sleep 0.5; grep up /tmp/listener")
    try:
        sentence = refused(plain, "./installer.sh")
    finally:
        plain.run("kill $(cat /tmp/listener.pid)")
    assert f"port {port}" in sentence
    assert "taken by perl (process" in sentence


def test_another_port_can_be_chosen_where_the_usual_one_is_taken(plain: Host) -> None:
    line = "source ./installer.sh; web_listen=0.0.0.0:8080 hep_listen=; check_ports; echo fine"
    assert plain.says(line) == "fine"


def test_a_disk_without_room_is_named() -> None:
    with host(PLAIN, "--tmpfs", "/opt:size=100m") as machine:
        sentence = refused(machine, "./installer.sh")
    assert "/opt has " in sentence
    assert "MiB free" in sentence


def test_a_small_disk_for_the_data_is_named() -> None:
    with host(PLAIN, "--tmpfs", "/var/lib/hepbox:size=200m") as machine:
        assert "/var/lib/hepbox has 200 MiB free" in refused(machine, "./installer.sh")


def test_too_little_memory_is_named(plain: Host) -> None:
    line = "source ./installer.sh; memory_mb() { echo 256; }; main"
    assert "256 MiB of memory" in refused(plain, line)


@pytest.mark.parametrize("arguments", ["--nonsense", "--web", "--web 80", "--hep host:99999", "--admin-password short"])
def test_wrong_options_are_named(plain: Host, arguments: str) -> None:
    assert arguments.split()[0] in refused(plain, f"./installer.sh {arguments}") or "password" in arguments


def test_help_says_what_there_is(plain: Host) -> None:
    shown = plain.says("./installer.sh --help")
    for option in ("--web", "--hep", "--admin-password", "--dev", "--remove", "--purge"):
        assert option in shown
