"""For machines: /healthz, /readyz, /metrics, /robots.txt."""

import ipaddress

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from starlette.responses import JSONResponse, PlainTextResponse, Response

from appliance.buffer import counters
from appliance.buffer import status as buffer_status
from appliance.buffer.connection import AsyncClient, BufferError
from appliance.metrics import COUNTERS
from appliance.model.kinds import day_of
from appliance.storage import accounts, daily_tables
from appliance.storage.connection import Database, DatabaseError
from appliance.web import errors
from appliance.web.auth.permissions import Deed, may
from appliance.web.state import SOON_SECONDS, Request, now_us

NEARLY_FULL = 0.95
NEEDED = ("receiver", "writer")
"""Roles without which no packet is stored, wherever they run."""


async def alive(_request: Request) -> Response:
    """This process answers; says nothing of others."""
    return PlainTextResponse("ok\n")


async def ready(request: Request) -> Response:
    """Is a packet stored, can one sign in, does a search answer? 503 if not, and why for those who may see it."""
    reasons = await not_ready(request)
    identity = request.state["identity"]
    shown = {"ready": not reasons}
    if identity is not None and may(identity.user, Deed.SEE_REASONS, by_token=identity.by_token):
        return JSONResponse({**shown, "reasons": reasons}, 503 if reasons else 200)
    return JSONResponse(shown, 503 if reasons else 200)


async def not_ready(request: Request) -> list[str]:
    """Sentences; empty when ready."""
    state = request.state
    database = state["database"].within(SOON_SECONDS)
    return [*await database_reasons(database, now_us()), *await _buffer_reasons(state["buffer"])]


async def database_reasons(database: Database, now: int) -> list[str]:
    """Why nothing could be stored or found now, or nobody sign in to look for it."""
    try:
        names = await daily_tables.all_names(database)
        missing = [name for name in daily_tables.names(day_of(now)) if name not in names]
        if missing:
            return [f"The table {missing[0]} of today is missing."]
        if await accounts.is_empty(database):
            return ["Nobody can sign in: the first user is not made yet."]
    except (DatabaseError, OSError) as error:
        return [f"The database does not answer: {error}"]
    return []


async def _buffer_reasons(client: AsyncClient) -> list[str]:
    reasons = []
    try:
        signs = await counters.life_signs(client)
        for role in NEEDED:
            if not any(name.partition("-")[0] == role for name in signs):
                reasons.append(f"No {role} gives a sign of life.")
        buffer = await buffer_status.read(client)
        if buffer.limit_bytes and buffer.used_bytes > NEARLY_FULL * buffer.limit_bytes:
            reasons.append("The buffer is full.")
    except (BufferError, OSError) as error:
        reasons.append(f"Redis does not answer: {error}")
    return reasons


async def metrics(request: Request) -> Response:
    """Prometheus text of all processes; with a token or session, or from `[web] metrics_allow`."""
    identity = request.state["identity"]
    by_right = identity is not None and may(identity.user, Deed.SEE_HEALTH, by_token=identity.by_token)
    if not by_right and not _from_allowed(request):
        return errors.answer(request, 401, "Send a token, or add this address to [web] metrics_allow.")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(await _collect(request)))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


async def robots(_request: Request) -> Response:
    """Nothing here is for search engines."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n", headers={"Cache-Control": "max-age=86400"})


def _from_allowed(request: Request) -> bool:
    if request.client is None:
        return False
    try:
        address = ipaddress.ip_address(request.client.host)
    except ValueError:
        return False
    return any(address in network for network in request.state["settings"].web.metrics_allow)


class _Collected:
    """What `generate_latest` asks."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        return self._families


async def _collect(request: Request) -> list[Metric]:
    client = request.state["buffer"]
    try:
        sums = await counters.read(client)
        buffer = await buffer_status.read(client)
        signs = await counters.life_signs(client)
    except (BufferError, OSError):
        return [GaugeMetricFamily("hepbox_buffer_up", "Whether Redis answers", value=0)]
    families: list[Metric] = [GaugeMetricFamily("hepbox_buffer_up", "Whether Redis answers", value=1)]
    for declared in COUNTERS:
        family = CounterMetricFamily(f"hepbox_{declared.name}", declared.help, labels=declared.labels)
        found = [(key[1:], value) for key, value in sums.items() if key[0] == declared.name]
        for labels, count in found or ([((), 0)] if not declared.labels else []):
            if len(labels) == len(declared.labels):
                family.add_metric(list(labels), count)
        families.append(family)
    oldest = buffer.oldest_us(now_us()) / 1e6
    for name, words, value in (
        ("hepbox_buffer_entries", "Batches that wait to be stored", float(buffer.entries)),
        ("hepbox_buffer_oldest_seconds", "Age of the oldest of them", oldest),
        ("hepbox_buffer_used_bytes", "Memory that Redis uses", float(buffer.used_bytes)),
        ("hepbox_buffer_limit_bytes", "Memory that Redis may use; 0 is no limit", float(buffer.limit_bytes)),
        ("hepbox_processes", "Processes that gave a sign of life lately", float(len(signs))),
    ):
        families.append(GaugeMetricFamily(name, words, value=value))
    return families
