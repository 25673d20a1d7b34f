"""Messages of one Call-ID -> call records (FEATURES B6). The settler calls it for every call that changed.

The record is a function of the set of messages and of `now` alone: neither their order nor repeated rows count, and
texts are not needed. A call is (Call-ID, start): after an end and 1 h of silence, or after 24 h of silence (12 h when
it was answered and lost its BYE), the same Call-ID begins a new one.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from appliance.calls.attempts import attempts, is_initial_invite
from appliance.calls.causes import causes
from appliance.calls.copies import all_differ, folded, groups_of, repeated, timed
from appliance.calls.good_order import in_good_order
from appliance.calls.negotiation import codecs_of
from appliance.calls.order import in_order
from appliance.calls.outcome import Outcome
from appliance.calls.spans import Spans
from appliance.calls.states import LOST_US, NO_ANSWER_US
from appliance.model.kinds import CALL_METHODS, Kind
from appliance.model.rows import CallRow, CallState, MessageRow

QUIET_US = 3_600_000_000
FORGOTTEN_US = 24 * QUIET_US

Times = Mapping[str, int]
"""Microseconds by id of the packet (calls.clock)."""

Countries = Callable[[MessageRow], tuple[str, str]]
"""From a call's first INVITE to the countries of the caller's and the called number (calls.numbers)."""

_CALL, _REST = Kind.CALL, Kind.REST
_CALL_METHODS = frozenset(method.decode() for method in CALL_METHODS)


def fold(messages: Iterable[MessageRow], now_us: int, countries: Countries | None = None) -> list[CallRow]:
    """The calls of one Call-ID, the oldest first; none when it has no INVITE dialog (REGISTER, OPTIONS …)."""
    rows, at_us = timed([row for row in messages if row.kind is _CALL or row.kind is _REST])
    return [
        _record(part, at_us, now_us, countries) for part in _parts(rows, at_us) if any(_of_call(row) for row in part)
    ]


def due(call: CallRow) -> int | None:
    """When (µs) the record must be folded again although nothing came: it becomes timeout or lost then."""
    if call.state in (CallState.SETUP, CallState.RINGING):
        return call.ended + NO_ANSWER_US
    if call.state is CallState.ANSWERED:
        return call.ended + LOST_US
    return None


def _of_call(row: MessageRow) -> bool:
    return (row.method if row.is_request else row.cseq_method) in _CALL_METHODS


def _parts(rows: list[MessageRow], at_us: Times) -> list[list[MessageRow]]:
    """Cut where one call ended and another begins."""
    if not rows or at_us[rows[-1].id] - at_us[rows[0].id] < QUIET_US:
        return [rows] if rows else []
    parts = [rows[:1]]
    progress = _Progress()
    for before, row in pairwise(rows):
        progress.add(before)
        if progress.over(at_us[row.id] - at_us[before.id]):
            parts.append([])
            progress = _Progress()
        parts[-1].append(row)
    return parts


class _Progress:
    """What tells, message by message, whether a silence ends the call."""

    def __init__(self) -> None:
        self.invited = False
        self.answered: set[str] = set()
        self.ended: set[str] = set()

    def add(self, row: MessageRow) -> None:
        self.invited = self.invited or is_initial_invite(row)
        if row.method == "BYE":
            self.ended |= {row.from_tag, row.to_tag}
        elif row.cseq_method == "INVITE" and row.method[:1] == "2":
            self.answered.add(row.to_tag)

    def over(self, silence_us: int) -> bool:
        if silence_us < QUIET_US:
            return False
        if self.ended:
            return self.answered <= self.ended or self.answered.isdisjoint(self.ended)
        if not self.invited:
            return silence_us >= FORGOTTEN_US
        return not self.answered or silence_us >= LOST_US


def _record(part: list[MessageRow], at_us: Times, now_us: int, countries: Countries | None) -> CallRow:
    unfolded = _Unfolded(part, at_us)
    rows = unfolded.rows
    tries = attempts(rows)
    first = tries[0].invite if tries else rows[0]
    filed_us = [row.filed_ts for row in part]
    started, ended = min(filed_us), max(filed_us)
    caller_ip, callee_ip = first.source_ip, first.destination_ip
    if not first.is_request:
        caller_ip, callee_ip = callee_ip, caller_ip
    outcome = Outcome(rows, unfolded.spans, tries[-1], now_us - ended) if tries else None
    from_country, to_country = countries(first) if countries and first.method == "INVITE" else ("", "")
    return CallRow(
        callid=first.callid,
        started=started,
        ended=ended,
        state=outcome.state if outcome else CallState.PARTIAL,
        status=outcome.status if outcome else None,
        reply_reason=outcome.reply_reason if outcome else "",
        from_user=first.from_user,
        from_domain=first.from_domain,
        to_user=first.to_user,
        to_domain=first.to_domain,
        ruri_user=first.ruri_user,
        source_ip=caller_ip,
        destination_ip=callee_ip,
        user_agent=first.user_agent if first.is_request else "",
        pdd_ms=outcome.pdd_ms if outcome else None,
        setup_ms=outcome.setup_ms if outcome else None,
        talk_ms=outcome.talk_ms if outcome else None,
        hung_up_by=outcome.hangup.by if outcome and outcome.hangup else None,
        causes=causes([row.reason for row in rows if row.reason]),
        messages=len(rows),
        copies=len(part) - len(rows),
        retransmissions=unfolded.retransmissions,
        codecs=codecs_of(rows),
        nodes=tuple(sorted({row.node for row in part if row.node})),
        pid_user=next((row.pid_user for row in rows if row.pid_user and is_initial_invite(row)), ""),
        from_country=from_country,
        to_country=to_country,
    )


class _Unfolded:
    """Packets of a call, copies folded, in the order of transactions; most have neither copies nor disorder."""

    def __init__(self, part: list[MessageRow], at_us: Times) -> None:
        if all_differ(part):
            self.rows = part if in_good_order(part) else in_order(part, at_us, vias=False)
            self.spans = Spans((), at_us)
            self.retransmissions = 0
            return
        groups = groups_of(part, at_us)
        by_clock = [folded(group) for group in groups]
        self.rows = in_order(by_clock, at_us, vias=False)
        self.spans = Spans(groups, at_us)
        self.retransmissions = len(repeated(by_clock))
