"""The export tab of a call: every file that it can be taken as, with a sentence, a size, and what is not in it."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.export import pcap
from appliance.export.sipp.steps import NoScenario, flow
from appliance.model.octets import shown
from appliance.model.rows import MessageRow
from appliance.web import links
from appliance.web.found_call import FoundCall
from appliance.web.state import Request
from appliance.web.wording import sentence, size

Rows = Sequence[MessageRow]


@dataclass(frozen=True, slots=True)
class File:
    """One file; `address` is empty when it cannot be made, and `words` then say why."""

    name: str
    words: str
    size: str
    address: str
    one_leg: str
    """The same of this Call-ID alone; empty when the call has no other."""


@dataclass(frozen=True, slots=True)
class Group:
    """Files for one purpose."""

    title: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Exports:
    """The context of parts/_call_export.html."""

    groups: tuple[Group, ...]
    notes: tuple[str, ...]
    curl: tuple[str, ...]
    commands: tuple[str, ...]


_GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "For somebody else",
        (
            ("report.html", "the whole call as one page: facts, ladder, media, logs, messages; needs nothing else"),
            ("report.zip", "that page with every other file of the call"),
            ("messages.txt", "facts, ladder and every message as one text, for a ticket"),
        ),
    ),
    (
        "For tools",
        (
            ("messages.pcap", "SIP and RTCP as packets, for Wireshark and sngrep"),
            ("messages.json", "the call as the API gives it, with the text of every message"),
            ("sipp-uac.xml", "the caller's side as a scenario that SIPp runs"),
            ("sipp-uas.xml", "the callee's side"),
            ("quality.csv", "what reports say of the media, for a spreadsheet"),
            ("quality.json", "the same for programs"),
        ),
    ),
    (
        "The ladder alone",
        (
            ("flow.svg", "sharp at any size"),
            ("flow.png", "as a picture, for a chat"),
            ("flow.txt", "in plain text, for a mail"),
        ),
    ),
)

_SIZES: dict[str, Callable[[Rows], int]] = {
    "report.html": lambda rows: 30_000 + sum(4 * row.size + 2_500 for row in rows),
    "messages.txt": lambda rows: 1_000 + sum(row.size + 190 for row in rows),
    "messages.pcap": lambda rows: 24 + sum(row.size + 44 for row in rows if row.raw and pcap.is_packet(row)),
    "messages.json": lambda rows: 2_000 + sum(5 * row.size // 2 + 1_200 for row in rows),
    "flow.svg": lambda rows: 6_000 + 1_000 * len(rows),
    "flow.txt": lambda rows: 500 + 110 * len(rows),
}
"""Octets, about."""


def exports(request: Request, found: FoundCall, at: int | None) -> Exports:
    """All files of a call; `at` picks one of several calls of a Call-ID."""
    groups = tuple(
        Group(title, tuple(_file(name, words, found, at) for name, words in files)) for title, files in _GROUPS
    )
    site = str(request.base_url).rstrip("/")
    return Exports(groups, _notes(found.messages), _curl(site, found, at), _commands(found))


def _file(name: str, words: str, found: FoundCall, at: int | None) -> File:
    many = any(row.kind.is_sip and row.callid != found.callid for row in found.messages)
    one = links.with_query(links.call(found.callid, name), {}, at=str(at) if at else None, legs="one") if many else ""
    about = f"~ {size(_SIZES[name](found.messages))}" if name in _SIZES else ""
    if name.startswith("sipp-") and (why := _no_scenario(found.messages)):
        return File(name, why, "", "", "")
    return File(name, words, about, links.call(found.callid, name, at), one)


def _no_scenario(rows: Rows) -> str:
    try:
        flow(rows)
    except NoScenario as error:
        return f"not of this call: {error}"
    return ""


def _notes(rows: Rows) -> tuple[str, ...]:
    notes = []
    left_out = sum(not pcap.is_packet(row) for row in rows)
    if left_out:
        what = "report, log line or event was" if left_out == 1 else "reports, log lines and events were"
        notes.append(f"{left_out} {what} never a packet and not in the pcap; the JSON has them.")
    ports = pcap.hidden_ports(rows)
    if ports:
        told = " ".join(f"-d tcp.port=={port},sip" for port in ports)
        notes.append(f"Wireshark takes TCP on such a port for something else: Decode As SIP, or tshark {told}.")
    if any(row.proto in ("tls", "ws", "wss") for row in rows):
        notes.append("What came over TLS or WebSocket is in the pcap as TCP with the message itself.")
    return tuple(sentence(note) for note in notes)


def _curl(site: str, found: FoundCall, at: int | None) -> tuple[str, ...]:
    addresses = [links.call(found.callid, name, at) for name in ("messages.pcap", "report.zip")]
    lines = [f"curl -OJ -H 'Authorization: Bearer TOKEN' {shlex.quote(site + address)}" for address in addresses]
    api = f"{site}/api/v1{links.call(found.callid, at=at)}"
    return (*lines, f"curl -H 'Authorization: Bearer TOKEN' {shlex.quote(api)}")


def _commands(found: FoundCall) -> tuple[str, ...]:
    callid = shlex.quote(shown(found.callid))
    which = f" -- {callid}" if callid.startswith("-") else f" {callid}"
    kinds = (("pcap", "call.pcap"), ("report", "call.html"))
    if callid.startswith("-"):
        return tuple(f"hepbox call --format {kind} -o {name}{which}" for kind, name in kinds)
    return tuple(f"hepbox call{which} --format {kind} -o {name}" for kind, name in kinds)
