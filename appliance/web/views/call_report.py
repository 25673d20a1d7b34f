"""/calls/KEY/report.html and report.zip: a call for somebody who cannot reach this appliance (FEATURES G4)."""

import asyncio

from starlette.responses import Response

from appliance.export.report import bundle as bundle_
from appliance.export.report import page
from appliance.web import call_download
from appliance.web.state import Request, now_us


async def html(request: Request) -> Response:
    """The report as one file that needs nothing else."""
    found = await call_download.found(request, "report.html")
    call = await call_download.material(request, found)
    body = await asyncio.to_thread(page.html, call, now_us())
    return call_download.answer(found, "html", "text/html; charset=utf-8", body.encode("utf-8", "replace"))


async def bundle(request: Request) -> Response:
    """The report with every other file of the call."""
    found = await call_download.found(request, "report.zip")
    call = await call_download.material(request, found)
    body = await asyncio.to_thread(bundle_.bundle, call, now_us())
    return call_download.answer(found, "zip", "application/zip", body, attached=True)
