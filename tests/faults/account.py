"""Where every message of a run is: sent = stored + put aside + dropped by reason, and none is stored twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pymysql
from pymysql.cursors import Cursor

from tests.appliance import Appliance
from tests.faults.traffic import Traffic, missing, wait_until_stored

DROPS = ("hep_dropped_total", "hep_kernel_drops_total", "packets_quarantined_total")


@dataclass(frozen=True)
class Account:
    """Of one run, once nothing is on its way any more."""

    sent: int
    stored: int
    twice: list[int]
    """The first numbers that are stored more than once."""
    missing: list[int]
    """The first that are not stored."""
    counted: int
    """Those that counters say were dropped or put aside."""

    @property
    def is_whole(self) -> bool:
        """Nothing lost, nothing twice."""
        return self.stored == self.sent and not self.twice and not self.missing

    @property
    def is_told(self) -> bool:
        """What is not stored is counted, to the last."""
        return not self.twice and self.sent - self.stored == self.counted


def dropped(appliance: Appliance) -> int:
    """All that counters call dropped or put aside so far."""
    return sum(appliance.counter(name) for name in DROPS)


def account(appliance: Appliance, sending: Traffic, dropped_before: int = 0) -> Account:
    """End a run and look where its messages are."""
    sent = sending.finish()
    numbers = wait_until_stored(appliance, sending.base, sent)
    twice = sorted(number for number, times in numbers.items() if times > 1)
    return Account(sent, len(numbers), twice[:10], missing(numbers, sent), dropped(appliance) - dropped_before)


@contextmanager
def as_root(appliance: Appliance) -> Iterator[Cursor]:
    """The database's own administrator."""
    socket = str(appliance.data_dir / "run" / "mysql.sock")
    connection = pymysql.connect(unix_socket=socket, user="root", db="hepbox", autocommit=True)
    with connection, connection.cursor() as cursor:
        yield cursor
