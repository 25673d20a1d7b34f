"""Messages of one Call-ID -> call records (FEATURES B6). The settler calls it for every call that changed.

The record is a function of the set of messages and of `now` alone: neither their order nor repeated rows count, and
texts are not needed. A call is (Call-ID, start): after an end and 1 h of silence, or after 24 h of silence (12 h when
it was answered and lost its BYE), the same Call-ID begins a new one.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from appliance.calls.attempts import Attempt, acknowledged, answered_elsewhere, attempts, is_initial_invite
from appliance.calls.causes import causes
from appliance.calls.copies import all_differ, folded, groups_of, repeated, timed
from appliance.calls.good_order import in_good_order
from appliance.calls.hangup import Hangup, hangup
from appliance.calls.order import in_order
from appliance.calls.spans import Spans
from appliance.calls.states import LOST_US, NO_ANSWER_US, answered_state, failed_state, open_state
from appliance.model.kinds import CALL_METHODS, Kind
from appliance.model.rows import CallRow, CallState, MessageRow

QUIET_US = 3_600_000_000
FORGOTTEN_US = 24 * QUIET_US

Times = Mapping[str, int]
"""Microseconds by id of the packet (calls.clock)."""

_CALL_METHODS = frozenset(method.decode() for method in CALL_METHODS)


def fold(messages: Iterable[MessageRow], now_us: int) -> list[CallRow]:
    """The calls of one Call-ID, the oldest first; none when it has no INVITE dialog (REGISTER, OPTIONS …)."""
    rows, at_us = timed([row for row in messages if row.kind is Kind.CALL or row.kind is Kind.REST])
    return [_record(part, at_us, now_us) for part in _parts(rows, at_us) if any(_of_call(row) for row in part)]


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


def _record(part: list[MessageRow], at_us: Times, now_us: int) -> CallRow:
    unfolded = _Unfolded(part, at_us)
    rows = unfolded.rows
    tries = attempts(rows)
    first = tries[0].invite if tries else rows[0]
    filed_us = [row.filed_ts for row in part]
    started, ended = min(filed_us), max(filed_us)
    caller_ip, callee_ip = first.source_ip, first.destination_ip
    if not first.is_request:
        caller_ip, callee_ip = callee_ip, caller_ip
    outcome = _Outcome(rows, unfolded.spans, tries[-1], now_us - ended) if tries else None
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
        nodes=tuple(sorted({row.node for row in part if row.node})),
        pid_user=next((row.pid_user for row in rows if row.pid_user and is_initial_invite(row)), ""),
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


class _Outcome:
    """What became of the caller's last attempt."""

    def __init__(self, rows: list[MessageRow], spans: Spans, attempt: Attempt, silence_us: int) -> None:
        self.attempt = attempt
        self.spans = spans
        self.answer = attempt.final
        if self.answer is None:
            self.answer = answered_elsewhere(rows, attempt.invite)
        answered = self.answer is not None and self.answer.method[:1] == "2"
        answered = answered or (self.answer is None and acknowledged(rows, attempt.invite))
        self.hangup: Hangup | None = hangup(rows, attempt) if answered else None
        if answered:
            self.state = answered_state(self.hangup is not None, silence_us)
        elif self.answer is not None:
            self.state = failed_state(attempt)
        else:
            self.state = open_state(attempt, silence_us)

    @property
    def status(self) -> int | None:
        return int(self.answer.method) if self.answer else None

    @property
    def reply_reason(self) -> str:
        return self.answer.reply_reason if self.answer else ""

    @property
    def pdd_ms(self) -> int | None:
        heard = self.attempt.ringing or self.attempt.final
        return self.spans.ms(self.attempt.invite, heard) if heard else None

    @property
    def setup_ms(self) -> int | None:
        final = self.attempt.final
        return self.spans.ms(self.attempt.invite, final) if final and final.method[:1] == "2" else None

    @property
    def talk_ms(self) -> int | None:
        if self.hangup is None or self.answer is None:
            return None
        return self.spans.ms(self.answer, self._matching_bye(self.answer, self.hangup.byes))

    def _matching_bye(self, answer: MessageRow, byes: Sequence[MessageRow]) -> MessageRow:
        """The first BYE, as near as possible to where the answer was seen: same hop, same agent."""
        ends = {answer.source_ip, answer.destination_ip}
        return min(
            byes, key=lambda bye: ({bye.source_ip, bye.destination_ip} != ends, not self.spans.share_agent(answer, bye))
        )
