from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.pairs import MOST_WORDS, Section, Status, aligned, marked, pair, ranked

WORDS = st.text(st.sampled_from("ab ;=,<\x00é\udcff"), max_size=30)


def test_values_are_the_same_changed_or_on_one_side() -> None:
    assert pair("To", "x", "x").status is Status.SAME
    assert pair("To", "x", " x", same=True).status is Status.SAME
    assert pair("To", "x", "y").status is Status.CHANGED
    assert (pair("To", "x", None).status, pair("To", None, "x").status) == (Status.LEFT, Status.RIGHT)


def test_the_changed_words_are_marked() -> None:
    found = pair("Max-Forwards", "sip:a@10.0.0.1;lr", "sip:a@10.0.0.2;lr")
    assert found.left_pieces == ((False, "sip:a@"), (True, "10.0.0.1"), (False, ";lr"))
    assert found.right_pieces[1] == (True, "10.0.0.2")


def test_noise_is_no_difference_to_look_at() -> None:
    section = Section("", (pair("Via", "a", "b", noise=True), pair("To", "a", "b"), pair("From", "a", "a")))
    assert (section.differences, section.noises) == (1, 1)


def test_values_are_paired_by_rank_from_the_beginning_or_the_end() -> None:
    assert ranked(["a", "b"], ["c"]) == [("a", "c"), ("b", None)]
    assert ranked(["b"], ["new", "b"], from_end=True) == [(None, "new"), ("b", "b")]


def test_lines_stand_beside_their_like() -> None:
    assert aligned(["a", "b", "c"], ["a", "c", "d"]) == [("a", "a"), ("b", None), ("c", "c"), (None, "d")]


def test_a_value_of_very_many_words_is_marked_whole() -> None:
    long = "a " * MOST_WORDS
    assert marked(long, "b") == (((True, long),), ((True, "b"),))


@given(WORDS, WORDS)
def test_marks_join_to_the_values_and_do_not_depend_on_the_side(one: str, other: str) -> None:
    there, back = pair("", one, other), pair("", other, one)
    assert "".join(text for _, text in there.left_pieces) == one
    assert "".join(text for _, text in there.right_pieces) == other
    assert (there.left_pieces, there.right_pieces) == (back.right_pieces, back.left_pieces)


@given(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=6))
def test_alignment_keeps_every_line_and_does_not_depend_on_the_side(one: list[str], other: list[str]) -> None:
    found = aligned(one, other)
    assert [left for left, _ in found if left is not None] == one
    assert [right for _, right in found if right is not None] == other
    assert aligned(other, one) == [(right, left) for left, right in found]
