"""/captures: import of a capture file, and the page of each import with its progress and what came in."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from appliance.storage.audit import Action
from appliance.web import audit_trail, links
from appliance.web.imports import Import
from appliance.web.render import page
from appliance.web.state import Request, now_us
from appliance.web.upload import LARGEST, UploadError, received

FIELD = "capture"


@dataclass(frozen=True, slots=True)
class CapturesPage:
    """The context of captures.html."""

    latest: list[Import]
    running: Import | None
    largest: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CapturePage:
    """The context of capture.html; addresses are empty until there is something to look for."""

    import_: Import
    calls: str
    messages: str


async def show(request: Request) -> Response:
    """The form, and what one imported lately."""
    return _page(request)


async def submit(request: Request) -> Response:
    """Take the file, begin to import it, and go to its page."""
    imports, user = request.state["imports"], _user(request)
    if imports.running_of(user) is not None:
        return _page(request, "One import at a time: wait until this one has ended.", 409)
    if (said := _said_size(request)) > LARGEST:
        return _page(request, "A capture may have 1 GiB; split it, for example by `editcap -c 1000000`.", 413)
    if not imports.room_for(said):
        return _page(request, "There is not enough free space on the appliance's disk for this file.", 507)
    id_, place = imports.place()
    begun = False
    try:
        name, size = await received(request, FIELD, place)
        await audit_trail.write(request, Action.CAPTURE_IMPORTED, f"{name} ({size} octets)")
        imports.begin(Import(id_, user, name, size, now_us()))
        begun = True
    except UploadError as error:
        return _page(request, str(error), 422)
    finally:
        if not begun:
            imports.drop(id_)
    return RedirectResponse(f"/captures/{id_}", 303)


async def one(request: Request) -> Response:
    """How far an import is; htmx asks again while it runs."""
    found = request.state["imports"].get(request.path_params["id"])
    if found is None or found.user != _user(request):
        raise HTTPException(404)
    between = (_second(found.first_us), _second(found.last_us + 1_000_000))
    looked_for = found.pushed > 0
    calls, messages = (links.search("", *between, view) if looked_for else "" for view in ("calls", "messages"))
    return page(request, "capture.html", CapturePage(found, calls, messages), block="progress")


def _second(time_us: int) -> str:
    """Epoch seconds, as the search takes them."""
    return str(time_us // 1_000_000)


def _said_size(request: Request) -> int:
    text = request.headers.get("content-length", "0")
    return int(text) if text.isdecimal() else 0


def _user(request: Request) -> str:
    identity = request.state["identity"]
    assert identity is not None, "middleware.sessions lets nobody else in here"
    return identity.user.name


def _page(request: Request, problem: str = "", status: int = 200) -> Response:
    imports, user = request.state["imports"], _user(request)
    latest = imports.latest(user)
    running = next((one for one in latest if one.running), None)
    return page(request, "captures.html", CapturesPage(latest, running, LARGEST, problem), status=status)
