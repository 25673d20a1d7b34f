"""/calls/KEY/why: what happened in a call, each finding with the messages that show it (FEATURES E6)."""

import re
from dataclasses import dataclass

from starlette.responses import Response

from appliance.calls.labels import label
from appliance.calls.marks import split
from appliance.model.rows import MessageRow
from appliance.storage.audit import Action
from appliance.web import audit_trail, call_reports, found_call, links
from appliance.web.call_head import TABS, Head, head_of
from appliance.web.found_call import FoundCall
from appliance.web.render import page
from appliance.web.state import Request, now_us
from appliance.why.explain import explain
from appliance.why.finding import Finding

REPORT = "report"
"""A packet that was found by the addresses of the call's media, and is no message of it."""
_RFC = re.compile(r"RFC (\d+)(?: ([\d.]+))?")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A message that shows what a finding says."""

    href: str
    number: int | None
    """Of its arrow in the ladder; None of what has none (reports)."""
    words: str
    """`486 INVITE`."""


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with its links."""

    found: Finding
    reference: str
    """Address of the document's section."""
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class WhyPage:
    """The context of call_why.html."""

    head: Head
    findings: list[ShownFinding]
    tab: str = "why"
    tabs: tuple[tuple[str, str], ...] = TABS


async def show(request: Request) -> Response:
    """What happened: one sentence, then each finding with its evidence and the section that it is about."""
    found = await found_call.find(request)
    await audit_trail.write(request, Action.CALL_OPENED, links.call(found.callid, "why"))
    head = head_of(found, request)
    quality = await call_reports.quality_of(request, found)
    findings = explain(found.messages, found.call, now_us(), quality).findings
    return page(request, "call_why.html", WhyPage(head, shown_findings(findings, found, head.at)))


def shown_findings(findings: tuple[Finding, ...], found: FoundCall, at: int | None) -> list[ShownFinding]:
    """The messages of each finding by their arrows in the ladder."""
    arrows, _ = split(found.messages)
    numbers = {row.id: number for number, row in enumerate(arrows, 1)}
    rows = {row.id: row for row in found.messages}
    return [
        ShownFinding(
            finding,
            address(finding.rfc),
            [_evidence(id_, rows.get(id_), numbers.get(id_), found, at) for id_ in finding.messages],
        )
        for finding in findings
    ]


def _evidence(id_: str, row: MessageRow | None, number: int | None, found: FoundCall, at: int | None) -> Evidence:
    if row is None or number is None:
        return Evidence(links.message(id_), None, label(row).name if row is not None else REPORT)
    return Evidence(f"{links.call(found.callid, at=at, message=row.id)}#m-{row.id}", number, label(row).name)


def address(reference: str) -> str:
    """Where the section can be read; "" of what is no RFC."""
    found = _RFC.fullmatch(reference)
    if not found:
        return ""
    return f"https://www.rfc-editor.org/rfc/rfc{found[1]}" + (f"#section-{found[2]}" if found[2] else "")
