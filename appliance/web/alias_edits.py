"""Names of addresses, as the page and the API alike change them: written, told to the trail, and known here at once."""

from collections.abc import Sequence

from appliance.model.aliases import Alias, checked
from appliance.storage import aliases
from appliance.storage.audit import Action
from appliance.web import audit_trail
from appliance.web.state import Request, now_us
from appliance.web.views.account import signed_in


async def put(request: Request, wanted: Sequence[Alias]) -> None:
    """These beside the others. Raises AliasError."""
    await aliases.put(request.state["database"], wanted, signed_in(request).user.name, now_us())
    words = f"{end(wanted[0])} {wanted[0].name}" if len(wanted) == 1 else f"{len(wanted)} of a file"
    await _told(request, Action.ALIAS_SET, words)


async def replace_all(request: Request, wanted: Sequence[Alias]) -> None:
    """These and no others. Raises AliasError."""
    await aliases.replace_all(request.state["database"], wanted, signed_in(request).user.name, now_us())
    await _told(request, Action.ALIASES_REPLACED, f"{len(wanted)} of a file")


async def delete(request: Request, address: str, port: str) -> Alias | None:
    """What was there; None when there was nothing. Raises AliasError."""
    named = checked(address, "any", port)
    if not await aliases.delete(request.state["database"], named.address, named.port):
        return None
    found = next(
        (one for one in request.state["names"].aliases.all if (one.address, one.port) == (named.address, named.port)),
        named,
    )
    await _told(request, Action.ALIAS_DELETED, end(named))
    return found


def end(alias: Alias) -> str:
    """Address and port in words."""
    return f"{alias.address} port {alias.port}" if alias.port else alias.address


async def _told(request: Request, action: Action, words: str) -> None:
    await audit_trail.write(request, action, words)
    await request.state["names"].read()
