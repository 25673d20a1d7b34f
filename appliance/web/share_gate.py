"""Who may see a share: the token in its address, and the cookie that its password gave.

A wrong, expired or revoked link, and one whose call is stored no more, are answered alike: same page, same status,
and no sooner than REFUSAL_SECONDS after the request, so that their time tells nothing either.
"""

import asyncio
import hashlib
import hmac
import time

from starlette.responses import Response

from appliance.storage import shares, throttle
from appliance.storage.shares import Share
from appliance.web.auth import passwords
from appliance.web.render import page
from appliance.web.state import Request, now_us

REFUSAL_SECONDS = 0.25
COOKIE = "hepbox_share"
LONGEST_TOKEN = 128
"""Ours have 43 characters."""


async def found(request: Request) -> Share | None:
    """The link of this request, if it works."""
    token = request.path_params["token"]
    if len(token) > LONGEST_TOKEN:
        return None
    return await shares.find(request.state["database"], token, now_us())


async def refused(request: Request, began: float) -> Response:
    """The one answer of all links that show nothing; `began` is `time.monotonic()` at the request's beginning."""
    await asyncio.sleep(max(0.0, began + REFUSAL_SECONDS - time.monotonic()))
    return page(request, "share_refused.html", {}, status=404)


def is_unlocked(request: Request, share: Share) -> bool:
    """Whether it has no password, or this browser gave it."""
    if share.password_hash is None:
        return True
    return hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), _proof(share).encode())


def unlock(request: Request, response: Response, share: Share) -> None:
    """A cookie for this share's address alone, until the link ends."""
    response.set_cookie(
        COOKIE,
        _proof(share),
        path=f"/s/{request.path_params['token']}",
        max_age=max(1, (share.expires_at - now_us()) // 1_000_000),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


async def try_password(request: Request, share: Share, password: str) -> tuple[bool, int]:
    """Whether it is right, and how many seconds to wait before the next try; sign-in's throttle counts."""
    database, account = request.state["database"], f"share:{share.id}"
    address = request.client.host if request.client else ""
    wait = await throttle.wait_seconds(database, account, address, now_us())
    if wait:
        return False, wait
    await throttle.tried(database, account, address, now_us())
    right = await passwords.matches(share.password_hash, password[: passwords.MOST_LENGTH])
    if right:
        await throttle.succeeded(database, account, address)
    return right, 0


def _proof(share: Share) -> str:
    """Known to who gave the password; says nothing of it."""
    return hmac.new(share.hiding_key, b"unlocked " + (share.password_hash or "").encode(), hashlib.sha256).hexdigest()
