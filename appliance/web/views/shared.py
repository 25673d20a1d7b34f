"""/s/TOKEN: a shared call for whoever has the link. Nothing else of the appliance can be reached from here."""

import time
from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from appliance.export import ladder_svg
from appliance.export.streams import Stream, streams
from appliance.redaction.profile import TOLD
from appliance.storage import shares
from appliance.storage.audit import Action
from appliance.storage.shares import Share
from appliance.web import audit_trail, share_gate, shared_call
from appliance.web.render import page
from appliance.web.shared_call import Shown
from appliance.web.shown_message import ShownMessage, shown_message
from appliance.web.state import Request, now_us
from appliance.web.views.call_quality import KINDS, MOST_STREAMS, TELLERS

MOST_LISTED = 500
"""Messages whose text stands on the page; the files have all."""
STAYS_HERE = {"Referrer-Policy": "same-origin"}
"""For the page of the password alone: on plain http a form that is sent under no-referrer tells no origin."""


@dataclass(frozen=True, slots=True)
class Measuring:
    """A stream with who told of it, in words."""

    stream: Stream
    kind: str
    teller: str


@dataclass(frozen=True, slots=True)
class SharedPage:
    """The context of shared.html; `files` is where its files are, empty in a preview."""

    shown: Shown
    heads: Markup
    body: Markup
    messages: list[ShownMessage]
    streams: list[Measuring]
    not_listed: int
    hides: str
    by: str
    until: int
    note: str
    files: str


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """The context of share_password.html."""

    problem: str


async def show(request: Request) -> Response:
    """The call: head, ladder and messages."""
    began = time.monotonic()
    share = await share_gate.found(request)
    if share is None:
        return await share_gate.refused(request, began)
    shown = await shared_call.load(request, share)
    if shown is None:
        return await share_gate.refused(request, began)
    if not share_gate.is_unlocked(request, share):
        return page(request, "share_password.html", PasswordPage(""), headers=STAYS_HERE)
    await shares.opened(request.state["database"], share, now_us())
    await audit_trail.write(request, Action.SHARE_OPENED, f"share {share.id}")
    return page(request, "shared.html", page_of(share, shown, f"/s/{request.path_params['token']}"))


async def unlock(request: Request) -> Response:
    """The password of the link."""
    began = time.monotonic()
    share = await share_gate.found(request)
    if share is None:
        return await share_gate.refused(request, began)
    form = await request.form(max_files=0, max_fields=5)
    right, wait = await share_gate.try_password(request, share, str(form.get("password", "")))
    if not right:
        problem = f"Too many wrong tries: wait {wait} s, then try again." if wait else "That is not the password."
        await audit_trail.write(request, Action.SHARE_REFUSED, f"share {share.id}")
        headers = {**STAYS_HERE, **({"Retry-After": str(wait)} if wait else {})}
        return page(request, "share_password.html", PasswordPage(problem), status=429 if wait else 403, headers=headers)
    response = RedirectResponse(f"/s/{request.path_params['token']}", 303)
    share_gate.unlock(request, response, share)
    return response


async def nothing(request: Request) -> Response:
    """Any other address below: the same answer as that of a link that does not work."""
    return await share_gate.refused(request, time.monotonic())


def page_of(share: Share, shown: Shown, files: str) -> SharedPage:
    """The same for a link and for a preview."""
    drawn = shown.ladder
    return SharedPage(
        shown=shown,
        heads=_drawn(ladder_svg.heads(drawn)),
        body=_drawn(ladder_svg.svg(drawn, lambda message: f"#t-{message}")),
        messages=[shown_message(row) for row in shown.messages[:MOST_LISTED]],
        streams=[Measuring(one, KINDS[one.kind], TELLERS[one.told]) for one in streams(shown.quality)[:MOST_STREAMS]],
        not_listed=max(0, len(shown.messages) - MOST_LISTED),
        hides=TOLD[shown.profile],
        by=share.user_name,
        until=share.expires_at,
        note=share.note,
        files=files,
    )


def _drawn(svg: str) -> Markup:
    """A drawing comes out of templates that escape everything (export/templates): it is markup already."""
    return Markup(svg)  # noqa: S704
