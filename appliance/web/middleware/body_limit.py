"""Refuses bodies that are larger than any form of ours, before they fill the memory."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from appliance.web import paths

MOST_OCTETS = 64 * 1024
"""The largest form is the change of a password: three of 1024 characters."""
MOST_POSTED = 4 << 20
"""For what programs post to be stored."""
MOST_IMPORTED = (1 << 30) + MOST_OCTETS
"""For a capture and the form around it, which are written to a file as they come."""


class BodyLimit:
    """Raises HTTPException 413 in whoever reads more than `most` octets of a request."""

    def __init__(self, app: ASGIApp, most: int = MOST_OCTETS) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        seen = 0
        most = self._most(scope.get("path", ""))

        async def receive_at_most() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_at_most if scope["type"] == "http" else receive, send)

    def _most(self, path: str) -> int:
        if path == "/captures":
            return MOST_IMPORTED
        return MOST_POSTED if paths.is_ingest(path) else self.most
