import pytest

from appliance.query.parse import parse
from appliance.query.printed import printed


@pytest.mark.parametrize(
    ("line", "canonical"),
    [
        ("  ", ""),
        ('FROM:"alice"', "from:alice"),
        ("from:a%b", "from:a*b"),
        ('ua:"a b"', 'ua:"a b"'),
        ("from:\\*21", 'from:"\\*21"'),
        ("header.X-Foo:a", "header.x-foo:a"),
        ("a AND b", "a b"),
        ("(a OR b)", "a OR b"),
        ("((a OR b)) c", "(a OR b) c"),
        ("NOT (a b)", "NOT (a b)"),
        ("callid:a:b/c@d", "callid:a:b/c@d"),
        ('"NOT" "10.0.0.1" "from:x"', '"NOT" "10.0.0.1" "from:x"'),
        ("text:/a\\/b c/", "text:/a\\/b c/"),
    ],
)
def test_a_query_is_printed_plainly(line: str, canonical: str) -> None:
    assert printed(parse(line)) == canonical
