"""/registrations/KEY: the bindings of one address of record, and what happened to one of them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from appliance.export.moments import zone_name
from appliance.model.ids import BadName, MessageId, parse_call_key
from appliance.model.kinds import Kind, day_of
from appliance.model.octets import text
from appliance.model.registrations import RegistrationRow
from appliance.query.errors import TimeError
from appliance.query.times import TimeRange, time_range
from appliance.registrations.merge import merge
from appliance.registrations.timeline import Step, timeline
from appliance.storage import bindings, daily_tables
from appliance.storage.audit import Action
from appliance.storage.bindings import MOST_UNITS, Binding
from appliance.storage.registrations import contact_of
from appliance.storage.search.registrations import LOOK_BACK_US
from appliance.web import audit_trail, links
from appliance.web.registration_strip import Strip, kind, strip
from appliance.web.render import page
from appliance.web.state import Request, now_us
from appliance.web.wording import minute

DEFAULT_FROM = "-1d"
MOST_STEPS = 500
NOT_FOUND = "Nothing registered under this address of record {range}, or it is no longer kept."


@dataclass(frozen=True, slots=True)
class Line:
    """A binding of the address of record, and its own page."""

    row: RegistrationRow
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """A step with its colour and the ladder of its messages."""

    step: Step
    kind: str
    ladder: str


@dataclass(frozen=True, slots=True)
class RegistrationPage:
    """The context of registration.html."""

    aor: str
    row: RegistrationRow
    lines: list[Line]
    strip: Strip
    moments: list[Moment]
    from_us: int
    to_us: int
    spans: list[tuple[str, str, bool]]
    """Address, words, and whether this page is of it."""
    found_in: str
    permanent: str
    notes: list[str]
    took_ms: float


async def show(request: Request) -> Response:
    """The latest binding, or that of `binding`; 404 when there is none in the range."""
    begun = time.perf_counter()
    aor = _aor(request)
    range_ = _range(request)
    database = request.state["database"]
    names = await daily_tables.all_names(database)
    since_us = max(0, range_.from_us - LOOK_BACK_US)
    found = await bindings.of_aor(database, names, aor, since_us, range_.to_us)
    rows = {key: merge(binding.hours, range_.to_us) for key, binding in found.items()}
    rows = {key: row for key, row in rows.items() if _is_in(row, range_)}
    chosen = _chosen(request, rows)
    if chosen is None:
        words = f"between {minute(range_.from_us)} and {minute(range_.to_us)} {zone_name(range_.to_us)}"
        raise HTTPException(404, NOT_FOUND.format(range=words))
    await audit_trail.write(request, Action.SEARCHED, f"registration {aor}")
    units = _latest(found[chosen])
    steps = await bindings.exchanges_of(database, names, units, (since_us, range_.to_us))
    drawn = timeline(steps, rows[chosen].aor, contact_of(rows[chosen]).key, range_.to_us)
    absolute = links.absolute(range_)
    asked = {name: request.query_params[name] for name in ("from", "to") if request.query_params.get(name)}
    within = [step for step in drawn.steps if step.exchange.started >= range_.from_us]
    shown = RegistrationPage(
        aor=aor,
        row=rows[chosen],
        lines=_lines(aor, rows, chosen, asked),
        strip=strip(drawn, range_.from_us, range_.to_us),
        moments=[_moment(request.state["site"], step) for step in within[: -MOST_STEPS - 1 : -1]],
        from_us=range_.from_us,
        to_us=range_.to_us,
        spans=_spans(aor, chosen, asked),
        found_in=links.search(f"aor:{links.value(aor)}", absolute["from"], absolute["to"], "registrations"),
        permanent=links.registrations(aor, binding=f"{chosen:014x}", **absolute),
        notes=_notes(found[chosen], len(within)),
        took_ms=(time.perf_counter() - begun) * 1000,
    )  # fmt: skip
    return page(request, "registration.html", shown)


def _aor(request: Request) -> str:
    try:
        return text(parse_call_key(request.path_params["key"]))
    except BadName as error:
        raise HTTPException(404, f"This is no registration's address: {error}.") from error


def _range(request: Request) -> TimeRange:
    query = request.query_params
    try:
        return time_range(query.get("from") or DEFAULT_FROM, query.get("to") or None, now_us())
    except TimeError as error:
        raise HTTPException(422, f"`{error.where}`: {error.message}.") from error


def _is_in(row: RegistrationRow, range_: TimeRange) -> bool:
    return row.ended >= range_.from_us or (row.expires_at or 0) > range_.from_us


def _chosen(request: Request, rows: Mapping[int, RegistrationRow]) -> int | None:
    """That of the address, else the one of which something came last."""
    asked = request.query_params.get("binding", "")
    named = next((key for key in rows if f"{key:014x}" == asked), None)
    if asked:
        return named
    return max(rows, key=lambda key: (rows[key].ended, key), default=None)


def _latest(binding: Binding) -> list[tuple[int, int]]:
    return sorted(binding.units, reverse=True)[:MOST_UNITS]


def _lines(aor: str, rows: Mapping[int, RegistrationRow], chosen: int, asked: Mapping[str, str]) -> list[Line]:
    ordered: Sequence[int] = sorted(rows, key=lambda key: (rows[key].ended, key), reverse=True)
    return [Line(rows[key], links.registrations(aor, binding=f"{key:014x}", **asked), key == chosen) for key in ordered]


def _spans(aor: str, chosen: int, asked: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    now = asked.get("from", DEFAULT_FROM) if "to" not in asked else ""
    return [
        (links.registrations(aor, **{"from": start, "binding": f"{chosen:014x}"}), words, start == now)
        for start, words in links.RANGES
    ]


def _moment(site: str, step: Step) -> Moment:
    one = step.exchange
    message = MessageId(site, Kind.REGISTRATION, day_of(one.sent), one.sent, one.sent_id)
    return Moment(step, kind(step), links.call(one.callid, at=one.sent, message=str(message)))


def _notes(binding: Binding, steps: int) -> list[str]:
    notes = []
    if len(binding.units) > MOST_UNITS:
        notes.append(f"This is of its last {MOST_UNITS} hours: choose a shorter time for the ones before.")
    if steps > MOST_STEPS:
        notes.append(f"The last {MOST_STEPS} of {steps} attempts are listed.")
    return notes
