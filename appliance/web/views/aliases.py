"""/admin/aliases: names of addresses, networks and ports; for all to read, for administrators to change."""

from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from appliance.export import aliases_csv
from appliance.model.aliases import COLOURS, Alias, AliasError, checked
from appliance.web import alias_edits
from appliance.web.auth.permissions import Deed, may
from appliance.web.render import page
from appliance.web.state import Request
from appliance.web.views.account import signed_in
from appliance.web.wording import sentence

PATH = "/admin/aliases"
MOST_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Written:
    """What was typed into the form that names an address."""

    address: str = ""
    name: str = ""
    port: str = ""
    group: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class AliasesPage:
    """The context of aliases.html; `problem` is about the form that was sent."""

    aliases: tuple[Alias, ...]
    groups: tuple[str, ...]
    may_change: bool
    written: Written
    problem: str = ""
    of_file: bool = False
    """Whether the problem is that of a file."""
    colours: tuple[str, ...] = COLOURS


async def show(request: Request) -> Response:
    """The list; with `address` a form that names it."""
    await request.state["names"].read()
    return _page(request, Written(address=request.query_params.get("address", "")))


async def csv(request: Request) -> Response:
    """All for a spreadsheet, in the form that is read too."""
    await request.state["names"].read()
    body = aliases_csv.written(request.state["names"].aliases.all)
    headers = {"Content-Disposition": 'attachment; filename="aliases.csv"'}
    return Response(body, media_type="text/csv", headers=headers)


async def put(request: Request) -> Response:
    """Name an address; what it was called is replaced."""
    written = await _posted(request)
    try:
        wanted = checked(written.address, written.name, written.port, written.group, written.colour)
        await alias_edits.put(request, [wanted])
    except AliasError as error:
        return _page(request, written, error)
    return RedirectResponse(PATH, 303)


async def delete(request: Request) -> Response:
    """It has no name any more."""
    written = await _posted(request)
    try:
        found = await alias_edits.delete(request, written.address, written.port)
    except AliasError as error:
        return _page(request, written, error)
    if found is None:
        raise HTTPException(404, "There is no such alias.")
    return RedirectResponse(PATH, 303)


async def read_file(request: Request) -> Response:
    """Name what a CSV file names: all of it or, when a line is wrong, nothing."""
    form = await request.form(max_files=1, max_fields=MOST_FIELDS)
    file = form.get("file")
    try:
        text = (await file.read()).decode("utf-8") if isinstance(file, UploadFile) else ""
        wanted = aliases_csv.read(text)
        if form.get("replace"):
            await alias_edits.replace_all(request, wanted)
        elif wanted:
            await alias_edits.put(request, wanted)
    except UnicodeDecodeError:
        return _page(request, Written(), AliasError("the file is not UTF-8 text", ""), of_file=True)
    except AliasError as error:
        return _page(request, Written(), error, of_file=True)
    return RedirectResponse(PATH, 303)


async def _posted(request: Request) -> Written:
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return Written(**{name: str(form.get(name, "")) for name in ("address", "name", "port", "group", "colour")})


def _page(request: Request, written: Written, error: AliasError | None = None, *, of_file: bool = False) -> Response:
    identity, known = signed_in(request), request.state["names"].aliases
    may_change = may(identity.user, Deed.ADMINISTER, by_token=identity.by_token)
    problem = sentence(str(error)) if error else ""
    shown = AliasesPage(known.all, known.groups, may_change, written, problem, of_file)
    return page(request, "aliases.html", shown, status=422 if error else 200)
