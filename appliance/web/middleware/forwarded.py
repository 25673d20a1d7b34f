"""Takes the client's address and scheme from a proxy's headers, if `[web] proxies` names that proxy."""

import ipaddress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from appliance.setting_types import Network


class Forwarded:
    """X-Forwarded-For (the last address that is no proxy of ours) and X-Forwarded-Proto; else what the socket says."""

    def __init__(self, app: ASGIApp, proxies: tuple[Network, ...]) -> None:
        self.app = app
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.proxies and scope["client"] and self._is_proxy(scope["client"][0]):
            headers = Headers(scope=scope)
            scope = {**scope, "client": (self._client(headers) or scope["client"][0], 0)}
            if headers.get("x-forwarded-proto") in ("http", "https"):
                scope["scheme"] = headers["x-forwarded-proto"]
        await self.app(scope, receive, send)

    def _client(self, headers: Headers) -> str | None:
        hops = [hop.strip() for value in headers.getlist("x-forwarded-for") for hop in value.split(",")]
        return next((hop for hop in reversed(hops) if _address(hop) and not self._is_proxy(hop)), None)

    def _is_proxy(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self.proxies)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
