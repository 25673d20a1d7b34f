"""Messages of one Call-ID around one UTC hour -> what that hour knows of each binding.

A row is a function of the set of packets alone; read TOGETHER_US more on both sides of the hour, so that exchanges over
its edges are whole: each belongs to the hour in which it began.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from appliance.model.ids import HOUR_US
from appliance.model.registrations import BindingHour, RegistrationState
from appliance.registrations.exchanges import End, Exchange, Seen, exchanges
from appliance.registrations.said import Contact

MOST_BINDINGS = 64
"""Of one Call-ID in an hour; of more, which no device has, the latest."""
EVERYTHING = "*"
DEFAULT_SECONDS = 3600
"""When nobody says how long (RFC 3261 10.2.1.1: the registrar chooses; an hour is what it usually is)."""

_UDP = "udp"


class Told(NamedTuple):
    """What an exchange came to for one binding."""

    exchange: Exchange
    contact: Contact
    state: RegistrationState
    seconds: int
    """Granted; 0 unless it registered."""


def fold(packets: Iterable[Seen], hour: int) -> list[BindingHour]:
    """Rows of the hour (counted since 1970), the latest first."""
    return rows(told(packets, hour))


def told(packets: Iterable[Seen], hour: int) -> list[Told]:
    """Of the exchanges that began in the hour, in their order."""
    begun = (one for one in exchanges(packets) if one.started // HOUR_US == hour)
    return [told_of(exchange, contact) for exchange in begun for contact in bindings(exchange)]


def rows(steps: Iterable[Told]) -> list[BindingHour]:
    """What they say of each binding, the latest first."""
    of_binding: dict[tuple[str, str], list[Told]] = {}
    for step in steps:
        exchange = step.exchange
        if exchange.asked.everything and exchange.is_ok:
            for (aor, _), known in of_binding.items():
                if aor == exchange.aor:
                    known.append(step._replace(contact=known[-1].contact))
        known = of_binding.setdefault((exchange.aor, step.contact.key), [])
        if not known or known[-1].exchange is not exchange:
            known.append(step)
    found = [_row(known) for known in of_binding.values()]
    return sorted(found, key=lambda row: (row.ended, row.contact), reverse=True)[:MOST_BINDINGS]


def told_of(exchange: Exchange, contact: Contact) -> Told:
    """What it came to for a contact."""
    seconds = _granted_seconds(exchange, contact) if exchange.is_ok else 0
    return Told(exchange, contact, _outcome(exchange, seconds), seconds)


def bindings(exchange: Exchange) -> Iterator[Contact]:
    """What an exchange is about; asking alone is about none, unless it was refused."""
    if exchange.asked.everything:
        yield Contact(EVERYTHING, "", None, 0)
    elif exchange.asked.contacts:
        yield from {contact.key: contact for contact in exchange.asked.contacts}.values()
    elif not exchange.is_ok and exchange.status is not None:
        yield Contact("", "", None, None)


def _outcome(exchange: Exchange, seconds: int) -> RegistrationState:
    if exchange.is_challenge:
        return RegistrationState.CHALLENGED
    if not exchange.is_ok:
        return RegistrationState.REJECTED
    return RegistrationState.REGISTERED if seconds else RegistrationState.REMOVED


def _granted_seconds(exchange: Exchange, contact: Contact) -> int:
    """For how long a 2xx binds it: what the answer says of this contact, else of all, else what was asked for."""
    asked = contact.expires if contact.expires is not None else exchange.asked.expires
    if exchange.asked.everything or asked == 0:
        return 0
    answer = exchange.granted
    listed = [one for one in answer.contacts if one.key == contact.key]
    if not listed:
        same = [one for one in answer.contacts if one.uri == contact.uri]
        listed = same or (list(answer.contacts) if len(answer.contacts) == 1 else [])
    said = listed[0].expires if listed else None
    return next((seconds for seconds in (said, answer.expires, asked) if seconds is not None), DEFAULT_SECONDS)


def moved(before: End, after: End, protos: tuple[str, str]) -> bool:
    """Whether it came from elsewhere; over TCP and its kin each connection has a port of its own."""
    return before[0] != after[0] or (before[1] != after[1] and protos == (_UDP, _UDP))


def moved_between(before: Exchange, after: Exchange) -> bool:
    """The same of two exchanges."""
    return moved(before.source, after.source, (before.proto, after.proto))


def _row(steps: Sequence[Told]) -> BindingHour:
    """Of one binding's exchanges in their order."""
    good = [step for step in steps if step.exchange.is_ok]
    last = steps[-1].exchange
    said = next((step for step in reversed(steps) if step.exchange.status is not None), steps[-1])
    refreshes, flaps = _counted(good)
    best = good[-1] if good else steps[-1]
    first = next((step.exchange for step in good if step.seconds), None)
    return BindingHour(
        callid=last.callid,
        started=steps[0].exchange.started,
        ended=max([step.exchange.ended for step in steps]),
        aor=last.aor,
        contact=best.contact.uri,
        instance=best.contact.instance,
        reg_id=best.contact.reg_id,
        path=best.exchange.granted.path,
        source_ip=last.source[0],
        source_port=last.source[1],
        proto=last.proto,
        user_agent=next((step.exchange.user_agent for step in reversed(steps) if step.exchange.user_agent), ""),
        state=said.state,
        status=said.exchange.status,
        rrd_ms=best.exchange.rrd_ms,
        expires_seconds=best.seconds or None,
        expires_at=_until(best) if best.seconds else None,
        refreshes=refreshes,
        flaps=flaps,
        attempts=len(steps),
        first_ok=first.started if first else None,
        first_ip=first.source[0] if first else "",
        first_port=first.source[1] if first else 0,
        nodes=tuple(sorted(set().union(*[step.exchange.nodes for step in steps]))),
    )


def _until(step: Told) -> int:
    """When what was granted is over."""
    return step.exchange.bound_at + step.seconds * 1_000_000


def _counted(good: Sequence[Told]) -> tuple[int, int]:
    """(refreshes, flaps) since the first time that it registered."""
    refreshes = flaps = until = 0
    before: Exchange | None = None
    for step in good:
        if step.seconds and before is not None:
            if until < step.exchange.started or moved_between(before, step.exchange):
                flaps += 1
            else:
                refreshes += 1
        if step.seconds:
            before = step.exchange
        until = _until(step) if step.seconds else 0
    return refreshes, flaps
