"""The hours of one binding -> the binding as it is at a time."""

from collections.abc import Iterable
from dataclasses import replace

from appliance.model.registrations import BindingHour, RegistrationRow, RegistrationState
from appliance.registrations.fold import EVERYTHING, moved


def merge(hours: Iterable[BindingHour], as_of_us: int) -> RegistrationRow:
    """At least one hour; those of `Contact: *` of the same address of record may be among them, and take away."""
    rows = sorted(hours, key=lambda row: (row.started, row.ended, row.callid))
    own = [row for row in rows if row.contact != EVERYTHING] or rows
    last = own[-1]
    good = [row for row in own if row.expires_seconds is not None or row.state is RegistrationState.REMOVED]
    held = good[-1] if good else last
    gone = [row for row in rows if row.contact == EVERYTHING and row.state is RegistrationState.REMOVED]
    removed = bool(gone) and last.contact != EVERYTHING and gone[-1].started > last.started
    expires_at = None if removed else held.expires_at
    state = RegistrationState.REMOVED if removed else last.state
    if state is RegistrationState.REGISTERED and (expires_at is None or expires_at <= as_of_us):
        state = RegistrationState.EXPIRED
    refreshes, flaps = _between(own)
    return RegistrationRow(
        aor=last.aor,
        contact=held.contact or last.contact,
        instance=held.instance or last.instance,
        reg_id=held.reg_id if held.instance else last.reg_id,
        path=held.path,
        source_ip=last.source_ip,
        source_port=last.source_port,
        proto=last.proto,
        user_agent=last.user_agent,
        expires_at=expires_at,
        state=state,
        status=last.status,
        rrd_ms=next((row.rrd_ms for row in reversed(own) if row.rrd_ms is not None), None),
        refreshes=refreshes,
        flaps=flaps,
        callid=last.callid,
        started=own[0].started,
        ended=max(row.ended for row in own),
        nodes=tuple(sorted({node for row in own for node in row.nodes})),
        expires_seconds=held.expires_seconds,
    )


def _between(rows: list[BindingHour]) -> tuple[int, int]:
    """(refreshes, flaps): those within hours, and what happened from one to the next."""
    refreshes = sum(row.refreshes for row in rows)
    flaps = sum(row.flaps for row in rows)
    before: BindingHour | None = None
    for row in rows:
        if row.first_ok is not None and before is not None:
            source, first = (before.source_ip, before.source_port), (row.first_ip, row.first_port)
            is_elsewhere = moved(source, first, (before.proto, row.proto))
            if before.expires_at is None or before.expires_at < row.first_ok or is_elsewhere:
                flaps += 1
            else:
                refreshes += 1
        if row.first_ok is not None:
            before = row
        elif before is not None and row.state is RegistrationState.REMOVED:
            before = replace(before, expires_at=None)
    return refreshes, flaps
