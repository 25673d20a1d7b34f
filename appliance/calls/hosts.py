"""Which hosts a ladder has columns for (FEATURES E1, E7), from the addresses and ports of a call's messages.

One column per address. The ports that are the host's own stand in its head; short-lived ports of TCP, TLS and
WebSocket connections do not. An address that talks to itself from one port to another (proxy and phones on one
machine) gets a column per port, or nothing could be read there; its short-lived ports share one column. Columns that
somebody merges are one, where the first of them was.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from appliance.calls.picture import host_key
from appliance.model.rows import MessageRow

EPHEMERAL_FROM = 32768
"""Where Linux begins to choose the ports of outgoing connections; others begin at 49152 (RFC 6335)."""
MOST_PORTS = 8
"""Columns that one address gets at most, one more for the rest of its ports."""

Socket = tuple[str, int]
Column = tuple[str, int | None]
"""Address, and the port if the address has a column per port."""


def key(column: Column) -> str:
    """What names a column in an address of the page."""
    return host_key(*column)


class Hosts:
    """The columns of these messages, in the order in which the hosts appear, and who belongs to which.

    `merged` are keys of columns that are one.
    """

    def __init__(self, rows: Sequence[MessageRow], merged: Iterable[Sequence[str]] = ()) -> None:
        self._stable = _stable_sockets(rows)
        self._split = {
            row.source_ip
            for row in rows
            if row.source_ip == row.destination_ip and self._own(row, True) != self._own(row, False)
        }
        self._group = {name: number for number, names in enumerate(merged) for name in names}
        self._first: dict[int, Column] = {}
        self.ports: dict[Column, list[int]] = {}
        self.members: dict[Column, list[Column]] = {}
        """The columns that each one stands for; itself alone when nothing was merged."""
        self._own_columns: set[Column] = set()
        self._known: dict[Socket, Column] = {}
        for row in rows:
            for socket in _sockets(row):
                if socket not in self._known:
                    self._note(socket)
        self.columns = list(self.ports)
        self.talking = frozenset(self.columns)
        """Those that SIP comes from or goes to."""
        self._index = {column: index for index, column in enumerate(self.columns)}

    def ends(self, row: MessageRow) -> tuple[int, int]:
        """Indices of the columns that a message goes from and to."""
        source, destination = _sockets(row)
        return self._index[self.column(source)], self._index[self.column(destination)]

    def column(self, socket: Socket) -> Column:
        """The column of a socket of these messages."""
        return self._known[socket]

    def of_address(self, address: str) -> Column | None:
        """The first column of an address, or of what it was merged with."""
        return next((known for (ip, _), known in self._known.items() if ip == address), None)

    def add(self, column: Column, after: Column | None) -> Column:
        """A column for a host that only media goes to, behind `after`; the one that it was merged with, if any."""
        found = self._merged(column)
        if found not in self._index:
            place = self.columns.index(after) + 1 if after is not None else len(self.columns)
            self.columns.insert(place, found)
            self.ports.setdefault(found, [])
            self._index = {known: index for index, known in enumerate(self.columns)}
        self._known.setdefault((column[0], 0), found)
        return found

    def _own(self, row: MessageRow, source: bool) -> int | None:
        socket = _sockets(row)[0 if source else 1]
        return socket[1] if socket in self._stable else None

    def _own_column(self, socket: Socket) -> Column:
        ip, port = socket
        if ip not in self._split or socket not in self._stable:
            return ip, None
        column = ip, port
        crowded = column not in self._own_columns and sum(known[0] == ip for known in self._own_columns) >= MOST_PORTS
        return (ip, None) if crowded else column

    def _merged(self, column: Column) -> Column:
        group = self._group.get(key(column))
        found = column if group is None else self._first.setdefault(group, column)
        members = self.members.setdefault(found, [])
        if column not in members:
            members.append(column)
        return found

    def _note(self, socket: Socket) -> None:
        own = self._own_column(socket)
        self._own_columns.add(own)
        column = self._known[socket] = self._merged(own)
        ports = self.ports.setdefault(column, [])
        if socket in self._stable and socket[1] not in ports:
            ports.append(socket[1])


def _sockets(row: MessageRow) -> tuple[Socket, Socket]:
    return (row.source_ip, row.source_port), (row.destination_ip, row.destination_port)


def _stable_sockets(rows: Iterable[MessageRow]) -> set[Socket]:
    """Sockets whose port belongs to the host: of UDP all, of a connection a low port or one that several talk to."""
    stable: set[Socket] = set()
    peers: dict[Socket, set[Socket]] = defaultdict(set)
    for row in rows:
        source, destination = _sockets(row)
        peers[source].add(destination)
        peers[destination].add(source)
        for socket in (source, destination):
            if row.proto in ("udp", "") or socket[1] < EPHEMERAL_FROM:
                stable.add(socket)
    return stable | {socket for socket, others in peers.items() if len(others) > 1}
