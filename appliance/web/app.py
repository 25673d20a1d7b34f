"""The site map: every address, what it passes, and what is open while the process runs."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from threading import Event
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from appliance.settings import Settings
from appliance.storage.connection import DatabaseError
from appliance.web import errors, lifespan, static_files
from appliance.web.api import aliases as api_aliases
from appliance.web.api import audit as api_audit
from appliance.web.api import ingest, legs, openapi, v1
from appliance.web.api import searches as api_searches
from appliance.web.api import shares as api_shares
from appliance.web.middleware.body_limit import BodyLimit
from appliance.web.middleware.cross_origin import CrossOrigin
from appliance.web.middleware.first_password import FirstPassword
from appliance.web.middleware.forwarded import Forwarded
from appliance.web.middleware.rights import Rights
from appliance.web.middleware.security_headers import SecurityHeaders
from appliance.web.middleware.sessions import Sessions
from appliance.web.state import State
from appliance.web.views import (
    account,
    agents,
    aliases,
    audit,
    call,
    call_files,
    call_legs,
    call_logs,
    call_quality,
    call_report,
    call_why,
    captures,
    compare,
    completion,
    dashboard,
    health,
    live,
    login,
    message,
    notes,
    pins,
    probes,
    quality,
    registration,
    search,
    search_columns,
    search_files,
    search_messages,
    search_overview,
    searches,
    share,
    shared,
    shared_files,
    shares,
    statistics,
    users,
)

SMALLEST_ZIPPED = 1400
_ON_ERROR: dict[Any, Any] = {
    HTTPException: errors.on_http,
    DatabaseError: errors.on_database,
    OSError: errors.on_database,
    Exception: errors.on_fault,
}


def create_app(settings: Settings, leaving: Event | None = None) -> Starlette:
    """The whole application; it starts, and answers /healthz, whether or not the servers behind it do.

    `leaving` is set when the process is to end.
    """
    return Starlette(
        routes=[
            Route("/", dashboard.show),
            Route("/search", search.show),
            Route("/search/line", search.line),
            Route("/search/overview", search_overview.show),
            Route("/search/columns", search_columns.keep, methods=["POST"]),
            Route("/search/complete", completion.show),
            Route("/search.csv", search_files.csv),
            Route("/search.json", search_files.json),
            Route("/live", live.show),
            Route("/live/rows", live.rows),
            Route("/search.pcap", search_messages.pcap),
            Route("/search.txt", search_messages.txt),
            Route("/searches", searches.show),
            Route("/searches", searches.add, methods=["POST"]),
            Route("/searches.json", searches.export),
            Route("/searches/menu", searches.menu),
            Route("/searches/recent/forget", searches.forget, methods=["POST"]),
            Route("/searches/{id:int}", searches.change, methods=["POST"]),
            Route("/searches/{id:int}/delete", searches.delete, methods=["POST"]),
            Route("/calls/{key}", call.show),
            Route("/calls/{key}/flow", call.show),
            Route("/calls/{key}/messages", call.messages),
            Route("/calls/{key}/why", call_why.show),
            Route("/calls/{key}/quality", call_quality.show),
            Route("/calls/{key}/logs", call_logs.show),
            Route("/calls/{key}/export", call.export),
            Route("/calls/{key}/quality.csv", call_quality.csv),
            Route("/calls/{key}/quality.json", call_quality.json),
            Route("/calls/{key}/flow.svg", call_files.flow_svg),
            Route("/calls/{key}/flow.png", call_files.flow_png),
            Route("/calls/{key}/flow.png.zip", call_files.flow_png_zip),
            Route("/calls/{key}/flow.txt", call_files.flow_txt),
            Route("/calls/{key}/messages.pcap", call_files.messages_pcap),
            Route("/calls/{key}/messages.txt", call_files.messages_txt),
            Route("/calls/{key}/messages.json", call_files.messages_json),
            Route("/calls/{key}/legs", call_legs.submit, methods=["POST"]),
            Route("/calls/{key}/share", share.show),
            Route("/calls/{key}/share", share.make, methods=["POST"]),
            Route("/calls/{key}/share/preview", share.preview, methods=["POST"]),
            Route("/calls/{key}/notes", notes.add_to_call, methods=["POST"]),
            Route("/calls/{key}/pin", pins.pin, methods=["POST"]),
            Route("/calls/{key}/sipp-uac.xml", call_files.sipp_uac),
            Route("/calls/{key}/sipp-uas.xml", call_files.sipp_uas),
            Route("/calls/{key}/report.html", call_report.html),
            Route("/calls/{key}/report.zip", call_report.bundle),
            Route("/quality", quality.show),
            Route("/statistics", statistics.show),
            Route("/statistics.csv", statistics.csv),
            Route("/statistics.json", statistics.json),
            Route("/messages/{id}", message.show),
            Route("/messages/{id}/notes", notes.add_to_message, methods=["POST"]),
            Route("/notes/{id:int}", notes.change, methods=["POST"]),
            Route("/notes/{id:int}/delete", notes.delete, methods=["POST"]),
            Route("/pins/{id:int}/release", pins.release, methods=["POST"]),
            Route("/admin/shares", shares.show),
            Route("/admin/shares.csv", shares.csv),
            Route("/admin/shares/{id:int}/revoke", shares.revoke, methods=["POST"]),
            Route("/admin/aliases", aliases.show),
            Route("/admin/aliases.csv", aliases.csv),
            Route("/admin/aliases/put", aliases.put, methods=["POST"]),
            Route("/admin/aliases/delete", aliases.delete, methods=["POST"]),
            Route("/admin/aliases/file", aliases.read_file, methods=["POST"]),
            Route("/admin/users", users.show),
            Route("/admin/users", users.add, methods=["POST"]),
            Route("/admin/users/{name}/{deed}", users.change, methods=["POST"]),
            Route("/admin/audit", audit.show),
            Route("/admin/audit.csv", audit.csv),
            Route("/admin/audit.json", audit.json),
            Route("/s/{token}", shared.show),
            Route("/s/{token}", shared.unlock, methods=["POST"]),
            Route("/s/{token}/{file}", shared_files.show),
            Route("/s/{rest:path}", shared.nothing, methods=["GET", "POST"]),
            Route("/registrations/{key}", registration.show),
            Route("/compare", compare.show),
            Route("/compare.txt", compare.txt),
            Route("/agents", agents.show),
            Route("/agents.csv", agents.csv),
            Route("/agents.json", agents.json),
            Route("/captures", captures.show),
            Route("/captures", captures.submit, methods=["POST"]),
            Route("/captures/{id}", captures.one),
            Route("/health", health.show),
            Route("/account", account.show),
            Route("/account/password", account.change_password, methods=["POST"]),
            Route("/account/tokens", account.create_token, methods=["POST"]),
            Route("/account/tokens/revoke", account.revoke_token, methods=["POST"]),
            Route("/account/sessions/end", account.end_session, methods=["POST"]),
            Route("/account/zone", account.choose_zone, methods=["POST"]),
            Route("/theme", account.choose_theme, methods=["POST"]),
            Route("/login", login.show),
            Route("/login", login.submit, methods=["POST"]),
            Route("/logout", login.sign_out, methods=["POST"]),
            Route("/healthz", probes.alive),
            Route("/readyz", probes.ready),
            Route("/metrics", probes.metrics),
            Route("/api/v1/search", v1.search),
            Route("/api/v1/calls/{key}", v1.call),
            Route("/api/v1/calls/{key}/legs", legs.post, methods=["POST"]),
            Route("/api/v1/messages/{id}", v1.message),
            Route("/api/v1/ingest", ingest.post, methods=["POST"]),
            Route("/api/v1/shares", api_shares.listed),
            Route("/api/v1/shares", api_shares.make, methods=["POST"]),
            Route("/api/v1/shares/{id:int}", api_shares.revoke, methods=["DELETE"]),
            Route("/api/v1/searches", api_searches.listed),
            Route("/api/v1/searches", api_searches.add, methods=["POST"]),
            Route("/api/v1/searches/{id:int}", api_searches.delete, methods=["DELETE"]),
            Route("/api/v1/aliases", api_aliases.listed),
            Route("/api/v1/aliases", api_aliases.put, methods=["POST"]),
            Route("/api/v1/aliases", api_aliases.delete, methods=["DELETE"]),
            Route("/api/v1/audit", api_audit.listed),
            Route("/api/v1/openapi.json", openapi.show),
            Route("/robots.txt", probes.robots),
            Route("/static/{name:path}", static_files.show),
        ],
        middleware=[
            Middleware(Forwarded, proxies=settings.web.proxies),
            Middleware(SecurityHeaders),
            Middleware(GZipMiddleware, minimum_size=SMALLEST_ZIPPED, compresslevel=5),
            Middleware(BodyLimit),
            Middleware(CrossOrigin, url=settings.web.url),
            Middleware(Sessions),
            Middleware(FirstPassword),
            Middleware(Rights),
        ],
        exception_handlers=_ON_ERROR,
        lifespan=_lifespan(settings, leaving or Event()),
    )


def _lifespan(settings: Settings, leaving: Event) -> Callable[[Starlette], AbstractAsyncContextManager[State]]:
    @asynccontextmanager
    async def open_all(_app: Starlette) -> AsyncIterator[State]:
        async with lifespan.opened(settings, leaving) as state:
            yield state

    return open_all
