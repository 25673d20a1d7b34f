"""Making and ending share links: for the page and the API alike."""

from dataclasses import dataclass
from urllib.parse import quote

from appliance.storage import pins, shares
from appliance.storage.accounts import User
from appliance.storage.audit import Action
from appliance.storage.pins import PinError
from appliance.storage.shares import Share, ShareError, Wanted
from appliance.web import audit_trail, links, pinning
from appliance.web.auth.permissions import Deed, may
from appliance.web.found_call import FoundCall
from appliance.web.share_form import BadShare, ShareForm, wanted
from appliance.web.state import Request, now_us


@dataclass(frozen=True, slots=True)
class Made:
    """A link, this once."""

    id: int
    url: str
    expires_at: int


async def make(request: Request, user: User, found: FoundCall, form: ShareForm) -> Made:
    """The link; with `keep` its call is pinned until it ends. Raises BadShare."""
    asked: Wanted = await wanted(form, found, user, now_us())
    database = request.state["database"]
    try:
        number, token = await shares.make(database, user, asked, now_us())
    except ShareError as error:
        raise BadShare(f"{str(error)[:1].upper()}{str(error)[1:]}.", "hours") from error
    if form.keep:
        try:
            await pinning.pin(request, user, found, asked.expires_at, number)
        except PinError as error:
            await shares.revoke(database, number, now_us())
            raise BadShare(f"{str(error)[:1].upper()}{str(error)[1:]}.", "keep") from error
    what = f"share {number} {links.call(found.callid)} {form.profile.value}"
    await audit_trail.write(request, Action.SHARE_MADE, what)
    return Made(number, f"{home(request)}/s/{quote(token)}", asked.expires_at)


async def revoke(request: Request, user: User, number: int, *, by_token: bool = False) -> Share | None:
    """The link that works no more; None when there is none, or it is another's."""
    database = request.state["database"]
    share = await shares.by_id(database, number)
    if share is None or not owns(user, share.user_id, by_token=by_token):
        return None
    if await shares.revoke(database, number, now_us()):
        await audit_trail.write(request, Action.SHARE_REVOKED, f"share {number} {links.call(share.callid)}")
    return share


async def release(request: Request, user: User, number: int) -> bool:
    """Let go of a pinned call; False when there is none, or it is another's."""
    database = request.state["database"]
    pin = await pins.by_id(database, number)
    if pin is None or not owns(user, pin.user_id):
        return False
    await pins.release(database, number)
    await audit_trail.write(request, Action.PIN_RELEASED, f"pin {number} {links.call(pin.callid)}")
    return True


def owns(user: User, owner: int | None, *, by_token: bool = False) -> bool:
    """Whether something is one's own, or one may administer everybody's."""
    return owner == user.id or may(user, Deed.ADMINISTER, by_token=by_token)


def home(request: Request) -> str:
    """Where users reach this appliance."""
    return request.state["settings"].web.url.rstrip("/") or str(request.base_url).rstrip("/")
