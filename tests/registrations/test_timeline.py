from appliance.registrations.exchanges import exchanges
from appliance.registrations.timeline import Timeline, timeline
from tests.registrations.made import at, seen, told

SECOND = 1000
AOR, KEY = "alice@example.com", "sip:alice@10.0.0.1:5060"


def drawn(*lines: str, key: str = KEY, until_ms: int = 10_000 * SECOND) -> Timeline:
    return timeline(exchanges(seen(told(*lines))), AOR, key, at(until_ms))


def again(ms: int, cseq: int, options: str = "", code: str = "200", granted: str = "for=60") -> list[str]:
    return [f"{ms} A>R REGISTER cseq={cseq} {options}", f"{ms + 9} R>A {code} cseq={cseq} {granted}"]


def what(found: Timeline) -> list[str]:
    return [step.what.value for step in found.steps]


def stretches(found: Timeline) -> list[tuple[int, int]]:
    return [((one.from_us - at(0)) // 1000, (one.to_us - at(0)) // 1000) for one in found.stretches]


def test_each_exchange_is_a_step() -> None:
    found = drawn(
        *again(0, 1),
        *again(30 * SECOND, 2),
        *again(50 * SECOND, 3, code="403", granted=""),
        "55000 A>R REGISTER cseq=4",
        *again(200 * SECOND, 5),
        *again(210 * SECOND, 6, "expires=0", granted="contact=none"),
        *again(300 * SECOND, 7, code="401", granted=""),
        *again(400 * SECOND, 8),
    )
    expected = "registered refreshed rejected unanswered returned removed challenged returned"
    assert what(found) == expected.split()
    assert stretches(found) == [(9, 90_009), (200_009, 210_009), (400_009, 460_009)]
    assert [step.silent_us // 1_000_000 for step in found.steps if step.what == "returned"] == [109, 189]
    assert [step.seconds for step in found.steps] == [60, 60, 0, 0, 60, 0, 0, 60]


def test_a_move_is_told() -> None:
    device = "instance=7"
    found = drawn(*again(0, 1, device, granted="for=60 instance=7"),
                  *again(20 * SECOND, 2, f"{device} port=7000", granted="for=60 instance=7 port=7000"),
                  key="urn:uuid:7;")  # fmt: skip
    assert what(found) == ["registered", "moved"]


def test_other_bindings_are_left_out_and_what_takes_all_away_is_not() -> None:
    found = drawn(*again(0, 1), *again(10 * SECOND, 2, "contact=desk", granted="contact=desk for=9"),
                  *again(20 * SECOND, 3, "contact=* expires=0", granted="contact=none"))  # fmt: skip
    assert what(found) == ["registered", "removed"]
    assert stretches(found) == [(9, 20_009)]


def test_it_ends_where_the_range_ends() -> None:
    assert stretches(drawn(*again(0, 1), until_ms=30 * SECOND)) == [(9, 30_000)]
