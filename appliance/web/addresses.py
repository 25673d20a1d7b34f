"""Where this appliance is, as a user's browser reached it and as an agent would."""

from appliance.web.state import Request

_ANY = ("0.0.0.0", "[::]", "")  # noqa: S104


def hep_for_agents(request: Request) -> str:
    """`192.0.2.1:9060`: the port that HEP is received on, at the name that this page was asked from."""
    host, _, port = request.state["settings"].hep.listen.rpartition(":")
    if host in _ANY:
        host = request.url.hostname or "127.0.0.1"
        host = f"[{host}]" if ":" in host else host
    return f"{host}:{port}"
