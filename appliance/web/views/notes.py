"""Notes on calls and messages: added, changed and deleted by POST; pages show them where they belong."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from appliance.storage import notes
from appliance.storage.audit import Action
from appliance.storage.notes import Note, NoteError
from appliance.web import audit_trail, found_call, links
from appliance.web.share_making import owns
from appliance.web.state import Request, now_us
from appliance.web.views import message
from appliance.web.views.account import signed_in
from appliance.web.wording import sentence


async def add_to_call(request: Request) -> Response:
    """A note on the whole call."""
    found = await found_call.find(request)
    words, back = await _posted(request, links.call(found.callid))
    number = await _add(request, found.callid, found.started or now_us(), "", words)
    await audit_trail.write(request, Action.NOTE_ADDED, f"note {number} {links.call(found.callid)}")
    return RedirectResponse(back, 303)


async def add_to_message(request: Request) -> Response:
    """A note on one message."""
    row = await message.find(request)
    words, back = await _posted(request, links.message(row.id))
    number = await _add(request, row.callid, row.filed_ts, row.id, words)
    await audit_trail.write(request, Action.NOTE_ADDED, f"note {number} {links.message(row.id)}")
    return RedirectResponse(back, 303)


async def change(request: Request) -> Response:
    """Other words for one's own note."""
    note = await _own(request)
    words, back = await _posted(request, links.call(note.callid))
    try:
        await notes.change(request.state["database"], note.id, words, now_us())
    except NoteError as error:
        raise HTTPException(422, sentence(str(error))) from error
    await audit_trail.write(request, Action.NOTE_CHANGED, f"note {note.id} {links.call(note.callid)}")
    return RedirectResponse(back, 303)


async def delete(request: Request) -> Response:
    """Take back one's own note; an administrator may any."""
    note = await _own(request)
    _, back = await _posted(request, links.call(note.callid))
    await notes.delete(request.state["database"], note.id)
    await audit_trail.write(request, Action.NOTE_DELETED, f"note {note.id} {links.call(note.callid)}")
    return RedirectResponse(back, 303)


async def _posted(request: Request, back: str) -> tuple[str, str]:
    """The words, and where to go afterwards."""
    form = await request.form(max_files=0, max_fields=5)
    where = links.local(str(form.get("next", "")))
    return str(form.get("text", "")), back if where == "/" else where


async def _add(request: Request, callid: str, call_at: int, message_id: str, words: str) -> int:
    user = signed_in(request).user
    try:
        return await notes.add(request.state["database"], user, callid, call_at, message_id, words, now_us())
    except NoteError as error:
        raise HTTPException(422, sentence(str(error))) from error


async def _own(request: Request) -> Note:
    note = await notes.by_id(request.state["database"], int(request.path_params["id"]))
    if note is None or not owns(signed_in(request).user, note.user_id):
        raise HTTPException(404, "There is no such note of yours.")
    return note
