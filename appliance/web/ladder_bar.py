"""The bar above a ladder: its choices as links and check boxes that work without JavaScript (FEATURES E3, E7)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from appliance.calls import hiding
from appliance.calls.hosts import Hosts, key
from appliance.calls.ladder import Ladder
from appliance.calls.marks import FAMILIES, split
from appliance.calls.partners import in_and_out
from appliance.calls.picture import MARKS, RETRANSMISSIONS, Colours, Picture, Times
from appliance.model.rows import MessageRow
from appliance.web import links
from appliance.web.picture_query import arguments, pairs, without

Kind = TypeVar("Kind", Times, Colours)
Address = Callable[[Picture], str]
TIMES = {
    Times.ABSOLUTE: ("Clock", "Times of day"),
    Times.DELTA: ("Δ", "Since the message above"),
    Times.RELATIVE: ("Since start", "Since the first message, or since the marked one"),
}
COLOURS = {
    Colours.CLASS: ("Class", "Colours tell requests and classes of responses"),
    Colours.TRANSACTION: ("Transaction", "Colours tell transactions: a request with its answers"),
    Colours.CALL: ("Call-ID", "Colours tell Call-IDs"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes one thing."""

    words: str
    title: str
    link: str
    on: bool
    next: bool = False
    """The one that the key goes to."""


@dataclass(frozen=True, slots=True)
class Box:
    """A check box of the menu."""

    value: str
    words: str
    on: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class HostBox:
    """A host in the menu."""

    keys: str
    words: str
    hidden: bool
    count: int
    apart: str
    """Link that takes merged columns apart; empty for one column."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The context of parts/_ladder_bar.html."""

    times: list[Choice]
    colours: list[Choice]
    sdp: Choice
    media: Choice
    words: list[Box]
    hosts: list[HostBox]
    legs: Choice | None
    """All of them, or only that of this page; None where there is one."""
    kept: list[tuple[str, str]]
    """What a form sends along."""
    hidden: int
    show_all: str
    compare: str
    """Of an INVITE that came in and the one that went out; empty when there are none."""


def bar(
    rows: Sequence[MessageRow],
    ladder: Ladder,
    callid: str,
    usual: Picture,
    address: Address,
    kept: Mapping[str, str],
) -> Bar:
    """`rows` are all messages in order, `address` the page's with another picture, `kept` what is no choice of it."""
    picture = ladder.picture
    arrows, aside = split(rows)
    forms = arguments(without(picture), usual, callid)
    pair = in_and_out(rows)
    return Bar(
        times=_choices(TIMES, picture.time, lambda choice: address(replace(picture, time=choice))),
        colours=_choices(COLOURS, picture.colour, lambda choice: address(replace(picture, colour=choice))),
        sdp=Choice("SDP", "Codecs and RTP addresses", address(replace(picture, sdp=not picture.sdp)), picture.sdp),
        media=Choice("Media", "Media as arrows", address(replace(picture, media=not picture.media)), picture.media),
        words=[*_words(arrows, picture), *_beside(aside, picture)],
        hosts=_hosts(arrows, picture, address),
        legs=_legs(callid, ladder.callids, picture, address),
        kept=[*kept.items(), *pairs(forms)],
        hidden=ladder.hidden,
        show_all=address(without(picture)),
        compare=links.compare(pair[0].id, pair[1].id) if pair else "",
    )


def _choices(words: Mapping[Kind, tuple[str, str]], chosen: Kind, link: Callable[[Kind], str]) -> list[Choice]:
    known = list(words)
    following = known[(known.index(chosen) + 1) % len(known)]
    return [Choice(*words[one], link(one), one == chosen, one == following) for one in known]


def _words(rows: Sequence[MessageRow], picture: Picture) -> list[Box]:
    counted = dict(hiding.words(rows))
    counted |= {name: 0 for name in picture.hide if name not in counted and name not in (RETRANSMISSIONS, *MARKS)}
    boxes = [Box(name, name, name in picture.hide, count) for name, count in counted.items()]
    return [*boxes, Box(RETRANSMISSIONS, RETRANSMISSIONS, RETRANSMISSIONS in picture.hide)]


def _beside(rows: Sequence[MessageRow], picture: Picture) -> list[Box]:
    counted = Counter(f"{FAMILIES.get(row.kind, 'event')}s" for row in rows)
    return [Box(name, name, name in picture.hide, counted[name]) for name in MARKS if counted[name]]


def _hosts(rows: Sequence[MessageRow], picture: Picture, address: Address) -> list[HostBox]:
    hosts = Hosts(rows, picture.merged_hosts)
    counted = Counter(end for row in rows for end in set(hosts.ends(row)))
    found = []
    for place, column in enumerate(hosts.columns):
        keys = [key(member) for member in hosts.members[column]]
        others = tuple(group for group in picture.merged_hosts if keys[0] not in group)
        apart = address(replace(picture, merged_hosts=others)) if len(keys) > 1 else ""
        hidden = not picture.hidden_hosts.isdisjoint(keys)
        found.append(HostBox("~".join(keys), " + ".join(keys), hidden, counted[place], apart))
    return found


def _legs(callid: str, callids: Sequence[str], picture: Picture, address: Address) -> Choice | None:
    if len(callids) < 2 and not picture.legs:
        return None
    link = address(replace(picture, legs=() if picture.legs else (callid,)))
    return Choice("All legs", "All Call-IDs, or only this one", link, not picture.legs)
