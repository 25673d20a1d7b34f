"""/search/complete: what could stand at the caret of the query line, as a list for static/line.js."""

from dataclasses import dataclass, replace

from starlette.responses import Response

from appliance.model.octets import shown
from appliance.query.completion import Suggestion, suggestions
from appliance.query.form import FORM_FIELDS
from appliance.query.parse import MAX_OCTETS
from appliance.storage import recent_searches, saved_searches
from appliance.web import kept_searches
from appliance.web.render import page
from appliance.web.state import Request, now_us
from appliance.web.views.account import signed_in

MOST_SAVED = 5
MOST_RECENT = 8
_TITLES = {"field": "Fields", "value": "Values", "form": "Ways to write it", "word": "Words between"}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `caret` counts UTF-16 units, as browsers do."""

    shown: str
    words: str
    line: str
    caret: int
    address: str = ""
    """Where choosing it leads; empty when it only writes the line."""
    asks: bool = False
    """Whether choosing it searches at once."""


@dataclass(frozen=True, slots=True)
class Group:
    """Options of one sort under their title."""

    title: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Completion:
    """The context of parts/_completion.html."""

    groups: list[Group]


async def show(request: Request) -> Response:
    """`before` and `after` are the line on both sides of the caret; with `field` the value of the form's field."""
    before, after = (request.query_params.get(name, "")[:MAX_OCTETS] for name in ("before", "after"))
    name = request.query_params.get("field", "")
    seen = await request.state["seen"].lately(now_us())
    start = f"{name}:" if name in FORM_FIELDS else ""
    custom, aliases = request.state["settings"].sip.custom_headers, request.state["names"].aliases
    found = suggestions(start + before, after, seen, custom, aliases)
    if name:
        groups = _groups([_value(one, len(start)) for one in found if one.line.startswith(start)])
    else:
        groups = [*(await _kept(request) if not (before + after).strip() else []), *_groups(found)]
    return page(request, "parts/_completion.html", Completion(groups), headers={"Cache-Control": "no-store"})


def _value(one: Suggestion, start: int) -> Suggestion:
    """The value alone, without what stands before and behind it in a line."""
    line = one.line[start:].rstrip()
    return replace(one, line=line, caret=min(one.caret - start, len(line)))


async def _kept(request: Request) -> list[Group]:
    """What one saved and asked for lately, for a line that is empty yet."""
    database, user = request.state["database"], signed_in(request).user
    saved = (await saved_searches.usable(database, user))[:MOST_SAVED]
    recent = await recent_searches.listed(database, user, MOST_RECENT)
    groups = [
        Group(
            "Saved searches", [Option(one.name, shown(one.line), "", 0, kept_searches.address(one)) for one in saved]
        ),
        Group(
            "Asked lately", [Option(shown(one.line), _view(one.view), shown(one.line), 0, asks=True) for one in recent]
        ),
    ]
    return [group for group in groups if group.options]


def _view(view: str) -> str:
    return "" if view == "calls" else f"in {view}"


def _groups(found: list[Suggestion]) -> list[Group]:
    sorts = dict.fromkeys(one.sort for one in found)
    return [Group(_TITLES[sort], [_option(one) for one in found if one.sort == sort]) for sort in sorts]


def _option(one: Suggestion) -> Option:
    units = len(one.line[: one.caret].encode("utf-16-le", "surrogatepass")) // 2
    return Option(one.shown, one.words, one.line, units)
