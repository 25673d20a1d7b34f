"""Saved and recent searches, as pages and the API alike keep, change and show them."""

from collections.abc import Mapping
from typing import Any

from appliance.model.octets import shown
from appliance.query.meaning import of_line
from appliance.storage import recent_searches, saved_searches
from appliance.storage.accounts import User
from appliance.storage.audit import Action
from appliance.storage.saved_searches import SavedSearch, SavedSearchError, Wanted
from appliance.web import audit_trail, links
from appliance.web.asking import Asked
from appliance.web.share_making import owns
from appliance.web.state import Request, now_us


async def remember(request: Request, asked: Asked) -> None:
    """What a person asked a page for, at its first page of rows; programs are not remembered."""
    identity = request.state["identity"]
    if identity is None or identity.by_token or not asked.q or asked.cursor:
        return
    await recent_searches.remember(request.state["database"], identity.user, asked.q, asked.view, now_us())


def wanted(values: Mapping[str, str]) -> Wanted:
    """From a form's or an object's texts; `shared` is there or it is not."""
    return Wanted(
        values.get("name", ""),
        values.get("q", "").strip(),
        values.get("from", "").strip(),
        values.get("to", "").strip(),
        values.get("view", "") or "calls",
        values.get("columns", "").strip(),
        bool(values.get("shared")),
    )


async def add(request: Request, user: User, asked: Wanted) -> SavedSearch:
    """Raises SavedSearchError."""
    database = request.state["database"]
    number = await saved_searches.add(database, user, asked, now_us())
    await audit_trail.write(request, Action.SEARCH_SAVED, _words(number, asked))
    return await _there(request, number)


async def change(request: Request, user: User, number: int, asked: Wanted) -> SavedSearch | None:
    """None when there is none, or it is another's. Raises SavedSearchError."""
    if await own(request, user, number) is None:
        return None
    await saved_searches.change(request.state["database"], number, asked, now_us())
    await audit_trail.write(request, Action.SEARCH_CHANGED, _words(number, asked))
    return await _there(request, number)


async def delete(request: Request, user: User, number: int, *, by_token: bool = False) -> SavedSearch | None:
    """What was deleted; None when there is none, or it is another's."""
    found = await own(request, user, number, by_token=by_token)
    if found is not None and await saved_searches.delete(request.state["database"], number):
        await audit_trail.write(request, Action.SEARCH_DELETED, f"search {number} {found.name}")
    return found


async def own(request: Request, user: User, number: int, *, by_token: bool = False) -> SavedSearch | None:
    """The saved search that this user may change: their own; of an administrator also what others share."""
    found = await saved_searches.by_id(request.state["database"], number)
    if found is None or not (found.user_id == user.id or (found.shared and owns(user, None, by_token=by_token))):
        return None
    return found


def address(one: SavedSearch) -> str:
    """Where it is asked anew."""
    return links.search(shown(one.line), one.from_, one.to, one.view, columns=one.columns)


def as_json(one: SavedSearch, user: User) -> dict[str, Any]:
    """In the API's words."""
    return {
        "id": one.id,
        "name": one.name,
        "query": shown(one.line),
        "meaning": shown(of_line(one.line, one.view)),
        "from": one.from_,
        "to": one.to,
        "view": one.view,
        "columns": one.columns.split(",") if one.columns else [],
        "shared": one.shared,
        "user": one.user_name,
        "own": one.user_id == user.id,
        "made": one.made_at,
        "changed": one.changed_at,
    }


async def _there(request: Request, number: int) -> SavedSearch:
    found = await saved_searches.by_id(request.state["database"], number)
    if found is None:
        raise SavedSearchError("it was deleted meanwhile", "name")
    return found


def _words(number: int, asked: Wanted) -> str:
    return f"search {number} {asked.name}{' (shared)' if asked.shared else ''}: {asked.view} {asked.line}"
