"""Messages of a call -> its explanation: one sentence, then findings with their evidence.

Called for the head and the tab of a call, by the API and by `hepbox call`. Raises nothing, whatever the messages
hold; linear in their number.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from appliance.model.quality import QualityRow
from appliance.model.rows import CallRow, MessageRow
from appliance.why.finding import Explanation, Finding, Rule
from appliance.why.once import once
from appliance.why.registry import RULES
from appliance.why.summary import summary
from appliance.why.view import View

MOST_OF_A_RULE = 4
MOST_LOOKED_AT = 200
MOST_EVIDENCE = 12


def explain(
    messages: Sequence[MessageRow], call: CallRow | None, now_us: int, quality: Sequence[QualityRow] = ()
) -> Explanation:
    """`messages`: copies folded, in the order in which they happened, `raw` at hand, of one or several legs; `quality`:
    what reports measured, those too that were found by the addresses of the media."""
    view = View(messages, call, now_us, quality)
    found = tuple(finding for rule in RULES for finding in _found(rule, view))
    return Explanation(summary(view), found)


def _found(rule: Rule, view: View) -> Iterator[Finding]:
    """What is one fact, or is said in the same words, is one finding, with the evidence of all."""
    same: dict[str, tuple[dict[str, None], str]] = {}
    for each in once(list(islice(rule.find(view), MOST_LOOKED_AT)), view, rule.told):
        ids, _ = same.setdefault(each.sentence, ({}, each.hop))
        ids.update((seen.row.id, None) for seen in each.messages if seen is not None)
        ids.update(dict.fromkeys(each.reports))
    for sentence, (ids, hop) in islice(same.items(), MOST_OF_A_RULE):
        yield Finding(rule.name, rule.severity, sentence, rule.reference, tuple(ids)[:MOST_EVIDENCE], hop)
