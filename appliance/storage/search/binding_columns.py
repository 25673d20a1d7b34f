"""Which column of a table of registrations a field means: the allow-list of the view `registrations`."""

from collections.abc import Callable, Mapping

from appliance.matching.kinds import names
from appliance.matching.widths import WIDTHS
from appliance.model.octets import octets
from appliance.model.registrations import RegistrationState
from appliance.query.tree import Addresses, Exact, Pattern, Span, Term, Value, Word
from appliance.storage.registrations import aor_key
from appliance.storage.search import compare, plan
from appliance.storage.search.condition import FALSE, Condition, all_of, any_of

SOURCE = ("source_ip", "source_port")
_SECOND_US = 1_000_000
_HOURS = ",".join(map(str, range(24)))
_REGISTERED = RegistrationState.REGISTERED

Test = Callable[[Value], Condition]


def _text(column: str, *, folded: bool = False) -> Test:
    return lambda value: compare.text((column,), value, folded=folded)


def _number(column: str, *, unit: int = 1, nullable: bool = False) -> Test:
    return lambda value: compare.number(column, value, nullable=nullable, unit=unit)


def aor(value: Value) -> Condition:
    """The whole address of record, by its index, or its user alone."""
    return compare.each(value, _aor)


def _aor(value: Value) -> Condition:
    if not isinstance(value, Exact):
        return compare.text(("aor",), value)
    typed = value.text.removeprefix("sips:").removeprefix("sip:")
    user, at, domain = typed.rpartition("@")
    if not at:
        return any_of([compare.text(("aor",), Exact(typed)), compare.text(("aor",), Pattern((f"{typed}@", "")))])
    whole = f"{user}@{domain.lower()}"
    return Condition(
        f"(hour IN ({_HOURS}) AND aor_key = %s AND aor = %s)", (aor_key(whole), octets(whole)[: WIDTHS["aor"]])
    )


def _user(value: Value) -> Condition:
    return compare.each(value, lambda one: compare.text(("aor",), _before_at(one)))


def _before_at(value: Value) -> Value:
    match value:
        case Exact(text):
            return Pattern((f"{text}@", ""))
        case Pattern(pieces):
            return Pattern((*pieces[:-1], f"{pieces[-1]}@", ""))
        case _:
            return value


def _domain(value: Value) -> Condition:
    return compare.each(value, lambda one: compare.text(("aor",), _after_at(one), folded=True))


def _after_at(value: Value) -> Value:
    match value:
        case Exact(text):
            return Pattern(("", f"@{text}"))
        case Pattern(pieces):
            return Pattern(("", f"@{pieces[0]}", *pieces[1:]))
        case _:
            return value


def _contact(value: Value) -> Condition:
    """The URI, what stands in it, or the device; case does not count."""
    return compare.each(value, lambda one: compare.text(("contact", "instance"), _anywhere(one), folded=True))


def _anywhere(value: Value) -> Value:
    return Pattern(("", value.text, "")) if isinstance(value, Exact) else value


def _callid(value: Value) -> Condition:
    return compare.each(value, _one_callid)


def _one_callid(value: Value) -> Condition:
    return plan.callid_of_call(value) if isinstance(value, Exact) else compare.text(("callid",), value)


FIELDS: Mapping[str, Test] = {
    "aor": aor,
    "user": _user,
    "domain": _domain,
    "contact": _contact,
    "expires": _number("expires_seconds", unit=_SECOND_US, nullable=True),
    "ua": _text("user_agent", folded=True),
    "src": lambda value: compare.addresses([SOURCE], value),
    "ip": lambda value: compare.addresses([SOURCE], value),
    "port": _number("source_port"),
    "proto": _text("proto", folded=True),
    "status": _number("status", nullable=True),
    "callid": _callid,
    "node": lambda value: compare.listed("nodes", value),
    "agent": lambda value: compare.listed("nodes", value),
}
"""What a binding has, its state apart, which needs to know the time."""

NAMES = frozenset({*FIELDS, "state"})


def leaf(as_of_us: int) -> Callable[[Term | Word], Condition]:
    """How a leaf is asked of a table of registrations, for the end of the range."""

    def asked(node: Term | Word) -> Condition:
        if isinstance(node, Word):
            return compare.each(node.value, _word)
        if node.field == "state":
            return compare.each(node.value, lambda value: _state(value, as_of_us))
        return FIELDS[node.field](node.value)

    return asked


def _state(value: Value, as_of_us: int) -> Condition:
    """A row does not know what time it is: what is registered in it may have expired."""
    found = [state for state in RegistrationState if names(value, state)]
    return any_of(_in_state(state, as_of_us) for state in found)


def _in_state(state: RegistrationState, as_of_us: int) -> Condition:
    is_so = Condition("state = %s", (str(state).encode(),))
    if state is _REGISTERED:
        return all_of([is_so, Condition("COALESCE(expires_at, 0) > %s", (as_of_us,))])
    if state is RegistrationState.EXPIRED:
        over = Condition("COALESCE(expires_at, 0) <= %s", (as_of_us,))
        return all_of([Condition("state = %s", (str(_REGISTERED).encode(),)), over])
    return is_so


def _word(value: Value) -> Condition:
    """An address of record, its user, a Call-ID, a contact, or an address."""
    if isinstance(value, Addresses):
        return compare.addresses([SOURCE], value)
    if isinstance(value, Span):
        return FALSE
    return any_of([_aor(value), _one_callid(value), compare.text(("contact",), value)])
