import pytest

from appliance.matching.kinds import kinds_asked, names
from appliance.model.kinds import SIP_KINDS, Kind
from appliance.query.parse import parse
from appliance.query.tree import AnyOf, Exact, Pattern, Span


@pytest.mark.parametrize(
    ("line", "more"),
    [
        ("", ()),
        ("from:alice", ()),
        ("kind:call", ()),
        ("kind:log OR NOT kind:r*", (Kind.RTCP, Kind.REPORT, Kind.LOG)),
        ("kind:rtcp;other", (Kind.RTCP, Kind.OTHER)),
    ],
)
def test_sip_and_what_is_named_is_asked(line: str, more: tuple[Kind, ...]) -> None:
    assert kinds_asked(parse(line).root) == [*SIP_KINDS, *more]


def test_a_kind_is_named_by_itself_or_by_a_pattern() -> None:
    assert names(Exact("log"), Kind.LOG)
    assert names(AnyOf((Exact("call"), Pattern(("l", "")))), Kind.LOG)
    assert not names(Pattern(("o", "g")), Kind.LOG)
    assert not names(Span(1, 1), Kind.LOG)
