"""What a server's refusal means to a writer: try again, make a table, or put a row aside."""

import pymysql.err

from appliance.storage.connection import DatabaseError


class StoreError(Exception):
    """A transaction that did not happen; nothing of it is in the tables."""


class MissingTable(StoreError):
    """A daily table is not there: make it and try again."""


class Collided(StoreError):
    """Another writer was in the way (deadlock, lock wait, equal row id): try again."""


class RepeatedBatch(StoreError):
    """One of the batches is stored already."""


class RefusedRows(StoreError):
    """The server did not take the rows as they are: find which and put them aside."""


class ServerAway(StoreError):
    """The server cannot be asked now: wait, connect, try again."""


_MISSING = frozenset({1146})
_COLLIDED = frozenset({1205, 1213, 1020})
_DUPLICATE = 1062
_ROW_FAULTS = frozenset({1048, 1054, 1136, 1153, 1261, 1262, 1264, 1265, 1292, 1366, 1406})


def meaning(error: Exception, ledger: bool = False) -> StoreError:
    """The StoreError for a driver's error; `ledger` says that the batches' names were being written."""
    code = error.args[0] if isinstance(error, DatabaseError) and error.args else None
    words = str(error)
    if code in _MISSING:
        return MissingTable(words)
    if code in _COLLIDED:
        return Collided(words)
    if code == _DUPLICATE:
        return RepeatedBatch(words) if ledger else Collided(words)
    if code in _ROW_FAULTS or isinstance(error, pymysql.err.DataError):
        return RefusedRows(words)
    return ServerAway(words)
