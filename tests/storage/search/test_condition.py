from appliance.storage.search.condition import FALSE, TRUE, Condition, all_of, any_of, opposite

A, B = Condition("a = %s", (1,)), Condition("b = %s", (2,))


def test_what_is_always_or_never_true_falls_out() -> None:
    assert all_of([TRUE, A]) == A
    assert all_of([A, FALSE]) == FALSE
    assert any_of([FALSE, A]) == A
    assert any_of([A, TRUE]) == TRUE
    assert (all_of([]), any_of([])) == (TRUE, FALSE)


def test_conditions_join_with_their_arguments_in_order() -> None:
    assert all_of([A, any_of([B, A])]) == Condition("(a = %s AND (b = %s OR a = %s))", (1, 2, 1))


def test_the_opposite_is_the_opposite() -> None:
    assert (opposite(TRUE), opposite(FALSE)) == (FALSE, TRUE)
    assert opposite(A) == Condition("NOT (a = %s)", (1,))
