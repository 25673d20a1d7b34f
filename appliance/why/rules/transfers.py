"""Transfers: what became of a REFER (RFC 3515), as the NOTIFYs with `message/sipfrag` tell."""

import re
from collections.abc import Iterator

from appliance.sip.address import uri_parameters
from appliance.sip.headers import body
from appliance.why import wording
from appliance.why.finding import Found
from appliance.why.seen import Seen
from appliance.why.view import View

_FRAGMENT = re.compile(rb"\s*SIP/2\.0 (\d{3})[ \t]*([^\r\n]*)")


def transferred(view: View) -> Iterator[Found]:
    """A call was transferred with success, or the target has not answered yet."""
    yield from (found for ok, found in _outcomes(view) if ok)


def transfer_failed(view: View) -> Iterator[Found]:
    """A transfer was refused, or its target failed."""
    yield from (found for ok, found in _outcomes(view) if not ok)


def _outcomes(view: View) -> Iterator[tuple[bool, Found]]:
    told = _notified(view)
    for one in view.roots:
        if one.method != "REFER" or one.request is None:
            continue
        by, to = wording.client(one), _target(one.request)
        if one.failed and one.final is not None:
            if one.status not in (401, 407):
                sentence = f"{wording.server(one)} refused to be transferred to {to}: {wording.response(one.final)}."
                yield False, Found(sentence, (one.final, one.request), wording.hop(one, True))
            continue
        last = next(reversed(told.get(one.callid, ())), None)
        if last is None or last[0].place < one.first.place:
            yield (
                True,
                Found(f"{by} asked for a transfer to {to}; no outcome was captured.", (one.request,), wording.hop(one)),
            )
            continue
        notify, status, phrase = last
        words = f"{status} {wording.quoted(phrase)}".rstrip()
        if status >= 300:
            yield False, Found(f"The transfer to {to} failed: {words}.", (notify, one.request), wording.hop_of(notify))
        else:
            how = "succeeded" if status >= 200 else "was under way at last"
            yield True, Found(f"The transfer to {to} {how}: {words}.", (notify, one.request), wording.hop_of(notify))


def _target(request: Seen) -> str:
    uri = uri_parameters(request.octets(b"refer-to"))[0].partition(b"?")[0]
    return wording.quoted(uri.decode("utf-8", "replace")) or "an address that it does not name"


def _notified(view: View) -> dict[str, list[tuple[Seen, int, str]]]:
    """(NOTIFY, status, phrase) by Call-ID."""
    found: dict[str, list[tuple[Seen, int, str]]] = {}
    for seen in view.messages:
        if seen.is_request and seen.verb == "NOTIFY" and "sipfrag" in seen.row.content_type.lower() and seen.row.raw:
            fragment = _FRAGMENT.match(body(seen.row.raw))
            if fragment:
                words = fragment[2].decode("utf-8", "replace")
                found.setdefault(seen.row.callid, []).append((seen, int(fragment[1]), words))
    return found
