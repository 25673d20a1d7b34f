"""What a typed value stands for in a column that holds more than was typed, or in smaller units: values of values."""

from collections.abc import Callable

from appliance.query.tree import AnyOf, Exact, Pattern, Span, Value, alternatives

MOST_CAUSE = 127
"""Of Q.850."""


def each(value: Value, one: Callable[[Value], Value]) -> Value:
    """A list's values changed one by one; what becomes a list itself is laid in it."""
    if not isinstance(value, AnyOf):
        return one(value)
    return AnyOf(tuple(inner for single in value.values for inner in alternatives(one(single))))


def user_of_a_uri(value: Value) -> Value:
    """Of text that holds URIs, such as a header."""
    match value:
        case Exact(typed):
            return Pattern(("", f":{typed}@", ""))
        case Pattern(pieces):
            return Pattern(("", ":" + pieces[0], *pieces[1:-1], pieces[-1] + "@", ""))
        case _:
            return value


def of_any_protocol(value: Value) -> Value:
    """A cause that was given as a number alone."""
    return Pattern(("", "/" + value.text)) if isinstance(value, Exact) and value.text.isdecimal() else value


def each_cause(value: Value) -> Value:
    """Q.850 has 127 causes, which are words of a list: a span of them is any of those words."""
    if not isinstance(value, Span):
        return value
    low = 0 if value.low is None else int(value.low) + value.low_open
    high = MOST_CAUSE if value.high is None else min(MOST_CAUSE, int(value.high) - value.high_open)
    return AnyOf(tuple(Exact(str(cause)) for cause in range(low, high + 1)))


def scaled(value: Value, units: int) -> Value:
    """The value for what is counted in small units of it."""
    match value:
        case AnyOf():
            return each(value, lambda one: scaled(one, units))
        case Span(low, high, low_open, high_open):
            # a thousandth of a unit is less than any column holds
            bounds = [None if bound is None else round(bound * units, 3) for bound in (low, high)]
            return Span(bounds[0], bounds[1], low_open, high_open)
        case _:
            return value
