"""One command on a fresh Debian gives a running appliance; again changes nothing; it can be taken away."""

import socket
import time
import urllib.request
from collections.abc import Iterator

import pytest

from tests.deploy.hosts import WITH_SYSTEMD, Host, host

pytestmark = [pytest.mark.host, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def machine() -> Iterator[Host]:
    with host(WITH_SYSTEMD) as made:
        made.run("systemctl is-system-running --wait", ok=False)
        yield made


@pytest.fixture
def installed(machine: Host) -> Host:
    """Installed and healthy, whatever the test before did to it."""
    if machine.run("hepbox status", ok=False).returncode:
        machine.run("./installer.sh")
    return machine


def wait_until_healthy(machine: Host, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while (done := machine.run("hepbox status", ok=False)).returncode:
        assert time.monotonic() < deadline, done.stdout + done.stderr + machine.run("journalctl -u hepbox -n 40").stdout
        time.sleep(1)


def answers(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return bytes(answer.read())


def test_it_ends_by_saying_where_the_gui_is_and_how_to_sign_in(installed: Host) -> None:
    shown = installed.says("./installer.sh")
    assert f"http://{installed.address}\n" in shown
    assert "admin / test123" in shown
    assert f"{installed.address}:9060" in shown


def test_the_gui_and_the_hep_port_are_reachable_from_other_machines(installed: Host) -> None:
    assert b"<html" in answers(f"http://{installed.address}/login").lower()
    with socket.create_connection((installed.address, 9060), timeout=5):
        pass


def test_what_an_agent_sends_is_found(installed: Host) -> None:
    installed.run("hepbox demo --cps 5 --seconds 2")
    deadline = time.monotonic() + 30
    while not (rows := installed.says("hepbox search '' --view messages --format csv").splitlines()[1:]):
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert rows


def test_status_and_doctor_find_nothing_wrong(installed: Host) -> None:
    installed.run("hepbox status")
    assert installed.says("hepbox doctor").splitlines()[-1] == "nothing is wrong"


def test_nothing_of_it_runs_as_root_or_on_the_ports_of_other_servers(installed: Host) -> None:
    processes = installed.says("grep -l /hepbox.service /proc/[0-9]*/cgroup | cut -d/ -f3").split()
    assert len(processes) > 5
    owners = {installed.says(f"stat -c %U /proc/{process}") for process in processes}
    assert owners == {"hepbox"}
    listening = installed.says("ss -Hltn")
    assert ":3306" not in listening
    assert ":6379" not in listening


def test_the_service_is_confined(installed: Host) -> None:
    confined = installed.says("systemctl show hepbox -p User,NoNewPrivileges,ProtectSystem,CapabilityBoundingSet")
    assert {"User=hepbox", "NoNewPrivileges=yes", "ProtectSystem=strict"} <= set(confined.splitlines())
    assert "CapabilityBoundingSet=cap_net_bind_service" in confined


def test_settings_are_readable_by_root_and_hepbox_alone(installed: Host) -> None:
    assert installed.says("stat -c '%U %G %a' /etc/hepbox/hepbox.ini") == "root hepbox 640"
    assert installed.says("stat -c '%U %G %a' /var/lib/hepbox") == "hepbox hepbox 750"


def test_a_second_run_changes_nothing(installed: Host) -> None:
    def state() -> list[str]:
        files = [line for line in installed.snapshot() if not line.startswith("/var/lib/hepbox/")]
        return [*files, installed.says("systemctl show hepbox -p MainPID -p NRestarts -p ActiveEnterTimestamp")]

    before = state()
    installed.run("./installer.sh")
    assert state() == before


def test_settings_of_the_operator_stay(installed: Host) -> None:
    installed.run("printf '\\n[sip]\\ncorrelation_headers = X-Leg\\n' >>/etc/hepbox/hepbox.ini")
    installed.run("./installer.sh")
    assert "X-Leg" in installed.says("cat /etc/hepbox/hepbox.ini")


def test_new_code_is_an_upgrade_that_keeps_the_data(installed: Host) -> None:
    installed.run("hepbox demo --cps 5 --seconds 2; sleep 3")
    stored = installed.says("hepbox search '' --view messages --format csv | wc -l")
    before = installed.says("readlink /opt/hepbox/current")
    installed.run("echo '# a later version' >>appliance/__main__.py")
    try:
        installed.run("./installer.sh")
        assert installed.says("readlink /opt/hepbox/current") != before
        assert installed.says("ls /opt/hepbox | grep -c ^0") == "1"
        assert int(installed.says("hepbox search '' --view messages --format csv | wc -l")) >= int(stored)
    finally:
        installed.run("sed -i '$d' appliance/__main__.py")


def test_an_upgrade_that_cannot_be_installed_leaves_what_runs(installed: Host) -> None:
    process = installed.says("systemctl show hepbox -p MainPID")
    installed.run("echo '# a version after that' >>appliance/__main__.py")
    try:
        done = installed.run("export PIP_NO_INDEX=1; ./installer.sh", ok=False)
    finally:
        installed.run("sed -i '$d' appliance/__main__.py")
    assert done.returncode == 1
    assert "what ran before still runs" in done.stderr
    assert "/var/log/hepbox-install.log" in done.stderr
    assert installed.says("systemctl show hepbox -p MainPID") == process
    installed.run("hepbox status")


def test_it_comes_back_after_a_reboot(installed: Host) -> None:
    installed.restart()
    wait_until_healthy(installed)
    assert answers(f"http://{installed.address}/healthz")


def test_it_comes_back_when_it_is_killed(installed: Host) -> None:
    installed.run("kill -9 $(systemctl show hepbox -p MainPID --value)")
    time.sleep(3)
    wait_until_healthy(installed)


def test_removal_leaves_settings_and_data_and_an_installation_after_it_finds_them(installed: Host) -> None:
    installed.run("hepbox demo --cps 5 --seconds 2; sleep 3")
    stored = int(installed.says("hepbox search '' --view messages --format csv | wc -l"))
    assert stored > 1
    installed.run("./installer.sh --remove")
    for gone in ("/opt/hepbox", "/usr/local/bin/hepbox", "/etc/systemd/system/hepbox.service", "/usr/sbin/mariadbd"):
        assert installed.run(f"test -e {gone}", ok=False).returncode == 1, gone
    assert installed.run("systemctl is-enabled redis-server", ok=False).stdout.strip() != "masked"
    installed.run("test -s /etc/hepbox/hepbox.ini -a -d /var/lib/hepbox/mysql")
    installed.run("./installer.sh")
    assert int(installed.says("hepbox search '' --view messages --format csv | wc -l")) >= stored


def test_purging_leaves_nothing(installed: Host) -> None:
    installed.run("./installer.sh --remove --purge")
    left = installed.says("find / -xdev -name '*hepbox*' ! -path '/srv/*' ! -path '/proc/*' ! -path '/var/log/*'")
    assert left == ""
    assert installed.run("id hepbox", ok=False).returncode == 1


def test_a_redis_that_was_there_before_is_left_alone() -> None:
    with host(WITH_SYSTEMD) as made:
        made.run("systemctl is-system-running --wait", ok=False)
        made.run("apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq redis-server >/dev/null")
        made.run("systemctl start redis-server; redis-cli set kept yes")
        made.run("./installer.sh")
        assert made.says("redis-cli get kept") == "yes"
        made.run("./installer.sh --remove")
        assert made.says("systemctl is-active redis-server") == "active"
