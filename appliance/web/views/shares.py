"""/admin/shares: links that were made and calls that are pinned; one's own for a user, all for an administrator."""

import csv as csv_module
import io
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from appliance.export.as_csv import defused
from appliance.storage import pins, shares
from appliance.storage.accounts import User
from appliance.storage.pins import MOST_BYTES, MOST_PINS, Pin
from appliance.storage.shares import Share
from appliance.web import links, share_making
from appliance.web.auth.permissions import Deed, may
from appliance.web.render import page
from appliance.web.state import Request, now_us
from appliance.web.views.account import signed_in
from appliance.web.wording import zoned

_COLUMNS = ("id", "user", "call", "redaction", "password", "note", "made", "expires", "state", "opens", "last_opened")


@dataclass(frozen=True, slots=True)
class SharesPage:
    """The context of shares.html."""

    shares: list[tuple[Share, str]]
    """Each with its state."""
    pins: list[Pin]
    of_all: bool
    most_pins: int = MOST_PINS
    most_pinned_bytes: int = MOST_BYTES


async def show(request: Request) -> Response:
    """The lists."""
    whose, now = _whose(request), now_us()
    listed = [(share, share.state(now)) for share in await shares.listed(request.state["database"], whose)]
    kept = await pins.listed(request.state["database"], whose, now)
    return page(request, "shares.html", SharesPage(listed, kept, whose is None))


async def csv(request: Request) -> Response:
    """The links for a spreadsheet."""
    now = now_us()
    written = io.StringIO(newline="")
    writer = csv_module.writer(written)
    writer.writerow(_COLUMNS)
    for share in await shares.listed(request.state["database"], _whose(request)):
        writer.writerow([defused(cell) for cell in _cells(share, now)])
    headers = {"Content-Disposition": 'attachment; filename="shares.csv"'}
    return Response(written.getvalue().encode("utf-8", "replace"), media_type="text/csv", headers=headers)


async def revoke(request: Request) -> Response:
    """Make a link work no more."""
    user = signed_in(request).user
    if await share_making.revoke(request, user, _number(request)) is None:
        raise HTTPException(404, "There is no such link of yours.")
    return RedirectResponse("/admin/shares", 303)


def _whose(request: Request) -> User | None:
    identity = signed_in(request)
    return None if may(identity.user, Deed.ADMINISTER, by_token=identity.by_token) else identity.user


def _number(request: Request) -> int:
    return int(request.path_params["id"])


def _cells(share: Share, now: int) -> list[str]:
    last = zoned(share.last_opened_at) if share.last_opened_at else ""
    return [
        str(share.id),
        share.user_name,
        links.call(share.callid, at=share.call_at),
        share.redaction,
        "yes" if share.password_hash else "no",
        share.note,
        zoned(share.made_at),
        zoned(share.expires_at),
        share.state(now),
        str(share.opens),
        last,
    ]
