"""/search/columns: what a person chose of a result table's columns, kept for the view (FEATURES D4)."""

from urllib.parse import parse_qsl, urlsplit

from starlette.responses import RedirectResponse, Response

from appliance.storage import preferences
from appliance.web import chosen_columns, links
from appliance.web.columns import OF_VIEW
from appliance.web.state import Request
from appliance.web.views.account import signed_in

_PLACE, _WIDTH = "place.", "width."
_MOST_FIELDS = 4 * chosen_columns.MOST_COLUMNS


async def keep(request: Request) -> Response:
    """Back to the search, which shows them: an address that named columns does so no more."""
    identity = signed_in(request)
    form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    fields = [(name, str(value)) for name, value in form.multi_items()]
    view = str(form.get("view", ""))
    if view in OF_VIEW:
        shown = [value for name, value in fields if name == "show"]
        chosen = chosen_columns.of_form(view, shown, _below(_PLACE, fields), _below(_WIDTH, fields))
        text = "" if form.get("do") == "default" else chosen.text
        await preferences.keep(request.state["database"], identity.user, preferences.columns(view), text)
    return RedirectResponse(_back(str(form.get("next", ""))), 303)


def _below(start: str, fields: list[tuple[str, str]]) -> dict[str, str]:
    return {name.removeprefix(start): value for name, value in fields if name.startswith(start)}


def _back(address: str) -> str:
    """The search that the form stood on; nothing that a form says leads elsewhere."""
    asked = urlsplit(address)
    if asked.scheme or asked.netloc or asked.path != "/search":
        return "/search"
    return links.with_query("/search", dict(parse_qsl(asked.query)), columns=None)
