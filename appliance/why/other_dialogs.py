"""The first sentence of what is no call: registrations, OPTIONS, subscriptions, messages, or no SIP at all."""

from appliance.why import wording
from appliance.why.finding import SUMMARY, Finding, Severity
from appliance.why.rules.registration import granted
from appliance.why.transactions import Transaction
from appliance.why.view import View

TELLING = ("SUBSCRIBE", "PUBLISH", "MESSAGE", "REFER", "OPTIONS")
"""Of several methods in one dialog, the one that began it is told; NOTIFYs follow."""


def told(view: View) -> Finding:
    """The outcome of the last transaction of the dialog's method."""
    if not view.messages:
        count = len(view.beside)
        what = f"only {wording.counted(count, 'report, log line or event')}" if count else "and nothing else of it"
        return Finding(SUMMARY, Severity.INFO, f"No SIP message of it is here, {what}.", "", (), "")
    registers = [one for one in view.roots if one.method == "REGISTER"]
    if registers:
        return _finding(registers[-1], _registration(view, registers[-1]))
    method = next((name for name in TELLING if any(one.method == name for one in view.roots)), "")
    same = [one for one in view.roots if one.method == method] or view.roots or view.transactions
    if not same:
        return Finding(SUMMARY, Severity.INFO, _lone(view), "", (view.messages[0].row.id,), "")
    return _finding(same[-1], _answered(view, same[-1], len(same)))


def _finding(one: Transaction, sentence: str) -> Finding:
    severity = Severity.ERROR if one.failed or not one.responses else Severity.INFO
    seen = one.final or one.first
    return Finding(SUMMARY, severity, sentence, "", (seen.row.id,), wording.hop(one, True) if one.failed else "")


def _lone(view: View) -> str:
    row = view.messages[0].row
    return f"Only {wording.quoted(row.method, 20)} from {wording.host(row.source_ip)} was captured."


def _registration(view: View, one: Transaction) -> str:
    row = one.first.row
    who = wording.quoted(f"{row.to_user}@{row.to_domain}".strip("@"))
    where = wording.server(one)
    if one.final is None:
        waited = wording.duration(view.now_us - one.first.at_us)
        return f"{who} tried to register with {where}: no final answer in {waited}."
    if one.accepted:
        return _bound(one, who, where)
    sent = ", sent credentials," if row.auth_user else ""
    if one.status in (401, 407) and not row.auth_user:
        return f"{where} asked {who} for credentials ({wording.response(one.final)}); no further try was captured."
    return f"{who} tried to register with {where}{sent} and was refused: {wording.response(one.final)}."


def _bound(one: Transaction, who: str, where: str) -> str:
    seconds = granted(one)
    if seconds == 0:
        return f"{who} took back its registration with {where}."
    if one.request is not None and not one.request.has(b"contact") and one.request.row.raw:
        return f"{who} asked {where} for its registrations and was told them."
    span = f" for {wording.seconds(seconds)}" if seconds else ""
    return f"{who} registered with {where}{span}."


def _answered(view: View, one: Transaction, count: int) -> str:
    row = one.first.row
    name = f"{wording.verb(one) or 'A request'} of {wording.client(one)} to {wording.server(one)}"
    event = one.request.text(b"event") if one.request else ""
    of = f" for {wording.quoted(event.partition(';')[0])}" if event else ""
    more = f" (the last of {count})" if count > 1 else ""
    if one.final is None:
        waited = wording.duration(view.now_us - row.ts)
        return f"{name}{of}{more} got no final answer in {waited}."
    took = f" after {wording.duration(one.final.at_us - one.request.at_us)}" if one.request else ""
    return f"{name}{of}{more} was answered {wording.response(one.final)}{took}."
