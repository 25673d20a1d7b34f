"""Which message of a call came before which other, told by their transactions and not by their stamps.

The rules, each between first transmissions (a retransmission only follows the first one):

1. a request, then its responses (same top branch, CSeq and addresses);
2. in one transaction: INVITE, then its CANCEL; 100, then other responses; a provisional, then the final response of
   the same To tag; the final response, then its ACK (of a 2xx: the ACK of that CSeq and To tag by who received it);
3. what a host received, then what it relayed: the same request, or the same response with the same tags, told by the
   address that it came to and went from, and by Via: who relays a request puts one on top, and takes it off the
   response. 100, answers to CANCEL and ACKs of failures live on one hop and are not relayed (RFC 3261 16.7, 17.1.1.3);
4. one side's requests by their CSeq; the answer to an INVITE and its ACK, then the INVITE sent again (auth, redirect).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from appliance.calls.copies import Hop, all_differ, hop
from appliance.calls.vias import branches
from appliance.model.rows import MessageRow

Constraint = tuple[int, int, bool]
"""Index of the earlier message, of the later one, and whether this holds however far their stamps are apart."""

Transaction = tuple[str, int | None, str, str, str]
"""Top branch, CSeq, its method, address of the client, address of the server."""


def constraints(rows: Sequence[MessageRow], vias: bool = True) -> list[Constraint]:
    """Every constraint between these messages, as indices into `rows`, which are in the order of the clock.

    With `vias` the texts are read where they are at hand.
    """
    call = _Call(rows)
    call.inside_transactions()
    call.acknowledged()
    call.relayed()
    if vias:
        call.relayed_by_via()
    call.numbered()
    return call.found


def transaction(row: MessageRow) -> Transaction:
    """The transaction that a message belongs to; an ACK has one of its own."""
    if row.is_request:
        return row.via_branch, row.cseq, row.method, row.source_ip, row.destination_ip
    return row.via_branch, row.cseq, row.cseq_method, row.destination_ip, row.source_ip


class _Call:
    """The first transmissions of one call's messages, by transaction, and the constraints found so far."""

    def __init__(self, rows: Sequence[MessageRow]) -> None:
        self.rows = rows
        self.found: list[Constraint] = []
        self.requests: dict[Transaction, int] = {}
        self.responses: dict[Transaction, list[int]] = {}
        self.cancels: list[Transaction] = []
        self.travelling: list[int] = []
        """What a host may relay; of one method in the order of the clock."""
        self.firsts = self._first_transmissions()
        acks = self._sort_out()
        self.acks = [(index, key, self._failures(key)) for index, key in acks]
        """Each with its transaction and the failures that it may belong to."""
        self.travelling += [index for index, _, failures in self.acks if not failures]

    def _first_transmissions(self) -> Sequence[int]:
        firsts = [index for index, row in enumerate(self.rows) if row.method]
        if all_differ(self.rows):
            return firsts
        seen: dict[tuple[int, Hop], int] = {}
        for index in firsts:
            row = self.rows[index]
            first = seen.setdefault((row.payload_hash, hop(row)), index)
            if first != index:
                self.found.append((first, index, True))
        return list(seen.values())

    def _sort_out(self) -> list[tuple[int, Transaction]]:
        """Requests and responses apart; returns the ACKs."""
        acks: list[tuple[int, Transaction]] = []
        rows, responses, travelling = self.rows, self.responses, self.travelling
        for index in self.firsts:
            row = rows[index]
            method = row.method
            if method.isdecimal():
                cseq_method = row.cseq_method
                key = row.via_branch, row.cseq, cseq_method, row.destination_ip, row.source_ip
                responses.setdefault(key, []).append(index)
                if method != "100" and cseq_method != "CANCEL":
                    travelling.append(index)
                continue
            key = row.via_branch, row.cseq, method, row.source_ip, row.destination_ip
            self.requests.setdefault(key, index)
            if method == "ACK":
                acks.append((index, key))
                continue
            travelling.append(index)
            if method == "CANCEL":
                self.cancels.append(key)
        return acks

    def inside_transactions(self) -> None:
        found, requests = self.found, self.requests
        for cancel in self.cancels:
            branch, cseq, _, client, server = cancel
            invite = requests.get((branch, cseq, "INVITE", client, server))
            if invite is not None:
                found.append((invite, requests[cancel], False))
        for key, responses in self.responses.items():
            request = requests.get(key)
            if request is not None:
                found += [(request, response, True) for response in responses]
            if len(responses) > 1:
                self._rise(responses)

    def _rise(self, responses: Sequence[int]) -> None:
        rows = self.rows
        trying = [index for index in responses if rows[index].method == "100"][:1]
        finals = {rows[index].to_tag: index for index in reversed(responses) if rows[index].method[:1] != "1"}
        for index in responses:
            row = rows[index]
            if trying and row.method != "100":
                self.found.append((trying[0], index, False))
            if row.method[:1] == "1" and row.to_tag in finals:
                self.found.append((index, finals[row.to_tag], False))

    def acknowledged(self) -> None:
        answered = self._answered() if self.acks else {}
        for index, key, failures in self.acks:
            row = self.rows[index]
            final = failures[0] if failures else answered.get((row.cseq, row.to_tag, row.source_ip))
            if final is not None and self.requests[key] == index:
                self.found.append((final, index, False))

    def _answered(self) -> dict[tuple[int | None, str, str], int]:
        """The first 2xx of an INVITE by CSeq, To tag and who received it."""
        answered: dict[tuple[int | None, str, str], int] = {}
        for index in self.firsts:
            row = self.rows[index]
            if row.cseq_method == "INVITE" and row.method[:1] == "2":
                answered.setdefault((row.cseq, row.to_tag, row.destination_ip), index)
        return answered

    def _failures(self, key: Transaction) -> list[int]:
        """The failures that an ACK with this key, or the INVITE with it, belongs to."""
        branch, cseq, _, client, server = key
        responses = self.responses.get((branch, cseq, "INVITE", client, server))
        return [index for index in responses if self.rows[index].method[:1] in "3456"] if responses else []

    def relayed(self) -> None:
        groups: dict[tuple[object, ...], list[int]] = {}
        for index in self.travelling:
            row = self.rows[index]
            same = row.method, row.cseq, row.cseq_method, row.from_tag, row.to_tag
            groups.setdefault(same, []).append(index)
        for group in groups.values():
            if len(group) == 2:
                self._through_host(*group)
            elif len(group) > 2:
                self._through_hosts(group)

    def relayed_by_via(self) -> None:
        """Across a host of several addresses too: the second Via of the one is the top Via of the other."""
        tops: dict[tuple[str, str, int | None, str], int] = {}
        for index in self.firsts:
            row = self.rows[index]
            if row.via_branch:
                tops.setdefault((row.via_branch, row.method, row.cseq, row.to_tag), index)
        for index in self.travelling:
            row = self.rows[index]
            if row.raw is None:
                continue
            below = branches(row.raw)[1:2]
            other = tops.get((below[0], row.method, row.cseq, row.to_tag)) if below else None
            if other is not None and other != index:
                self.found.append((other, index, False) if row.is_request else (index, other, False))

    def _through_host(self, one: int, other: int) -> None:
        """What `_through_hosts` says of two messages, as most are."""
        first, second = self.rows[one], self.rows[other]
        if first.source_ip == first.destination_ip or second.source_ip == second.destination_ip:
            self._through_hosts((one, other))
            return
        if first.destination_ip == second.source_ip:
            self.found.append((one, other, False))
        if second.destination_ip == first.source_ip:
            self.found.append((other, one, False))

    def _through_hosts(self, group: Sequence[int]) -> None:
        """In at a host and out from it; by address, or by socket where one address talks to itself."""
        ends = [(row.source_ip, row.destination_ip) for row in map(self.rows.__getitem__, group)]
        if any(source == destination for source, destination in ends):
            hops = [hop(self.rows[index]) for index in group]
            self._through([(hop[:2], hop[2:]) for hop in hops], group)
        else:
            self._through(ends, group)

    def _through(self, ends: Sequence[tuple[object, object]], group: Sequence[int]) -> None:
        received: dict[object, list[int]] = {}
        for (_, destination), index in zip(ends, group, strict=True):
            received.setdefault(destination, []).append(index)
        turns: dict[object, int] = {}
        for (source, _), went in zip(ends, group, strict=True):
            came = received.get(source)
            if came is not None:
                turn = turns[source] = turns.get(source, -1) + 1
                before = came[min(turn, len(came) - 1)]
                if before != went:
                    self.found.append((before, went, False))

    def numbered(self) -> None:
        sides: dict[tuple[str, str, str], list[Transaction]] = {}
        for key, index in self.requests.items():
            _, cseq, method, client, server = key
            if cseq is not None and method != "ACK" and method != "CANCEL":
                sides.setdefault((client, server, self.rows[index].from_tag), []).append(key)
        for keys in sides.values():
            if len(keys) > 1:
                self._number(keys)

    def _number(self, keys: list[Transaction]) -> None:
        keys.sort(key=lambda key: (key[1] or 0, self.requests[key]))
        for one, other in pairwise(keys):
            if one[1] != other[1]:
                later = self.requests[other]
                self.found += [(before, later, False) for before in self._done_before(one, other)]

    def _done_before(self, one: Transaction, other: Transaction) -> Iterator[int]:
        """What of one transaction comes before the request of the other."""
        yield self.requests[one]
        if one[2] == other[2] == "INVITE":
            yield from self._failures(one)[:1]
            ack = self.requests.get((*one[:2], "ACK", *one[3:]))
            if ack is not None:
                yield ack
