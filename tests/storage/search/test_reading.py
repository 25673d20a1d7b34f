import pytest

from appliance.query.parse import parse
from appliance.storage.search.reading import asks_messages, reads_messages


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("", False),
        ("from:a", True),
        ("a", True),
        ("NOT from:a", True),
        ("kind:log", True),
        ("callid:a", False),
        ("callid:a;b ua:x", False),
        ("callid:a*", True),
        ("callid:a OR ua:x", True),
        ("callid:a OR callid:b", False),
        ("NOT callid:a", True),
        ("state:failed", False),
        ("from:a loss:>1", False),
    ],
)
def test_messages_are_read_through_unless_something_leads_to_them(line: str, read: bool) -> None:
    assert reads_messages(parse(line).root) is read


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("state:failed", False),
        ("ua:x", False),
        ("src:10.0.0.1", False),
        ("src:10.0.0.1:5060", True),
        ("a", False),
        ("method:REFER", True),
        ("reason:busy", True),
        ("state:failed OR tag:x", True),
        ("loss:>1", True),
    ],
)
def test_some_fields_of_a_call_are_in_its_messages(line: str, asked: bool) -> None:
    root = parse(line).root
    assert root is not None and asks_messages(root) is asked
