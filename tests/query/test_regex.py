import pytest
import re2

from appliance.query.errors import QueryError
from appliance.query.regex import checked, compiled


@pytest.mark.parametrize(
    "source", ["a+b*", "(a|b){2}", "[(+*]+", "\\(a+\\)+", "(ab)+", "^\\+49[0-9]{3,}$", "é+", "\udcff"]
)
def test_an_expression_that_ends_soon_is_taken(source: str) -> None:
    assert checked(source, 0) == source


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("(a+)+", "repetition"),
        ("((a*)b)*", "repetition"),
        ("(a{2,})*", "repetition"),
        ("(a|b+)+", "repetition"),
        ("a(", "cannot be used"),
        ("(a)\\1", "cannot be used"),
        ("(?<=a)b", "cannot be used"),
        ("a" * 201, "200 characters"),
        ("a\0", "zero octet"),
    ],
)
def test_an_expression_that_may_not_end_is_refused(source: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        checked(source, 0)


def test_it_matches_octets_that_are_no_utf8() -> None:
    assert compiled(b"[^ -~]").search(b"a\xff")
    assert compiled("é".encode()).search("xéy".encode())
    assert compiled(b"INVITE", case_sensitive=False).search(b"x\ninvite")
    assert compiled(b"a.b").search(b"a\nb")
    with pytest.raises(re2.error):
        compiled(b"(")
