"""One binding's exchanges -> what happened, step by step, and when it was registered."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from appliance.model.registrations import RegistrationState
from appliance.registrations.exchanges import Exchange
from appliance.registrations.fold import Told, bindings, moved_between, told_of
from appliance.registrations.said import Contact


class What(StrEnum):
    """What a step came to."""

    REGISTERED = "registered"
    REFRESHED = "refreshed"
    RETURNED = "returned"
    """Registered again after it had been removed or had expired."""
    MOVED = "moved"
    """Refreshed from another address."""
    REMOVED = "removed"
    CHALLENGED = "challenged"
    REJECTED = "rejected"
    UNANSWERED = "unanswered"


FLAPS = frozenset({What.RETURNED, What.MOVED})


@dataclass(frozen=True, slots=True)
class Step:
    """One exchange of the binding."""

    what: What
    exchange: Exchange
    seconds: int
    """What was granted; 0: nothing."""
    silent_us: int
    """How long it was not registered before; 0 when it was, or when that is not known."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Microseconds in which it was registered."""

    from_us: int
    to_us: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """In the order of time."""

    steps: tuple[Step, ...]
    stretches: tuple[Stretch, ...]


def timeline(exchanges: Iterable[Exchange], aor: str, key: str, until_us: int) -> Timeline:
    """Of the exchanges that are about this binding (Contact.key), or all of its address of record."""
    steps: list[Step] = []
    stretches: list[Stretch] = []
    before: Exchange | None = None
    for exchange in sorted(exchanges, key=lambda one: (one.started, one.cseq, one.callid)):
        contact = _about(exchange, aor, key)
        if contact is None:
            continue
        last = stretches[-1] if stretches else None
        told = told_of(exchange, contact)
        silent_us = max(0, exchange.started - last.to_us) if last else 0
        steps.append(Step(_what(told, before, silent_us), exchange, told.seconds, silent_us))
        if exchange.is_ok:
            stretches = _with(stretches, exchange.bound_at, told.seconds)
            before = exchange if told.seconds else before
    return Timeline(tuple(steps), tuple(_cut(stretches, until_us)))


def _about(exchange: Exchange, aor: str, key: str) -> Contact | None:
    if exchange.aor != aor:
        return None
    found = next((contact for contact in bindings(exchange) if contact.key == key), None)
    return found or (next(bindings(exchange)) if exchange.asked.everything and exchange.is_ok else None)


def _what(told: Told, before: Exchange | None, silent_us: int) -> What:
    if told.exchange.status is None:
        return What.UNANSWERED
    if told.state is not RegistrationState.REGISTERED:
        return What(str(told.state))
    if before is None:
        return What.REGISTERED
    if silent_us:
        return What.RETURNED
    return What.MOVED if moved_between(before, told.exchange) else What.REFRESHED


def _with(stretches: list[Stretch], at_us: int, seconds: int) -> list[Stretch]:
    """The answer puts a new end to what lasts, or begins anew."""
    last = stretches[-1] if stretches else None
    if last is not None and last.to_us >= at_us:
        return [*stretches[:-1], Stretch(last.from_us, at_us + seconds * 1_000_000)]
    return [*stretches, Stretch(at_us, at_us + seconds * 1_000_000)] if seconds else stretches


def _cut(stretches: Iterable[Stretch], until_us: int) -> Iterable[Stretch]:
    return (Stretch(one.from_us, min(one.to_us, until_us)) for one in stretches if one.from_us < until_us)
