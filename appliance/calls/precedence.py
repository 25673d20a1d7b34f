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
    found = [*call.again, *call.inside_transactions(), *call.acknowledged(), *call.relayed(), *call.numbered()]
    if vias:
        found += call.relayed_by_via()
    return found


def transaction(row: MessageRow) -> Transaction:
    """The transaction that a message belongs to; an ACK has one of its own."""
    if row.is_request:
        return row.via_branch, row.cseq, row.method, row.source_ip, row.destination_ip
    return row.via_branch, row.cseq, row.cseq_method, row.destination_ip, row.source_ip


class _Call:
    """The first transmissions of one call's messages, by transaction."""

    def __init__(self, rows: Sequence[MessageRow]) -> None:
        self.rows = rows
        self.again: list[Constraint] = []
        self.requests: dict[Transaction, int] = {}
        self.responses: dict[Transaction, list[int]] = {}
        self.acks: list[tuple[int, Transaction]] = []
        self.cancels: list[Transaction] = []
        self.travelling: list[int] = []
        """What a host may relay; of one method in the order of the clock."""
        self.firsts = self._first_transmissions()
        for index in self.firsts:
            self._note(index, rows[index])
        self.travelling += [index for index, key in self.acks if not self._failures(key)]

    def _first_transmissions(self) -> Sequence[int]:
        firsts = [index for index, row in enumerate(self.rows) if row.method]
        if all_differ(self.rows):
            return firsts
        seen: dict[tuple[int, Hop], int] = {}
        for index in firsts:
            row = self.rows[index]
            first = seen.setdefault((row.payload_hash, hop(row)), index)
            if first != index:
                self.again.append((first, index, True))
        return list(seen.values())

    def _note(self, index: int, row: MessageRow) -> None:
        method = row.method
        if method.isdigit():
            key = row.via_branch, row.cseq, row.cseq_method, row.destination_ip, row.source_ip
            self.responses.setdefault(key, []).append(index)
            if method != "100" and row.cseq_method != "CANCEL":
                self.travelling.append(index)
            return
        key = row.via_branch, row.cseq, method, row.source_ip, row.destination_ip
        self.requests.setdefault(key, index)
        if method == "ACK":
            self.acks.append((index, key))
            return
        self.travelling.append(index)
        if method == "CANCEL":
            self.cancels.append(key)

    def inside_transactions(self) -> Iterator[Constraint]:
        for cancel in self.cancels:
            branch, cseq, _, client, server = cancel
            invite = self.requests.get((branch, cseq, "INVITE", client, server))
            if invite is not None:
                yield invite, self.requests[cancel], False
        for key, responses in self.responses.items():
            request = self.requests.get(key)
            if request is not None:
                for response in responses:
                    yield request, response, True
            if len(responses) > 1:
                yield from self._rising(responses)

    def _rising(self, responses: Sequence[int]) -> Iterator[Constraint]:
        trying = [index for index in responses if self.rows[index].method == "100"]
        finals = {self.rows[index].to_tag: index for index in reversed(responses) if _final(self.rows[index])}
        for index in responses:
            row = self.rows[index]
            if trying and row.method != "100":
                yield trying[0], index, False
            if not _final(row) and row.to_tag in finals:
                yield index, finals[row.to_tag], False

    def acknowledged(self) -> Iterator[Constraint]:
        answered = self._answered() if self.acks else {}
        for index, key in self.acks:
            row = self.rows[index]
            finals = self._failures(key)
            final = finals[0] if finals else answered.get((row.cseq, row.to_tag, row.source_ip))
            if final is not None and self.requests[key] == index:
                yield final, index, False

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
        responses = self.responses.get((branch, cseq, "INVITE", client, server), ())
        return [index for index in responses if self.rows[index].method[:1] in "3456"]

    def relayed(self) -> Iterator[Constraint]:
        groups: dict[tuple[object, ...], list[int]] = {}
        for index in self.travelling:
            row = self.rows[index]
            same = row.method, row.cseq, row.cseq_method, row.from_tag, row.to_tag
            groups.setdefault(same, []).append(index)
        for group in groups.values():
            if len(group) > 1:
                yield from self._through_hosts(group)

    def relayed_by_via(self) -> Iterator[Constraint]:
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
                yield (other, index, False) if row.is_request else (index, other, False)

    def _through_hosts(self, group: Sequence[int]) -> Iterator[Constraint]:
        """In at a host and out from it; by address, or by socket where one address talks to itself."""
        hops = [hop(self.rows[index]) for index in group]
        by_socket = any(source_ip == destination_ip for source_ip, _, destination_ip, _ in hops)
        received: dict[object, list[int]] = {}
        for index, (_, _, destination_ip, destination_port) in zip(group, hops, strict=True):
            received.setdefault((destination_ip, destination_port) if by_socket else destination_ip, []).append(index)
        turns: dict[object, int] = {}
        for went, (source_ip, source_port, _, _) in zip(group, hops, strict=True):
            host = (source_ip, source_port) if by_socket else source_ip
            came = received.get(host)
            if came is None:
                continue
            turn = turns[host] = turns.get(host, -1) + 1
            before = came[min(turn, len(came) - 1)]
            if before != went:
                yield before, went, False

    def numbered(self) -> Iterator[Constraint]:
        sides: dict[tuple[str, str, str], list[Transaction]] = {}
        for key, index in self.requests.items():
            _, cseq, method, client, server = key
            if cseq is not None and method != "ACK" and method != "CANCEL":
                sides.setdefault((client, server, self.rows[index].from_tag), []).append(key)
        for keys in sides.values():
            if len(keys) > 1:
                yield from self._rising_numbers(keys)

    def _rising_numbers(self, keys: list[Transaction]) -> Iterator[Constraint]:
        keys.sort(key=lambda key: (key[1] or 0, self.requests[key]))
        for one, other in pairwise(keys):
            if one[1] != other[1]:
                yield from self._sent_after(one, other)

    def _sent_after(self, one: Transaction, other: Transaction) -> Iterator[Constraint]:
        yield self.requests[one], self.requests[other], False
        if one[2] == other[2] == "INVITE":
            for final in self._failures(one)[:1]:
                yield final, self.requests[other], False
            ack = self.requests.get((*one[:2], "ACK", *one[3:]))
            if ack is not None:
                yield ack, self.requests[other], False


def _final(row: MessageRow) -> bool:
    return row.method[:1] != "1"
