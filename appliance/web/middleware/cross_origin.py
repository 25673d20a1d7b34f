"""Refuses requests that another site made a browser send (cross-site request forgery).

What changes something must come from our own pages: `Sec-Fetch-Site` says so on https and localhost; on plain
http the `Origin` header must name our own host. A request with neither comes from no browser and carries no cookie
that somebody else could have made it send.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
REFUSAL = "This request came from another site and was refused.\n"


class CrossOrigin:
    """Lets safe methods through, and others from our own origin only: the request's host, or that of [web] url."""

    def __init__(self, app: ASGIApp, url: str = "") -> None:
        self.app = app
        self.host = urlsplit(url).netloc.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE and not self._own(Headers(scope=scope)):
            await PlainTextResponse(REFUSAL, 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _own(self, headers: Headers) -> bool:
        """Whether the headers of an unsafe request say that our own page sent it, or no browser."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = headers.get("origin")
        if origin is None:
            return True
        host = urlsplit(origin).netloc.lower()
        return host != "" and host in (headers.get("host", "").lower(), self.host)
