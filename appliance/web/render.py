"""Templates to answers: the whole page, or one named block of it when htmx asked for a part."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block
from starlette.responses import HTMLResponse

from appliance import __version__
from appliance.geo.countries import Countries
from appliance.model.aliases import NONE
from appliance.query import hints, meaning
from appliance.query.fields import FIELDS
from appliance.query.parse import MAX_OCTETS
from appliance.web import cells, links, ranges, sorting, static_files, wording, zones
from appliance.web.auth.permissions import Deed, may
from appliance.web.live import asked
from appliance.web.names import Names
from appliance.web.state import Request, now_us

TEMPLATES = Path(__file__).parent / "templates"


def environment(countries: Countries | None = None, names: Names | None = None) -> Environment:
    """Everything is escaped; a forgotten name is an error. `countries` and `names` are shown with addresses."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        cells=cells, links=links, now_us=now_us, ranges=ranges, sorting=sorting, zones=zones, version=__version__
    )
    templates.globals.update(static=static_files.address, line_fields=tuple(FIELDS.values()), live_views=asked.VIEWS)
    templates.filters.update(meaning=meaning.of_line, hints=hints.hints)
    templates.filters.update(wording.FILTERS, place=(countries or Countries(None)).place)
    templates.globals.update(alias=names.of if names is not None else NONE.of)
    return templates


def page(
    request: Request,
    template: str,
    context: object,
    *,
    block: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Render `template` with a dataclass (or mapping) as its names; `block` alone for a partial request of htmx."""
    templates: Environment = request.state["templates"]
    names = {**_names(context), **_shell(request)}
    sent = {**(headers or {}), "Vary": "HX-Request-Type, Cookie"}
    if block is not None and request.headers.get("hx-request-type") == "partial":
        return HTMLResponse(render_block(templates, template, block, names), status, sent)
    return HTMLResponse(templates.get_template(template).render(names), status, sent)


def _names(context: object) -> dict[str, Any]:
    if dataclasses.is_dataclass(context):
        return {field.name: getattr(context, field.name) for field in dataclasses.fields(context)}
    assert isinstance(context, Mapping)
    return dict(context)


def _shell(request: Request) -> dict[str, Any]:
    """What the frame of every page needs."""
    identity = request.state["identity"]
    theme = request.cookies.get("theme", "")
    return {
        "path": request.url.path,
        "user": identity.user if identity else None,
        "may_administer": identity is not None and may(identity.user, Deed.ADMINISTER, by_token=identity.by_token),
        "longest_line": MAX_OCTETS,
        "theme": theme if theme in ("light", "dark") else "",
        "line": links.SearchLine.of(_asked(request)),
    }


def _asked(request: Request) -> Mapping[str, str]:
    """What the query line asks on the pages that answer it; the one searches calls when nothing is said, the other
    watches messages."""
    views = {"/search": "calls", "/live": "messages"}
    view = views.get(request.url.path)
    return {"view": view, **request.query_params} if view else {}
