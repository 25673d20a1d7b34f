"""Tests over a row's attributes, of which `fields` makes what each field of a query asks."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from appliance.matching import values
from appliance.matching.widths import width
from appliance.model.octets import octets
from appliance.query import meant
from appliance.query.tree import AnyOf, Exact, Value

Test = Callable[[Any], bool]
"""Whether a row (MessageRow, CallRow or QualityRow) fulfils it; never raises."""
Made = Callable[[Value], Test]
"""From a value of the query to the test that its field fulfils it."""


def text(*names: str, case_counts: bool = True) -> Made:
    """Any of these attributes is, looks like or contains the value; all of them are empty when that is asked."""

    def made(value: Value) -> Test:
        if isinstance(value, AnyOf):
            alternatives = [made(one) for one in value.values]
            return lambda row: any(test(row) for test in alternatives)
        if value == Exact(""):
            gets = [attrgetter(name) for name in names]
            return lambda row: not any(get(row) for get in gets)
        tests = [(attrgetter(name), values.text(value, width(name), case_counts=case_counts)) for name in names]
        return lambda row: any(test(octets(get(row) or "")) for get, test in tests)

    return made


def folded(*names: str) -> Made:
    return text(*names, case_counts=False)


def words(name: str, of_value: Callable[[Value], Value] = lambda value: value, before: bytes = b"") -> Made:
    get = attrgetter(name)

    def made(value: Value) -> Test:
        test = values.listed(meant.each(value, of_value), before=before)
        return lambda row: test(octets(",".join(get(row))))

    return made


def number(*names: str, unit: int = 1) -> Made:
    def made(value: Value) -> Test:
        test, gets = values.number(value, unit=unit), [attrgetter(name) for name in names]
        return lambda row: any(test(get(row)) for get in gets)

    return made


def counted(name: str, units: int, value_units: int) -> Made:
    """The row has a fraction of which the tables keep whole `units`; the value is in `value_units` of those."""
    get = attrgetter(name)

    def made(value: Value) -> Test:
        test = values.number(meant.scaled(value, value_units) if value_units != 1 else value)
        return lambda row: test(None if (found := get(row)) is None else round(found * units))

    return made


def ends(*names: str, with_port: bool = True) -> Made:
    def made(value: Value) -> Test:
        test = values.end(value, width(names[0]), with_port=with_port)
        gets = [(attrgetter(f"{name}_ip"), attrgetter(f"{name}_port") if with_port else _no_port) for name in names]
        return lambda row: any(test(ip(row), port(row)) for ip, port in gets)

    return made


def _no_port(_row: object) -> int:
    return 0
