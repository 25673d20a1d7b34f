import pytest

from appliance.model.aliases import NONE, Alias, Aliases
from appliance.query.aliased import asks_for_names, with_aliases
from appliance.query.errors import QueryError
from appliance.query.parse import parse
from appliance.query.printed import printed

ALL = Aliases([
    Alias("10.1.0.0/16", "lab", group="Labs"),
    Alias("10.9.9.9", "Carrier A", group="carriers"),
    Alias("10.9.9.8", "carrier-b", 5061, "carriers"),
    Alias("2001:db8::1", "lab", group="Labs"),
])  # fmt: skip


@pytest.mark.parametrize(
    ("line", "view", "asked"),
    [
        ("src:lab", "calls", "src:10.1.0.0/16;2001:db8::1"),
        ('dst:"carrier a" from:x', "calls", "dst:10.9.9.9 from:x"),
        ("ip:labs;192.0.2.1", "messages", "ip:10.1.0.0/16;2001:db8::1;192.0.2.1"),
        ("src:10.0.0.1 OR NOT media:carrier-b", "messages", "src:10.0.0.1 OR NOT media:10.9.9.8:5061"),
        ("group:LABS", "calls", "src:10.1.0.0/16;2001:db8::1 OR dst:10.1.0.0/16;2001:db8::1"),
        ("group:carriers", "messages", "src:10.9.9.9 OR src:10.9.9.8:5061 OR dst:10.9.9.9 OR dst:10.9.9.8:5061"),
        ("group:labs", "registrations", "ip:10.1.0.0/16;2001:db8::1"),
        ("NOT group:/^l/", "calls", "NOT (src:10.1.0.0/16;2001:db8::1 OR dst:10.1.0.0/16;2001:db8::1)"),
        ("lab src:10.*", "calls", "lab src:10.*"),
        ("", "calls", ""),
    ],
)
def test_names_stand_for_their_addresses(line: str, view: str, asked: str) -> None:
    assert printed(with_aliases(parse(line), ALL, view)) == asked


@pytest.mark.parametrize(
    ("line", "position", "said", "corrected"),
    [
        ("from:a src:nobody", 11, "nobody is none, and no alias", None),
        ("src:carier-b", 4, "no alias", "carrier-b"),
        ("group:lab", 0, "there are carriers, Labs", None),
        ("group:carrier", 0, "there are carriers", "carriers"),
        ("group:x*", 0, "no such group", None),
    ],
)
def test_what_nothing_is_called_is_said_at_its_place(
    line: str, position: int, said: str, corrected: str | None
) -> None:
    with pytest.raises(QueryError, match=said) as told:
        with_aliases(parse(line), ALL, "calls")
    assert (told.value.position, told.value.suggestion) == (position, corrected)


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("src:lab", True),
        ("group:x", True),
        ("a (NOT ip:10.0.0.1;lab)", True),
        ("src:10.0.0.1 lab to:lab", False),
        ("", False),
    ],
)
def test_names_are_only_read_for_lines_that_have_some(line: str, asks: bool) -> None:
    assert asks_for_names(parse(line)) is asks


def test_without_aliases_there_are_no_groups() -> None:
    with pytest.raises(QueryError, match="no alias is in a group yet"):
        with_aliases(parse("group:a"), NONE, "calls")


@pytest.mark.parametrize("line", ["src:lab", 'src:"Carrier A"', 'src:"1und1"', "dst:a-b.c_d;10.0.0.1", 'src:"x y";z'])
def test_a_printed_line_has_the_names(line: str) -> None:
    assert parse(printed(parse(line))) == parse(line)
