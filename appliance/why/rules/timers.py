"""Requests and responses that were sent again and again (RFC 3261 17, 13.3.1.4)."""

from collections.abc import Iterator

from appliance.why import wording
from appliance.why.finding import Found
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction
from appliance.why.view import View

GIVEN_UP_US = 32_000_000
"""64 * T1: timers B, F and H."""
MOVED_US = 2_000_000
"""Two hosts that are tried at once answer at least 100 by then."""
TELLING_US = 5_000_000
"""A silence that is no ordinary wait."""
LARGE_OCTETS = 1300
"""RFC 3261 18.1.1: larger requests must go over a protocol with congestion control."""


def invite_unanswered(view: View) -> Iterator[Found]:
    """An INVITE on which nothing came back, not even 100 Trying, until its sender gave up (timer B)."""
    yield from (_unanswered(one) for one in view.transactions if one.method == "INVITE" and _dead(view, one))


def request_unanswered(view: View) -> Iterator[Found]:
    """Any other request on which nothing came back (timer F)."""
    wanted = (one for one in view.transactions if one.method not in ("INVITE", "ACK"))
    yield from (_unanswered(one) for one in wanted if _dead(view, one))


def _dead(view: View, one: Transaction) -> bool:
    """No response was captured, and the sender has given up: told its own client so, or turned to another host."""
    if one.responses or not one.requests:
        return False
    told = one.parent is not None and one.parent.failed
    moved = view.latest.get((one.method, one.client[0]), 0) > one.requests[-1].place
    silent_us = view.now_us - one.requests[-1].at_us
    return told or (moved and silent_us >= MOVED_US) or silent_us >= GIVEN_UP_US


def _unanswered(one: Transaction) -> Found:
    sends = one.sends
    within = f" in {wording.duration(sends[-1].at_us - sends[0].at_us)}" if len(sends) > 1 else ""
    how = f"{wording.times(len(sends))}{within} over {sends[0].row.proto.upper()}"
    sentence = f"{wording.server(one)} did not answer {wording.verb(one)}, sent {how}: no response was captured."
    return Found(sentence, (sends[0], *sends[1:][-1:]), wording.hop(one))


def only_trying(view: View) -> Iterator[Found]:
    """A host said 100 Trying and then nothing more, or gave up itself with 408."""
    for one in view.leaves:
        if one.method != "INVITE" or not one.provisional or any(seen.status != 100 for seen in one.provisional):
            continue
        trying, final = one.provisional[0], one.final
        told = final or (one.parent.final if one.parent else None)
        waited_us = (told.at_us if told else view.now_us) - trying.at_us
        if waited_us < TELLING_US or (final is not None and final.status != 408) or _ended(one):
            continue
        waited = wording.duration(waited_us)
        then = f"then {wording.response(final)} {waited} later" if final else f"nothing more was captured for {waited}"
        yield Found(f"{wording.server(one)} said 100 Trying, {then}.", (trying, final), wording.hop(one, True))


def _ended(one: Transaction) -> bool:
    """Taken back before long, so that nothing can be said of the other side."""
    return bool(one.cancels) and one.final is None and one.cancels[0].at_us - one.first.at_us < GIVEN_UP_US


def large_invite(view: View) -> Iterator[Found]:
    """An unanswered request over UDP that is larger than what passes every network in one piece."""
    for one in view.leaves:
        first = one.request
        if first is None or one.responses or not _dead(view, one):
            continue
        size = first.row.size
        if size >= LARGE_OCTETS and first.row.proto == "udp":
            sentence = (
                f"The {wording.verb(one)} that nobody answered has {size} octets and went over UDP: IP fragments"
                " of it may have been dropped. Shorten it or use TCP."
            )
            yield Found(sentence, (first,), wording.hop(one))


def failure_not_acknowledged(view: View) -> Iterator[Found]:
    """A final failure was sent again and again, and no ACK was captured (timer H)."""
    for one in view.transactions:
        if one.method != "INVITE" or not one.failed or one.acks or one.final is None:
            continue
        sent = one.repeats(one.final)
        if len(sent) > 1:
            within = wording.duration(sent[-1].at_us - sent[0].at_us)
            sentence = (
                f"{wording.server(one)} sent {wording.response(one.final)} {wording.times(len(sent))} in {within}:"
                f" no ACK from {wording.client(one)} was captured."
            )
            yield Found(sentence, (sent[0], sent[-1]), wording.hop(one, True))


def answer_not_acknowledged(view: View) -> Iterator[Found]:
    """200 OK was sent again and again, and no ACK was captured on any hop."""
    for one, sent in _repeated_answers(view):
        if not view.acks_for(one):
            sentence = f"{_again(one, sent)}, and no ACK was captured: the call cannot last."
            yield Found(sentence, (sent[0], sent[-1]), wording.hop(one, True))


def ack_lost(view: View) -> Iterator[Found]:
    """200 OK was sent again and again although the caller acknowledged it: the ACK did not get through. Told with the
    last hop on which it was captured."""
    for one, sent in _repeated_answers(view):
        acks = view.acks_for(one)
        if acks and not any(ack.row.destination_ip == one.server[0] for ack in acks):
            last = acks[-1]
            sentence = (
                f"{_again(one, sent)}: the ACK was captured on {wording.hop_of(last)}, and not on its way to"
                f" {wording.server(one)}."
            )
            yield Found(sentence, (last, sent[0], sent[-1]), wording.hop_of(last))


def ack_ignored(view: View) -> Iterator[Found]:
    """200 OK came again after its ACK had arrived: the ACK does not fit (tags, branch), or was dropped at the host."""
    for one, sent in _repeated_answers(view):
        acks = view.acks_for(one)
        arrived = [ack for ack in acks if ack.row.destination_ip == one.server[0]]
        later = [seen for seen in sent if arrived and seen.at_us > arrived[0].at_us + 600_000]
        if len(later) > 1:
            sentence = (
                f"{wording.server(one)} sent {wording.response(sent[0])} {wording.times(len(later))} more after"
                " the ACK had reached it: it does not take that ACK for its own."
            )
            yield Found(sentence, (arrived[0], later[0], later[-1]), wording.hop(one, True))


def _repeated_answers(view: View) -> Iterator[tuple[Transaction, list[Seen]]]:
    """Where the 2xx of an INVITE was sent more often than once, as near to the one who answered as was captured."""
    for one in view.leaves:
        if one.method == "INVITE" and one.accepted and one.final is not None:
            sent = one.repeats(one.final)
            if len(sent) > 1:
                yield one, sent


def _again(one: Transaction, sent: list[Seen]) -> str:
    within = wording.duration(sent[-1].at_us - sent[0].at_us)
    return f"{wording.server(one)} sent {wording.response(sent[0])} {wording.times(len(sent))} in {within}"


def retransmitted(view: View) -> Iterator[Found]:
    """A request had to be sent again before anything came back: packets are lost, or a host is slow."""
    for one in view.transactions:
        sends = one.sends
        if len(sends) < 2 or not one.responses:
            continue
        answer = one.responses[0]
        again = [seen for seen in sends if seen.place < answer.place]
        if len(again) > 1:
            after = wording.duration(answer.at_us - sends[0].at_us)
            sentence = (
                f"{wording.verb(one)} was sent {wording.times(len(again))} before"
                f" {wording.server(one)} answered after {after}."
            )
            yield Found(sentence, (again[-1], answer), wording.hop(one))
