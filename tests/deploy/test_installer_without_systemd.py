"""In a container, a chroot or CI the same thing runs in the background; a checkout runs by itself."""

import http.client
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest

from tests.deploy.hosts import PLAIN, Host, host

pytestmark = [pytest.mark.host, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def machine() -> Iterator[Host]:
    with host(PLAIN) as made:
        yield made


@pytest.fixture
def installed(machine: Host) -> Host:
    if machine.run("hepbox status", ok=False).returncode:
        machine.run("./installer.sh")
    return machine


def test_it_says_that_it_runs_in_the_background_and_how_to_stop_it(installed: Host) -> None:
    shown = installed.says("./installer.sh")
    assert "There is no systemd here" in shown
    assert "kill $(cat /run/hepbox.pid)" in shown
    assert f"http://{installed.address}\n" in shown


def test_it_is_healthy_and_reachable(installed: Host) -> None:
    installed.run("hepbox status")
    with urllib.request.urlopen(f"http://{installed.address}/healthz", timeout=10) as answer:
        assert answer.status == 200


def test_it_does_not_run_as_root(installed: Host) -> None:
    assert installed.says("stat -c %U /proc/$(cat /run/hepbox.pid)") == "hepbox"


def test_no_service_of_the_packages_was_started(installed: Host) -> None:
    running = installed.says("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
    assert "*:6379" not in running
    assert "redis-server 127.0.0.1" not in running
    assert installed.run("test -e /usr/sbin/policy-rc.d", ok=False).returncode == 1


def test_a_second_run_leaves_it_running(installed: Host) -> None:
    process = installed.says("cat /run/hepbox.pid")
    installed.run("./installer.sh")
    assert installed.says("cat /run/hepbox.pid") == process


def test_it_stops_as_it_was_said_and_starts_again(installed: Host) -> None:
    installed.run("p=$(cat /run/hepbox.pid); kill $p; while grep -q . /proc/$p/cmdline; do sleep 0.2; done 2>/dev/null")
    assert installed.run("hepbox status", ok=False).returncode == 1
    installed.run("./installer.sh")
    installed.run("hepbox status")


def test_removal_stops_it(installed: Host) -> None:
    installed.run("./installer.sh --remove --purge")
    assert "hepbox" not in installed.says("cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -v checkout || true")
    assert installed.run("test -e /var/lib/hepbox", ok=False).returncode == 1


def test_a_password_for_admin_can_be_given_from_the_start() -> None:
    with host(PLAIN) as made:
        shown = made.run("./installer.sh --web 0.0.0.0:8080 --admin-password -", given="correct horse battery\n").stdout
        assert "correct horse" not in shown + made.says("cat /var/log/hepbox-install.log")
        assert f"http://{made.address}:8080" in shown
        assert "with the password that you gave" in shown
        assert signs_in(made, "correct horse battery")
        assert not signs_in(made, "test123")


def signs_in(machine: Host, password: str) -> bool:
    """Whether the GUI lets admin in."""
    connection = http.client.HTTPConnection(machine.address, 8080, timeout=10)
    form = urllib.parse.urlencode({"name": "admin", "password": password})
    connection.request("POST", "/login", form, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    connection.close()
    return answer.status == 303


def test_a_checkout_is_made_runnable_and_nothing_else_is_touched() -> None:
    with host(PLAIN) as made:
        assert "Ready: .venv/bin/hepbox run" in made.says("./installer.sh --dev")
        for untouched in ("/opt/hepbox", "/etc/hepbox", "/var/lib/hepbox", "/usr/local/bin/hepbox"):
            assert made.run(f"test -e {untouched}", ok=False).returncode == 1
        made.run(".venv/bin/hepbox run >/tmp/out 2>/tmp/err &")
        deadline = time.monotonic() + 90
        while "ready: http://" not in made.says("cat /tmp/out"):
            assert time.monotonic() < deadline, made.says("cat /tmp/err")
            time.sleep(1)
        made.run("test -d .hepbox && .venv/bin/hepbox status")
        assert made.says("./installer.sh --dev | grep -c 'there already'") == "1"
