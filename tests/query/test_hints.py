import pytest
from hypothesis import given

from appliance.query.hints import MOST, hints
from appliance.query.parse import parse
from tests.query.test_parse import HOSTILE


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("a or b", "a OR b"),
        ("from:a not to:b", "from:a NOT to:b"),
        ("-from:x to:y", "NOT from:x to:y"),
        ("!caller:x", "NOT from:x"),
        ("from=alice to:x", "from:alice to:x"),
        ("from_user=alice", "from:alice"),
        ("to:x from:!100", "to:x NOT from:100"),
        ("from:^49", "from:/^49/"),
        ("from:alice@example.com to:x", "(from:alice domain:example.com) to:x"),
        ("from:sip:alice", "from:alice"),
        ("to:tel:+4930", "to:+4930"),
        ("method:INVTE", "method:INVITE"),
        ("from:100,200", "from:100;200"),
        ("dur:>5 minutes to:x", "dur:>5m to:x"),
        ("to:x dur:90 sec", "to:x dur:90s"),
        ("from:/^49", "from:/^49/"),
    ],
)
def test_habits_and_slips_are_told_with_the_line_that_may_be_meant(line: str, meant: str) -> None:
    assert [hint.line for hint in hints(line)] == [meant]


@pytest.mark.parametrize(
    "line",
    ["", "from:alice", "a OR b", '"or"', 'from:"a,b"', "a=b", "-5", "method:invite", "from:form", "form:x", "ua:a,b",
     "callid:x@y", "-x:y", "alice@example.com", "text:!x*",
     "dur:5 alice", "src:10.0.0.0/8", "from:/a/"],
)  # fmt: skip
def test_nothing_is_said_of_a_line_that_is_meant_so(line: str) -> None:
    assert hints(line) == []


@given(HOSTILE)
def test_a_hint_is_another_line_that_can_be_read(line: str) -> None:
    found = hints(line)
    assert len(found) <= MOST
    for hint in found:
        assert hint.line != line
        parse(hint.line)
