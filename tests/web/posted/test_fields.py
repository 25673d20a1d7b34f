import math

import pytest

from appliance.web.posted import fields
from appliance.web.posted.fields import Refused

AT = 1_700_000_000_123_456


TIMES = [
    1_700_000_000.123456,
    1_700_000_000_123.456,
    AT,
    "1700000000.123456",
    "2023-11-14T22:13:20.123456Z",
    "2023-11-14T22:13:20.123456",
    "2023-11-14T23:13:20.123456+01:00",
]
NO_TIMES = [-1, math.inf, math.nan, 10**400, True, "yesterday", "", [], {}, "0001-01-01", "1e999"]


@pytest.mark.parametrize("value", TIMES)
def test_a_time_is_read_in_each_way_that_programs_write_it(value: object) -> None:
    assert fields.time_us(value, "ts") == AT


@pytest.mark.parametrize(
    "value", [-1, math.inf, math.nan, 10**400, True, "yesterday", "", [], {}, "0001-01-01", "1e999"]
)
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(Refused, match="`ts`"):
        fields.time_us(value, "ts")


def test_no_time_at_all_is_none() -> None:
    assert fields.time_us(0, "ts") is None


@pytest.mark.parametrize(("value", "number"), [(20, 20), ("janus", 20), ("LOG", 100), (" 54 ", 54)])
def test_types_are_numbers_and_words(value: object, number: int) -> None:
    assert fields.protocol_type(value) == number


@pytest.mark.parametrize("value", [256, -1, True, "nonsense", "999", None, [], 1.5, "²"])
def test_other_types_are_refused(value: object) -> None:
    with pytest.raises(Refused):
        fields.protocol_type(value)


def test_addresses_and_ports_are_checked() -> None:
    item = {"a": "2001:db8::1", "b": "x", "c": 5, "p": 5060, "q": 65536, "r": "5060", "s": True}
    assert fields.address(item, "a") == "2001:db8::1" and fields.address(item, "none") == ""
    assert fields.port(item, "p") == 5060 and fields.port(item, "none") == 0
    for name in "bc":
        with pytest.raises(Refused):
            fields.address(item, name)
    for name in "qrs":
        with pytest.raises(Refused):
            fields.port(item, name)


def test_texts_are_bounded() -> None:
    assert fields.octets(12, "callid", 5) == b"12"
    for value in ("x" * 6, [], True, 1.5):
        with pytest.raises(Refused):
            fields.octets(value, "callid", 5)
