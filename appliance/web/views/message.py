"""/messages/ID: one message whole."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from appliance.model.ids import BadName, parse_message_id
from appliance.model.rows import MessageRow
from appliance.storage import messages as stored_messages
from appliance.storage import notes, pins
from appliance.storage.audit import Action
from appliance.storage.notes import Note
from appliance.web import audit_trail
from appliance.web.render import page
from appliance.web.shown_message import ShownMessage, shown_message
from appliance.web.state import Request, now_us

NOT_FOUND = "This message is not stored here (any more): its day was dropped, or the id is another's."

_FIELDS = (
    *("method", "reply_reason", "cseq", "cseq_method", "ruri_user", "ruri_domain"),
    *("from_user", "from_domain", "from_tag", "to_user", "to_domain", "to_tag"),
    *("contact_user", "pid_user", "auth_user", "callid", "callid_aleg", "via_branch"),
    *("user_agent", "reason", "diversion", "content_type"),
)


@dataclass(frozen=True, slots=True)
class MessagePage:
    """The context of message.html."""

    message: ShownMessage
    fields: list[tuple[str, str]]
    notes: list[Note]


async def find(request: Request) -> MessageRow:
    """The message of `/messages/{id}`. Raises HTTPException with a sentence."""
    try:
        number = parse_message_id(request.path_params["id"])
    except BadName as error:
        raise HTTPException(404, f"This is no message's address: {error}.") from error
    database = request.state["database"]
    row = await stored_messages.message(database, number) or await pins.message(database, str(number), now_us())
    if row is None or number.site != request.state["site"]:
        raise HTTPException(404, NOT_FOUND)
    await audit_trail.write(request, Action.MESSAGE_OPENED, row.id)
    return row


async def show(request: Request) -> Response:
    """One message: its octets, its fields, its envelope."""
    row = await find(request)
    fields = [(name, str(getattr(row, name))) for name in _FIELDS if getattr(row, name) not in ("", None)]
    written = await notes.of_message(request.state["database"], row.id)
    return page(request, "message.html", MessagePage(shown_message(row), fields, written))
