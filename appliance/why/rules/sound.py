"""Whether both could hear each other: directions in SDP, early media, and what reports measured."""

from collections.abc import Iterator

from appliance.why import media, wording
from appliance.why.finding import Found
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction
from appliance.why.view import View

NOBODY = ("0.0.0.0", "::")  # noqa: S104 - an address in SDP, nothing is bound


def silent_sdp(view: View) -> Iterator[Found]:
    """The last offer and answer let sound pass in one direction or in none: hold that was never ended, or one-way from
    the beginning."""
    answered = [each for each in media.exchanges(view) if each.answer and each.transaction.accepted]
    if not answered:
        return
    each = answered[-1]
    asked, told = each.offer.audio, each.answer.audio if each.answer else None
    if asked is None or told is None or not told.port:
        return
    passing = _passes(asked.direction, told.direction) + _passes(told.direction, asked.direction)
    if passing == 2:
        return
    ways = "sound one way only" if passing else "no sound either way"
    first = len(answered) == 1
    since = "The call was set up with" if first else "The call was last on hold with"
    sentence = f"{since} {asked.direction} offered and {told.direction} answered: {ways}."
    yield Found(sentence, (each.answer, each.offer), wording.hop(each.transaction, True))


def _passes(source: str, destination: str) -> bool:
    """Whether sound goes from one side to the other by what both say (RFC 3264 5.1)."""
    return source in ("sendrecv", "sendonly") and destination in ("sendrecv", "recvonly")


def null_address(view: View) -> Iterator[Found]:
    """A description names 0.0.0.0 as its address: hold in the manner of old phones, or a phone that does not know its
    own address."""
    told: set[tuple[str, int | None]] = set()
    for seen in view.messages:
        if seen.sdp is None or (seen.row.source_ip, seen.row.cseq) in told:
            continue
        if any(line.port and line.address in NOBODY for line in seen.sdp.media if line.type == "audio"):
            told.add((seen.row.source_ip, seen.row.cseq))
            sentence = f"{wording.sender(seen)} wants no sound: its SDP has the address 0.0.0.0."
            yield Found(sentence, (seen,), wording.hop_of(seen))


def early_media_unanswered(view: View) -> Iterator[Found]:
    """Early media (183 with SDP), and the call was not answered: an announcement or a ring tone may have been heard,
    while the call counts as unanswered."""
    one, final = view.invite, view.final
    early = _early(one)
    if one is None or early is None or (final is not None and final.status not in (408, 480, 487)):
        return
    if final is None and not one.cancels:
        return
    until = final or one.cancels[0]
    heard = wording.duration(until.at_us - early.at_us)
    sentence = (
        f"{wording.response(early)} with SDP {heard} before the end: an announcement may have been heard, nobody"
        " answered."
    )
    yield Found(sentence, (early, until), wording.hop(one, True))


def early_media_then_failure(view: View) -> Iterator[Found]:
    """Early media (183 with SDP), then a failure: the reason was perhaps spoken, not signalled."""
    one, final = view.invite, view.final
    early = _early(one)
    if one is None or early is None or final is None or final.status < 300 or final.status in (401, 407, 408, 480, 487):
        return
    heard = wording.duration(final.at_us - early.at_us)
    sentence = (
        f"{wording.response(early)} with SDP {heard} before {wording.response(final)}: the reason may have been spoken."
    )
    yield Found(sentence, (early, final), wording.hop(one, True))


def _early(one: Transaction | None) -> Seen | None:
    return next((seen for seen in one.provisional if seen.status > 100 and seen.sdp), None) if one else None


def no_media(view: View) -> Iterator[Found]:
    """Every report on the call's streams counts no packets at all."""
    streams = _packets(view)
    if streams and not any(count for count, _ in streams.values()):
        of = f"{len(streams)} streams were reported, all" if len(streams) > 1 else "one stream was reported,"
        sentence = f"No sound: {of} without a single RTP packet."
        yield Found(sentence, (), reports=tuple(id_ for _, id_ in streams.values()))


def one_way_media(view: View) -> Iterator[Found]:
    """Reports count packets in one direction and none in the other; told of where the silence begins, for what a relay
    does not get it cannot pass on."""
    streams = _packets(view)
    silent = {ends: id_ for ends, (count, id_) in streams.items() if not count and streams.get(ends[::-1], (0, ""))[0]}
    passed_on = {ends for ends in silent if any(to == ends[0] and of != ends[1] for of, to in silent)}
    for (source, destination), id_ in silent.items():
        if (source, destination) not in passed_on:
            back, told_by = streams[destination, source]
            sentence = (
                f"One-way sound: no RTP packet from {wording.host(source)} to {wording.host(destination)}, and"
                f" {back} the other way."
            )
            hop = f"{wording.host(source)} → {wording.host(destination)}"
            yield Found(sentence, (), hop, (id_, told_by))


def _packets(view: View) -> dict[tuple[str, str], tuple[int, str]]:
    """The most packets that any report counts of a stream, by its addresses, and which message told so."""
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for id_, one in view.measured:
        if one.packets is None or not one.source_ip or not one.destination_ip:
            continue
        ends = one.source_ip, one.destination_ip
        if ends not in found or one.packets > found[ends][0]:
            found[ends] = one.packets, id_
    return found
