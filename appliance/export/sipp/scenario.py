"""A captured call as a scenario for SIPp (FEATURES G3): `scenario(rows, Side.CALLER)` is the XML.

Written for SIPp 3.6 and later. Text of the network stands in CDATA sections (escaped by sipp.escape) and in comments,
never in names or attributes.
"""

import shlex
from collections.abc import Iterable, Iterator

from appliance.export import moments
from appliance.export.sipp import message
from appliance.export.sipp.escape import comment
from appliance.export.sipp.side import MOST_PAUSE_MS, Played, Receive, Send, Side, has_credentials, played
from appliance.export.sipp.steps import Flow, NoScenario, flow
from appliance.model.octets import shown
from appliance.model.rows import MessageRow

LONGEST = 65_000
"""SIPp 3.6 reads 64 KiB of a scenario."""
MOST_STEPS = 1000
"""More do not fit."""
TRANSPORTS = {"tcp": " -t t1", "tls": " -t l1", "sctp": " -t s1"}
TITLES = {Side.CALLER: "The caller's side", Side.CALLEE: "The callee's side"}
_LINE = "[^[:cntrl:]]*"
_HEADERS = {
    "via": f"[[:cntrl:]]((Via|v):{_LINE}([[:cntrl:]]+(Via|v):{_LINE})*)",
    "routes": f"[[:cntrl:]](Record-Route:{_LINE}([[:cntrl:]]+Record-Route:{_LINE})*)",
    "from": f"[[:cntrl:]](From|f):[[:space:]]*({_LINE})",
    "to": f"[[:cntrl:]](To|t):[[:space:]]*({_LINE})",
    "cseq": f"[[:cntrl:]]CSeq:[[:space:]]*({_LINE})",
}
"""What is kept of a request, as SIPp's regular expressions; the last word of the names below is its value."""
_WORDS = {"via": "{0} {1}", "routes": "{0} {1}", "from": "{0} {0} {1}", "to": "{0} {0} {1}", "cseq": "{0} {1}"}
_UNUSED = "unused"


def scenario(rows: Iterable[MessageRow], side: Side) -> str:
    """One side of a call whose messages are folded and in order. Raises NoScenario with a sentence."""
    seen = flow(rows)
    if len(seen.steps) > MOST_STEPS:
        raise NoScenario(
            f"{len(seen.steps)} messages are more than fit in a scenario of SIPp: the pcap has the whole call"
        )
    made = played(seen, side)
    lines = ['<?xml version="1.0" encoding="US-ASCII"?>', *_about(seen, made), f'<scenario name="hepbox {side.value}">']
    lines += _commands(made)
    text = "\n".join([*lines, "</scenario>", ""])
    if len(text) > LONGEST:
        raise NoScenario(
            f"the scenario of this call would have {len(text):,} octets and SIPp reads {LONGEST:,}: "
            "the pcap has the whole call"
        )
    return text


def _about(seen: Flow, made: Played) -> Iterator[str]:
    yield "<!--"
    for line in (
        *_what(seen, made),
        "",
        "Run it:",
        *(f"  {line}" for line in _how(seen, made)),
        "",
        *_changed(seen, made),
    ):
        yield comment(line)
    yield "-->"


def _what(seen: Flow, made: Played) -> Iterator[str]:
    invite = seen.invite
    yield f"{TITLES[made.side]} of a captured call, written by hepbox."
    yield f"Call-ID {shown(invite.callid)}, {moments.stamp(invite.ts)}"
    yield f"{seen.caller[0]} port {seen.caller[1]} to {seen.callee[0]} port {seen.callee[1]}, {invite.proto}"


def _how(seen: Flow, made: Played) -> Iterator[str]:
    transport = TRANSPORTS.get(seen.invite.proto, "")
    if made.side is Side.CALLEE:
        yield f"sipp -sf sipp-uas.xml -m 1{transport}"
        yield "It waits on port 5060 (-p for another), at the address that -i names."
        return
    service = f" -s {shlex.quote(shown(message.service(made)))}" if message.service(made) else ""
    user = next((row.auth_user for row in _requests(made) if row.auth_user), "")
    login = f" -au {shlex.quote(shown(user))} -ap PASSWORD" if _authenticates(made) else ""
    yield f"sipp -sf sipp-uac.xml{service}{login} -m 1{transport} HOST:5060"
    if message.service(made):
        yield "-s is the number that is called."
    if _authenticates(made):
        yield "-au and -ap are the name and the password that the challenge is answered with."


