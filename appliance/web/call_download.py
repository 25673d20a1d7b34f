"""What every file of a call shares: which legs are in it, that it is written down, its name, how a browser takes it."""

import re
from collections.abc import Sequence

from starlette.responses import Response

from appliance.export.material import Material, explained
from appliance.model.ids import call_key
from appliance.model.octets import octets
from appliance.model.quality import LogRow, QualityRow
from appliance.storage.audit import Action
from appliance.web import audit_trail, call_reports, found_call
from appliance.web.found_call import FoundCall
from appliance.web.state import Request, now_us
from appliance.web.wording import stamp

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For files that a browser may open by itself: nothing in them runs, whatever the network sent."""


async def found(request: Request, what: str) -> FoundCall:
    """The call that a file is made of, its export written down. Raises HTTPException with a sentence."""
    call = await found_call.find(request)
    await audit_trail.write(request, Action.EXPORTED, f"{what} {call_key(octets(call.callid))}")
    return call


async def material(request: Request, call: FoundCall) -> Material:
    """With what was reported of its media, its log lines, and why it went as it did."""
    reports = await call_reports.quality_of(request, call)
    return explained(material_of(call, reports, call_reports.logs_of(call)), now_us())


def material_of(call: FoundCall, reports: Sequence[QualityRow], logs: Sequence[LogRow]) -> Material:
    """What files are made of, from what was found."""
    return Material(
        callid=call.callid,
        call=call.call,
        messages=call.messages,
        stored=call.stored,
        cut=call.cut,
        others=call.others,
        quality=tuple(reports),
        logs=tuple(logs),
        legs=call.legs,
        possible=call.possible,
        notes=call.notes,
        names=call.names,
    )


def answer(call: FoundCall, suffix: str, kind: str, body: bytes, *, attached: bool = False) -> Response:
    """The file with a name that says which call it is of."""
    how = "attachment" if attached else "inline"
    headers = {
        "Content-Disposition": f'{how}; filename="{file_name(call, suffix)}"',
        "Content-Security-Policy": SANDBOX,
    }
    return Response(body, media_type=kind, headers=headers)


def file_name(call: FoundCall, suffix: str) -> str:
    """`call-2026-11-23-061233-alice-bob.pcap`: says which call and when, in characters that every system takes."""
    first = call.call or (call.messages[0] if call.messages else None)
    parties = [getattr(first, "from_user", ""), getattr(first, "to_user", "")]
    when = re.sub(r"[^0-9]+", "", stamp(call.started or 0)[10:19])
    day = stamp(call.started or 0)[:10]
    words = ["call", day, when, *(re.sub(r"[^A-Za-z0-9+_]+", "", party)[:32] for party in parties)]
    return "-".join(word for word in words if word) + (f".{suffix}" if suffix else "")
