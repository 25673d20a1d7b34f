from appliance.calls.joins.together import LEAST, MOST, Together


def test_two_addresses_are_one_host_when_several_joined_calls_went_through_both() -> None:
    together = Together()
    for _ in range(LEAST - 1):
        together.seen("192.0.2.20", "198.51.100.20")
    assert not together.same("192.0.2.20", "198.51.100.20")
    together.seen("192.0.2.20", "198.51.100.20")
    assert together.same("198.51.100.20", "192.0.2.20")
    assert not together.same("192.0.2.20", "192.0.2.21")


def test_an_address_alone_says_nothing() -> None:
    together = Together()
    for _ in range(LEAST):
        together.seen("192.0.2.20", "192.0.2.20")
        together.seen("", "192.0.2.20")
    assert not together.same("192.0.2.20", "192.0.2.20") and not together.same("", "192.0.2.20")


def test_what_was_not_seen_for_long_is_forgotten() -> None:
    together = Together()
    for _ in range(LEAST):
        together.seen("a", "b")
    for number in range(MOST):
        together.seen("x", str(number))
    assert not together.same("a", "b")