def _changed(seen: Flow, made: Played) -> Iterator[str]:
    yield "As captured: the messages and their order, headers, bodies, and the pauses"
    yield f"before what this side sends, {MOST_PAUSE_MS // 1000} s at most."
    yield "New: Call-ID, tags, branches, Contact, Route, the addresses and ports of both ends, in SDP too (-mi, -mp)."
    yield "Left out: Via, Record-Route and Route of other hops."
    if seen.folded:
        yield f"Left out: {seen.folded} retransmissions and copies of other hops; SIPp sends again by itself."
    if seen.unasked:
        yield f"Left out: {seen.unasked} responses whose request was not captured."
    if any(has_credentials(sent.step) and not sent.authenticated for sent in _sent(made)):
        yield "Left out: credentials without a challenge in this call that SIPp can answer (Digest with MD5)."
    if seen.invite.proto in ("ws", "wss"):
        yield "The call went over WebSocket, which SIPp does not speak: this runs over UDP, with -t t1 over TCP."


def _commands(made: Played) -> Iterator[str]:
    places: dict[int, int] = {}
    place = 0
    unused = False
    for command in made.commands:
        if isinstance(command, Receive):
            actions = list(_actions(made, command))
            unused = unused or any(_UNUSED in action for action in actions)
            yield from ("", *_receive(command, actions))
        else:
            if command.pause_ms:
                yield from ("", f'  <pause milliseconds="{command.pause_ms}"/>')
                place += 1
            places[id(command)] = place
            yield from ("", *_send(made, command, places))
        place += 1
    if unused:
        yield from ("", f'  <Reference variables="{_UNUSED}"/>')


def _receive(command: Receive, actions: list[str]) -> Iterator[str]:
    row = command.step.row
    what = f'request="{row.method}"' if row.is_request else f'response="{int(row.method)}"'
    marks = {"optional": command.optional, "auth": command.authenticates, "rrs": command.routes}
    said = "".join(f' {name}="true"' for name, holds in marks.items() if holds)
    if not actions:
        yield f"  <recv {what}{said}/>"
        return
    yield f"  <recv {what}{said}>"
    yield from ("    <action>", *(f"      {action}" for action in actions), "    </action>", "  </recv>")


def _actions(made: Played, command: Receive) -> Iterator[str]:
    """What is kept of a received message for what is sent later."""
    if command.parties:
        yield _ereg("from", "caller")
        yield _ereg("to", "callee")
    if command.kept:
        for name in ("via", "from", "to", "cseq", *(["routes"] if _repeats_routes(made, command) else [])):
            yield _ereg(name, f"{command.kept}_{name}")
    if command.rseq:
        yield f'<ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" assign_to="{command.rseq}"/>'


def _ereg(name: str, variable: str) -> str:
    words = ",".join(_WORDS[name].format(_UNUSED, variable).split())
    return f'<ereg regexp="{_HEADERS[name]}" search_in="msg" assign_to="{words}"/>'


def _repeats_routes(made: Played, command: Receive) -> bool:
    answers = (sent for sent in _sent(made) if sent.answers == command.kept)
    return any(f"[${command.kept}_routes]" in message.text(made, sent, "") for sent in answers)


def _send(made: Played, command: Send, places: dict[int, int]) -> Iterator[str]:
    back = places[id(command)] - places[id(command.branch_of)] if command.branch_of else 0
    yield '  <send retrans="500">' if command.again else "  <send>"
    yield f"    <![CDATA[\n\n{message.text(made, command, f'[branch-{back}]' if back else '[branch]')}]]>"
    yield "  </send>"


def _sent(made: Played) -> list[Send]:
    return [command for command in made.commands if isinstance(command, Send)]


def _requests(made: Played) -> list[MessageRow]:
    return [command.step.row for command in made.commands if command.step.row.is_request]


def _authenticates(made: Played) -> bool:
    return any(sent.authenticated for sent in _sent(made))
