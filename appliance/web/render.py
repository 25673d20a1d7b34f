"""Templates to answers: the whole page, or one named block of it when htmx asked for a part."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block
from starlette.responses import HTMLResponse

from appliance import __version__
from appliance.export.ladder_style import LEGS
from appliance.query.parse import MAX_OCTETS
from appliance.web import links, static_files, wording
from appliance.web.state import Request

TEMPLATES = Path(__file__).parent / "templates"


def environment() -> Environment:
    """Everything is escaped; a forgotten name is an error."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(links=links, static=static_files.address, version=__version__, leg_colours=len(LEGS))
    templates.filters.update(wording.FILTERS)
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
        "longest_line": MAX_OCTETS,
        "theme": theme if theme in ("light", "dark") else "",
        "line": links.SearchLine.of(request.query_params if request.url.path == "/search" else {}),
    }
