"""Our own style sheet, script and images, under addresses that change with their contents and so are kept for good."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from appliance.export.ladder_style import page_css

DIRECTORY = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
HASH_LENGTH = 12
GENERATED = {"ladder.css": page_css}
"""Made by code: the ladder's colours are those of its files."""


@cache
def address(name: str) -> str:
    """`app.css` -> `/static/app-1f0c….css`; vendored files have a version in their name already."""
    if name.startswith("vendor/"):
        return f"/static/{name}"
    stem, dot, suffix = name.rpartition(".")
    return f"/static/{stem}-{_hash(name)}{dot}{suffix}"


@cache
def _hash(name: str) -> str:
    content = GENERATED[name]().encode() if name in GENERATED else (DIRECTORY / name).read_bytes()
    return hashlib.sha256(content).hexdigest()[:HASH_LENGTH]


@cache
def _served() -> dict[str, Path]:
    """Address -> file, of everything that may be asked for."""
    files = [file for file in DIRECTORY.rglob("*") if file.is_file()]
    return {address(file.relative_to(DIRECTORY).as_posix()): file for file in files}


async def show(request: Request) -> Response:
    """One of them; any other path is not found."""
    made = next((make for name, make in GENERATED.items() if address(name) == request.url.path), None)
    if made is not None:
        return Response(made(), media_type="text/css", headers={"Cache-Control": FOREVER})
    file = _served().get(request.url.path)
    if file is None:
        raise HTTPException(404)
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return FileResponse(file, media_type=kind, headers={"Cache-Control": FOREVER})
