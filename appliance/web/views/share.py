"""/calls/KEY/share: the form that makes a link to a call, its preview, and the link, shown once."""

import os
from dataclasses import dataclass, field

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from appliance.redaction.profile import TOLD, WORDS, Profile
from appliance.storage.audit import Action
from appliance.storage.shares import HOUR_US, NOTE_LENGTH, WORDS_LENGTH, Share
from appliance.web import audit_trail, found_call, links, share_form, share_making, shared_call
from appliance.web.call_head import TABS, Head, head_of
from appliance.web.found_call import FoundCall
from appliance.web.render import page
from appliance.web.share_form import EXPIRIES, BadShare, ShareForm
from appliance.web.share_making import Made
from appliance.web.state import Request, now_us
from appliance.web.views.account import signed_in
from appliance.web.views.shared import page_of

PREVIEW_KEY = os.urandom(32)
"""Makes the stand-ins of previews; a link has its own."""


@dataclass(frozen=True, slots=True)
class SharePage:
    """The context of share.html; `made` once the link is there."""

    head: Head
    callids: tuple[str, ...]
    form: ShareForm
    made: Made | None = None
    problem: str = ""
    where: str = ""
    tab: str = "share"
    tabs: tuple[tuple[str, str], ...] = TABS
    expiries: tuple[tuple[int, str], ...] = EXPIRIES
    profiles: dict[Profile, str] = field(default_factory=lambda: WORDS)
    note_length: int = NOTE_LENGTH
    words_length: int = WORDS_LENGTH
    told: dict[Profile, str] = field(default_factory=lambda: TOLD)


async def show(request: Request) -> Response:
    """The form."""
    found = await found_call.find(request)
    return page(request, "share.html", SharePage(head_of(found, request), found.callids, ShareForm()))


async def make(request: Request) -> Response:
    """Make the link and show it, this once."""
    found = await found_call.find(request)
    posted = await request.form(max_files=0, max_fields=300)
    form = ShareForm()
    try:
        form = _read(posted, found)
        made = await share_making.make(request, signed_in(request).user, found, form)
    except BadShare as error:
        shown = SharePage(head_of(found, request), found.callids, form, None, str(error), error.where)
        return page(request, "share.html", shown, status=422)
    return page(request, "share.html", SharePage(head_of(found, request), found.callids, form, made))


async def preview(request: Request) -> Response:
    """What the link would show, to whoever is about to make it."""
    found = await found_call.find(request)
    try:
        form = _read(await request.form(max_files=0, max_fields=300), found)
    except BadShare as error:
        raise HTTPException(422, str(error)) from error
    await audit_trail.write(request, Action.CALL_OPENED, links.call(found.callid, "share/preview"))
    quality = await shared_call.measured(request, found, form.legs)
    shown = await shared_call.shown(found, form.legs, form.profile, PREVIEW_KEY, form.words, quality)
    if shown is None:
        raise HTTPException(404, "Nothing of this call could be shown: no message of it is SIP, or none is stored.")
    return page(request, "shared.html", page_of(_as_if_made(request, found, form), shown, ""))


def _read(posted: FormData, found: FoundCall) -> ShareForm:
    values = {name: str(value) for name, value in posted.multi_items()}
    return share_form.of_form(values, [str(leg) for leg in posted.getlist("leg")], found)


def _as_if_made(request: Request, found: FoundCall, form: ShareForm) -> Share:
    user, now = signed_in(request).user, now_us()
    until = now + form.hours * HOUR_US
    told = (found.callid, found.started, form.legs, form.profile.value, form.words, None, form.note)
    return Share(0, PREVIEW_KEY, user.id, user.name, *told, now, until, None, 0, None)
