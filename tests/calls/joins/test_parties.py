import pytest

from appliance.calls.joins.parties import party, same, tail


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("+39 06 1963177", "0039061963177", True),
        ("061963177", "+39061963177", True),
        ("00061963177", "961963177", True),
        ("+4930123456", "+4940123456", False),
        ("9004930123456", "+4930123456", True),
        ("2302", "2302", True),
        ("2302", "12302", False),
        ("Alice", "alice", True),
        ("alice", "bob", False),
        ("anonymous", "anonymous", False),
        ("", "", False),
        ("+4930123456;phone-context=x", "030123456", True),
        ("123456", "9123456", False),
        ("863-1234;phone-context=+1-914-555", "+19145558631234", True),
        ("7042;phone-context=+1914555", "19145557042", True),
        ("7042;phone-context=+1914555", "7042;phone-context=%2B1914555", True),
        ("7042;phone-context=+1914555", "7042;phone-context=+4930555", False),
        ("7042;phone-context=a.example", "7042", True),
        ("+19145557042;phone-context=+49", "+19145557042", True),
    ],
)
def test_one_number_is_written_in_many_ways(one: str, other: str, alike: bool) -> None:
    assert same(party(one), party(other)) is alike
    assert same(party(other), party(one)) is alike
    if alike:
        assert tail(party(one)) == tail(party(other))


def test_zeros_are_a_number_too() -> None:
    assert party("000") == "000"
