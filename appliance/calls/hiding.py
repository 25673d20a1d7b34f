"""Which messages of a call a picture leaves out (FEATURES E7), and what there is to leave out.

Nothing goes silently: whoever draws says how many are hidden.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from appliance.calls.hosts import Hosts, key
from appliance.calls.marks import FAMILIES
from appliance.calls.picture import MARKS, RETRANSMISSIONS, Picture
from appliance.model.rows import MessageRow

_MARKS = dict(zip(("report", "log", "event"), MARKS, strict=True))

Test = Callable[[MessageRow], bool]


def visible(rows: Sequence[MessageRow], hosts: Hosts, again: frozenset[str], picture: Picture) -> list[int]:
    """Places of the messages that stay."""
    tests = list(_tests(hosts, again, picture))
    if not tests:
        return list(range(len(rows)))
    return [place for place, row in enumerate(rows) if not any(hidden(row) for hidden in tests)]


def marks_shown(rows: Iterable[MessageRow], picture: Picture) -> list[MessageRow]:
    """The reports, logs and events that stay."""
    return [
        row
        for row in rows
        if _MARKS[FAMILIES.get(row.kind, "event")] not in picture.hide and picture.shows_leg(row.callid)
    ]


def words(rows: Iterable[MessageRow]) -> list[tuple[str, int]]:
    """What `hide` may name of these messages, and how many each would hide: methods, then codes."""
    known = list(rows)
    methods = Counter((row.method if row.is_request else row.cseq_method).upper() for row in known)
    codes = Counter(row.method for row in known if row.method.isdigit())
    by_count = sorted(methods.items(), key=lambda item: (-item[1], item[0]))
    return [(name, count) for name, count in (*by_count, *sorted(codes.items())) if name]


def _tests(hosts: Hosts, again: frozenset[str], picture: Picture) -> Iterable[Test]:
    """One for each thing that is hidden."""
    if picture.legs:
        yield lambda row: row.callid not in picture.legs
    if RETRANSMISSIONS in picture.hide:
        yield lambda row: row.id in again
    names = picture.hide - {RETRANSMISSIONS, *MARKS}
    if names:
        yield lambda row: not _names(row).isdisjoint(names)
    if picture.hidden_hosts:
        keys = [key(column) for column in hosts.columns]
        gone = {place for place, name in enumerate(keys) if name in picture.hidden_hosts}
        yield lambda row: not gone.isdisjoint(hosts.ends(row))


def _names(row: MessageRow) -> set[str]:
    """`OPTIONS` is a request and what answers it; `100` and `1xx` are responses."""
    if row.is_request:
        return {row.method.upper()}
    return {row.method, f"{row.method[:1]}xx", row.cseq_method.upper()}
