"""What headers say of the reason: Reason (RFC 3326), Warning (RFC 3261 20.43), Retry-After."""

import re
from collections.abc import Iterator

from appliance.why import wording
from appliance.why.codes import REASON_PHRASES
from appliance.why.finding import Found
from appliance.why.origin import born
from appliance.why.q850 import CAUSES
from appliance.why.seen import Seen, named
from appliance.why.view import View

UNDELIVERED = re.compile(
    r"unresolvable destination|\bdns\b|name resolution|host not found|no route to host|network (is )?unreachable"
    r"|connection (refused|reset|timed out)|transport (error|failure)|\btls handshake|error on sending to next hop",
    re.IGNORECASE,
)
"""What servers write when a request could not be delivered."""

NOISE = 392
"""What SER and its kin put into every response of theirs for their developers."""
WARNINGS = {
    300: "network protocol not available",
    301: "network address format not available",
    302: "transport protocol not available",
    303: "bandwidth unit not available",
    304: "media type not available",
    305: "media format (codec) not available",
    306: "media attribute not understood",
    307: "session description parameter not understood",
    330: "multicast not available",
    331: "unicast not available",
    370: "not enough bandwidth",
    399: "miscellaneous",
}


def cause(view: View) -> Iterator[Found]:
    """Each cause that a Reason header gives, Q.850 causes and SIP codes in plain words, where it was seen first."""
    told: set[str] = set()
    for seen in view.messages:
        if not seen.row.reason and not seen.has(b"reason"):
            continue
        for value in seen.values(b"reason") or [seen.row.reason.encode("utf-8", "replace")]:
            words = _cause(value)
            if words and words not in told:
                told.add(words)
                yield Found(f"{_what(seen)} says {words}.", (seen,), wording.hop_of(seen))


def _cause(value: bytes) -> str:
    protocol = wording.quoted(value.partition(b";")[0].decode("utf-8", "replace"), 20)
    number, text = named(value, b"cause").strip(), wording.quoted(named(value, b"text"))
    if not (number.isascii() and number.isdigit() and len(number) <= 4):
        return f'{protocol}: "{text}"' if text else ""
    known = CAUSES if protocol.upper() == "Q.850" else REASON_PHRASES if protocol.upper() == "SIP" else {}
    plain = known.get(int(number), "")
    same = text.lower() == plain.lower() or not text
    parts = [part for part in (plain, "" if same else f'"{text}"') if part]
    return f"{protocol} cause {int(number)}" + (f": {', '.join(parts)}" if parts else "")


def _what(seen: Seen) -> str:
    return wording.quoted(seen.row.method, 20) if seen.is_request else wording.response(seen)


def warning(view: View) -> Iterator[Found]:
    """What a Warning header says, with its code in plain words."""
    told: set[bytes] = set()
    for seen in view.messages:
        if seen.is_request or not seen.has(b"warning"):
            continue
        for value in seen.values(b"warning"):
            code, _, rest = value.partition(b" ")
            agent, _, text = rest.partition(b" ")
            if value in told or not (code.isdigit() and len(code) == 3) or int(code) == NOISE:
                continue
            told.add(value)
            plain = WARNINGS.get(int(code), "warning")
            words = wording.quoted(text.decode("utf-8", "replace").strip().strip('"'), 120)
            agent_name = wording.quoted(agent.decode("utf-8", "replace"), 40)
            by = f" of {agent_name}" if agent_name else ""
            sentence = f'{wording.response(seen)} carries warning {int(code)} ({plain}){by}: "{words}".'
            yield Found(sentence, (seen,), wording.hop_of(seen))


def undelivered(view: View) -> Iterator[Found]:
    """A server could not deliver a request: DNS, routing, connection or TLS, as Reason, Warning or the phrase say."""
    told: set[str] = set()
    for one in (*view.leaves, *view.transactions):
        final = one.final
        if final is None or not one.failed:
            continue
        texts = (final.row.reply_reason, final.row.reason, final.text(b"warning"))
        text = next((each for each in texts if UNDELIVERED.search(each)), "")
        if text and text not in told:
            told.add(text)
            by = wording.sender(final)
            sentence = f'{by} could not deliver the {wording.verb(one)}: "{wording.quoted(text, 120)}".'
            yield Found(sentence, (final, one.request), wording.hop(one, True))


def retry_after(view: View) -> Iterator[Found]:
    """A server says when it can be asked again."""
    for _, at in born(view, range(400, 700)):
        wait = at.response.number(b"retry-after")
        if wait is not None:
            words = f"asks not to be tried again for {wording.seconds(wait)}"
            sentence = f"{wording.response(at.response)}: {at.ip} {words}."
            yield Found(sentence, (at.response,), at.hop)
