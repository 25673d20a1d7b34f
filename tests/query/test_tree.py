from appliance.query.tree import And, Exact, Not, Or, Pattern, Term, Word, leaves

A, B, C = Term("from", Exact("a"), position=1), Term("to", Exact("b")), Word(Exact("c"))


def test_leaves_come_from_left_to_right() -> None:
    assert leaves(And((A, Not(Or((B, C)))))) == [A, B, C]
    assert leaves(None) == []


def test_where_a_term_stood_does_not_count() -> None:
    assert Term("from", Exact("a"), position=9) == A


def test_stars_alone_are_anything() -> None:
    assert Pattern(("", "", "")).is_anything
    assert not Pattern(("", "a")).is_anything
