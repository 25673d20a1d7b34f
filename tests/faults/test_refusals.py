"""A database that refuses for some seconds (research: F8) costs nothing: the writers wait, connect again, and go on."""

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import pymysql.err
import pytest
from pymysql.cursors import Cursor

from tests.appliance import Appliance, running
from tests.faults.account import account, as_root
from tests.faults.traffic import traffic

pytestmark = [pytest.mark.appliance, pytest.mark.timeout(300)]

RATE = 500
REFUSED_SECONDS = 4.0
FEWEST_CONNECTIONS = 10
"""As few as the server may be told to take."""


def hang_up(root: Cursor) -> None:
    """End all connections of ours in the middle of whatever they do."""
    root.execute("SELECT id FROM information_schema.processlist WHERE user = 'hepbox'")
    for (number,) in root.fetchall():
        with contextlib.suppress(pymysql.err.MySQLError):  # it went by itself
            root.execute(f"KILL {number:d}")


@contextmanager
def set_globally(root: Cursor, name: str, value: int) -> Iterator[None]:
    """A variable of the server, for connections made from now on too."""
    root.execute(f"SELECT @@GLOBAL.{name}")
    (before,) = root.fetchone() or (0,)
    root.execute(f"SET GLOBAL {name} = {value:d}")
    hang_up(root)
    try:
        yield
    finally:
        root.execute(f"SET GLOBAL {name} = {int(before):d}")
        hang_up(root)


@contextmanager
def read_only(appliance: Appliance) -> Iterator[None]:
    """1290."""
    with as_root(appliance) as root, set_globally(root, "read_only", 1):
        yield


@contextmanager
def too_many_connections(appliance: Appliance) -> Iterator[None]:
    """1040: all that the server takes are somebody else's."""
    with (
        as_root(appliance) as root,
        set_globally(root, "max_connections", FEWEST_CONNECTIONS),
        ExitStack() as others,
    ):
        for _ in range(FEWEST_CONNECTIONS):
            others.enter_context(as_root(appliance))
        hang_up(root)
        yield


@contextmanager
def locks_that_are_held(appliance: Appliance) -> Iterator[None]:
    """1205: somebody has locked the table of batches, and our statements give up after a second."""
    with (
        as_root(appliance) as root,
        set_globally(root, "innodb_lock_wait_timeout", 1),
        as_root(appliance) as locking,
    ):
        locking.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        locking.execute("BEGIN")
        locking.execute("SELECT COUNT(*) FROM ingest_ledger FOR UPDATE")
        yield


@contextmanager
def small_packets(appliance: Appliance) -> Iterator[None]:
    """1153: statements of more than 16 KiB are refused."""
    with as_root(appliance) as root, set_globally(root, "max_allowed_packet", 16_384):
        yield


@pytest.fixture(scope="module")
def instance() -> Iterator[Appliance]:
    with running() as appliance:
        yield appliance


@pytest.mark.parametrize("refusing", [read_only, too_many_connections, locks_that_are_held, small_packets])
def test_what_is_refused_waits_and_is_stored_once(
    instance: Appliance, refusing: Callable[[Appliance], AbstractContextManager[None]]
) -> None:
    with traffic(instance, RATE) as sending:
        time.sleep(1)
        with refusing(instance):
            time.sleep(REFUSED_SECONDS)
            assert instance.status()["buffer"]["entries"] > REFUSED_SECONDS, "it is not refused at all"
        time.sleep(1)
        found = account(instance, sending)
    assert found.is_whole, found


def test_connections_that_break_again_and_again_lose_nothing(instance: Appliance) -> None:
    """2006 and 2013."""
    with traffic(instance, RATE) as sending, as_root(instance) as root:
        for _ in range(12):
            time.sleep(0.4)
            hang_up(root)
        found = account(instance, sending)
    assert found.is_whole, found
    assert (instance.data_dir / "hepbox.log").read_text().count("2013") > 12
