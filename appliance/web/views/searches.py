"""/searches: saved searches, one's own and those that others share, and what one asked for lately."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from appliance.storage import recent_searches, saved_searches
from appliance.storage.recent_searches import Recent
from appliance.storage.saved_searches import SavedSearch, SavedSearchError, Wanted
from appliance.web import kept_searches
from appliance.web.render import page
from appliance.web.share_making import owns
from appliance.web.state import Request
from appliance.web.views.account import signed_in
from appliance.web.wording import sentence

MOST_FIELDS = 10
MOST_IN_MENU = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """A saved search with the address that asks it, and whether who looks may change it."""

    one: SavedSearch
    address: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class SearchesPage:
    """The context of searches.html; `problem` is about the form that was sent, which stands in `wanted`."""

    saved: list[Shown]
    recent: list[Recent]
    wanted: Wanted
    problem: str = ""
    most_recent: int = recent_searches.MOST


async def show(request: Request) -> Response:
    """The lists; with `q`, `from`, `to` and `view` a form that saves this search."""
    return await _page(request, kept_searches.wanted(request.query_params))


async def menu(request: Request) -> Response:
    """What is saved, for the menu in the top bar."""
    return page(request, "parts/_searches_menu.html", {"saved": (await _saved(request))[:MOST_IN_MENU]})


async def export(request: Request) -> Response:
    """One's own saved searches and those that others share, in the API's words."""
    user = signed_in(request).user
    found = await saved_searches.usable(request.state["database"], user)
    headers = {"Content-Disposition": 'attachment; filename="searches.json"'}
    return JSONResponse({"searches": [kept_searches.as_json(one, user) for one in found]}, headers=headers)


async def add(request: Request) -> Response:
    """Keep a search under a name."""
    asked = await _posted(request)
    try:
        await kept_searches.add(request, signed_in(request).user, asked)
    except SavedSearchError as error:
        return await _page(request, asked, error)
    return RedirectResponse("/searches", 303)


async def change(request: Request) -> Response:
    """Another name, query, range or view, and whether others may use it."""
    asked = await _posted(request)
    try:
        if await kept_searches.change(request, signed_in(request).user, request.path_params["id"], asked) is None:
            raise _missing()
    except SavedSearchError as error:
        return await _page(request, asked, error)
    return RedirectResponse("/searches", 303)


async def delete(request: Request) -> Response:
    """It is saved no longer."""
    if await kept_searches.delete(request, signed_in(request).user, request.path_params["id"]) is None:
        raise _missing()
    return RedirectResponse("/searches", 303)


async def forget(request: Request) -> Response:
    """One of the recent searches by its `key`, or without one all."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    database, user = request.state["database"], signed_in(request).user
    if key := str(form.get("key", "")):
        await recent_searches.forget(database, user, key)
    else:
        await recent_searches.forget_all(database, user)
    return RedirectResponse("/searches#recent", 303)


async def _posted(request: Request) -> Wanted:
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return kept_searches.wanted({name: str(value) for name, value in form.items()})


async def _page(request: Request, asked: Wanted, error: SavedSearchError | None = None) -> Response:
    recent = await recent_searches.listed(request.state["database"], signed_in(request).user)
    shown = SearchesPage(await _saved(request), recent, asked, sentence(str(error)) if error else "")
    return page(request, "searches.html", shown, status=422 if error else 200)


async def _saved(request: Request) -> list[Shown]:
    user = signed_in(request).user
    found = await saved_searches.usable(request.state["database"], user)
    return [Shown(one, kept_searches.address(one), one.user_id == user.id or owns(user, None)) for one in found]


def _missing() -> HTTPException:
    return HTTPException(404, "There is no such saved search of yours.")
