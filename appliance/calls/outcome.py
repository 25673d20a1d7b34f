"""What became of the caller's last attempt: state, status, times, who hung up (FEATURES B6).

All times of a call are taken on the caller's hop, and by one agent: mixing them makes negative ones.
"""

from collections.abc import Sequence

from appliance.calls.attempts import Attempt, acknowledged, answered_elsewhere
from appliance.calls.hangup import Hangup, hangup
from appliance.calls.spans import Spans
from appliance.calls.states import answered_state, failed_state, open_state
from appliance.model.rows import MessageRow


class Outcome:
    """Of the last attempt, `silence_us` after the call's last message."""

    def __init__(self, rows: list[MessageRow], spans: Spans, attempt: Attempt, silence_us: int) -> None:
        self.attempt = attempt
        self._rows = rows
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
        answer = self._answer_of(self.hangup.dialog, self.answer)
        return self.spans.ms(answer, self._matching_bye(answer, self.hangup.byes))

    def _answer_of(self, dialog: str, answer: MessageRow) -> MessageRow:
        """The 2xx of this dialog where the first one was seen: several forks may have answered."""
        if len(self.attempt.dialogs) < 2 or answer.to_tag == dialog:
            return answer
        same = answer.via_branch, answer.cseq, answer.source_ip, dialog
        found = (row for row in self._rows if (row.via_branch, row.cseq, row.source_ip, row.to_tag) == same)
        return next((row for row in found if row.method[:1] == "2" and row.cseq_method == "INVITE"), answer)

    def _matching_bye(self, answer: MessageRow, byes: Sequence[MessageRow]) -> MessageRow:
        """The first BYE, as near as possible to where the answer was seen: same hop, same agent."""
        if len(byes) == 1:
            return byes[0]
        ends = {answer.source_ip, answer.destination_ip}
        return min(
            byes, key=lambda bye: ({bye.source_ip, bye.destination_ip} != ends, not self.spans.share_agent(answer, bye))
        )
