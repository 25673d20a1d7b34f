"""The branches of a forked INVITE: A, B … per To-tag (RFC 3261 16.7, 19.3; FEATURES E1).

An INVITE was forked when its answers have several To-tags that each made a dialog, early or not, or that came on a
client transaction of their own. What a proxy answers by itself is no branch.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from appliance.model.rows import MessageRow

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Exchange = tuple[str, int | None, str]
"""Call-ID, CSeq number, From-tag of an INVITE."""


def letters(rows: Sequence[MessageRow]) -> dict[str, str]:
    """The letter of each message that belongs to a branch, by its id; empty when nothing was forked."""
    tags = {exchange: found for exchange, found in _tags(rows).items() if len(found) > 1}
    if not tags:
        return {}
    of_tag = {
        (exchange[0], tag): LETTERS[place] for exchange, found in tags.items() for place, tag in enumerate(found[:26])
    }
    of_branch = _branches(rows, of_tag)
    marked = ((row.id, _letter(row, of_tag, of_branch)) for row in rows)
    return {id_: letter for id_, letter in marked if letter}


def _tags(rows: Iterable[MessageRow]) -> dict[Exchange, list[str]]:
    """To-tags of the dialogs and of the client transactions of each INVITE, in the order in which they appear."""
    siblings = _siblings(rows)
    found: dict[Exchange, list[str]] = defaultdict(list)
    for row in rows:
        if row.cseq_method != "INVITE" or row.is_request or not row.to_tag or row.method == "100":
            continue
        makes_dialog = row.method[:1] in "12"
        known = found[_exchange(row)]
        if row.to_tag not in known and (makes_dialog or row.via_branch in siblings):
            known.append(row.to_tag)
    return found


def _siblings(rows: Iterable[MessageRow]) -> set[str]:
    """Branches of INVITEs that one host sent out several of."""
    sent: dict[tuple[Exchange, str], set[str]] = defaultdict(set)
    for row in rows:
        if row.method == "INVITE" and not row.to_tag and row.via_branch:
            sent[_exchange(row), row.source_ip].add(row.via_branch)
    return {branch for branches in sent.values() if len(branches) > 1 for branch in branches}


def _branches(rows: Iterable[MessageRow], of_tag: dict[tuple[str, str], str]) -> dict[str, str]:
    """Letters of the INVITEs' branches whose answers are of one To-tag: of what comes before there is a tag."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.cseq_method == "INVITE" and not row.is_request and row.to_tag and row.via_branch:
            letter = of_tag.get((row.callid, row.to_tag))
            if letter:
                found[row.via_branch].add(letter)
    return {branch: one for branch, known in found.items() if len(known) == 1 for one in known}


def _letter(row: MessageRow, of_tag: dict[tuple[str, str], str], of_branch: dict[str, str]) -> str:
    for tag in (row.to_tag, row.from_tag):
        if letter := of_tag.get((row.callid, tag)):
            return letter
    return of_branch.get(row.via_branch, "")


def _exchange(row: MessageRow) -> Exchange:
    return row.callid, row.cseq, row.from_tag
