"""Which hosts a ladder has columns for (FEATURES E1), from the addresses and ports of a call's messages.

One column per address. The ports that are the host's own stand in its head; short-lived ports of TCP, TLS and
WebSocket connections do not. An address that talks to itself from one port to another (proxy and phones on one
machine) gets a column per port, or nothing could be read there; its short-lived ports share one column.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from appliance.model.rows import MessageRow

EPHEMERAL_FROM = 32768
"""Where Linux begins to choose the ports of outgoing connections; others begin at 49152 (RFC 6335)."""
MOST_PORTS = 8
"""Columns that one address gets at most, one more for the rest of its ports."""

Socket = tuple[str, int]
Column = tuple[str, int | None]
"""Address, and the port if the address has a column per port."""


class Hosts:
    """The columns of these messages, in the order in which the hosts appear, and who belongs to which."""

    def __init__(self, rows: Sequence[MessageRow]) -> None:
        self._stable = _stable_sockets(rows)
        self._split = {
            row.source_ip
            for row in rows
            if row.source_ip == row.destination_ip and self._own(row, True) != self._own(row, False)
        }
        self.ports: dict[Column, list[int]] = {}
        for row in rows:
            for socket in _sockets(row):
                self._note(socket)
        self.columns = list(self.ports)
        self._index = {column: index for index, column in enumerate(self.columns)}

    def ends(self, row: MessageRow) -> tuple[int, int]:
        """Indices of the columns that a message goes from and to."""
        source, destination = _sockets(row)
        return self._index[self._column(source)], self._index[self._column(destination)]

    def _own(self, row: MessageRow, source: bool) -> int | None:
        socket = _sockets(row)[0 if source else 1]
        return socket[1] if socket in self._stable else None

    def _column(self, socket: Socket) -> Column:
        ip, port = socket
        if ip not in self._split or socket not in self._stable:
            return ip, None
        column = ip, port
        crowded = column not in self.ports and sum(known[0] == ip for known in self.ports) >= MOST_PORTS
        return (ip, None) if crowded else column

    def _note(self, socket: Socket) -> None:
        ports = self.ports.setdefault(self._column(socket), [])
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
