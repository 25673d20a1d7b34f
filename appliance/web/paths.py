"""What kind of answer a path gives, for middleware and errors that come before any view."""

OPEN = frozenset({"/login", "/theme", "/healthz", "/readyz", "/favicon.ico", "/robots.txt"})
"""Need no session."""

_CALL_FILES = frozenset(
    {
        "flow.svg",
        "flow.png",
        "flow.png.zip",
        "flow.txt",
        "messages.pcap",
        "messages.txt",
        "messages.json",
        "sipp-uac.xml",
        "sipp-uas.xml",
        "report.html",
        "report.zip",
        "quality.csv",
        "quality.json",
    }
)

_FILES = frozenset(
    {
        "/search.csv",
        "/search.json",
        "/search.pcap",
        "/search.txt",
        "/agents.csv",
        "/agents.json",
        "/admin/shares.csv",
        "/searches.json",
        "/statistics.csv",
        "/statistics.json",
        "/admin/aliases.csv",
        "/admin/audit.csv",
        "/admin/audit.json",
        "/compare.txt",
    }
)


def is_open(path: str) -> bool:
    return path in OPEN or path.startswith("/static/") or is_shared(path)


def is_shared(path: str) -> bool:
    """Is opened by the token in it, and by nothing else: whoever is signed in is nobody here."""
    return path.startswith("/s/")


def told(path: str) -> str:
    """The path as a log may have it: without the token of a share."""
    return "/s/…" if is_shared(path) else path


def is_api(path: str) -> bool:
    """Answers JSON, errors included."""
    return path.startswith("/api/")


def is_ingest(path: str) -> bool:
    """Takes larger bodies than a form, and a token as the password of Basic, since Janus knows no other way."""
    return path == "/api/v1/ingest"


def is_metrics(path: str) -> bool:
    """Has an allow-list of its own beside tokens."""
    return path == "/metrics"


def is_file(path: str) -> bool:
    """A download, which a script may ask for with a token."""
    if path in _FILES:
        return True
    return path.startswith("/calls/") and path.rpartition("/")[2] in _CALL_FILES
