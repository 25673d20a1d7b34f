import pytest

from appliance.calls.joins.keys import Key, keys_of, why_equal, why_named
from appliance.model.ids import callid_hash


def test_keys_are_what_messages_say_but_the_calls_own_name() -> None:
    lines = ["x:a@b s:00112233445566778899aabbccddeeff", "n:own@me i:ic-1", "odd q:1 z"]
    found = keys_of("own@me", lines, ["own@me", "", "channel-17"])
    assert [(key.sort, key.value) for key in found] == [
        ("x", "a@b"), ("s", "00112233445566778899aabbccddeeff"), ("i", "ic-1"), ("h", "channel-17")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("callid", "base"),
    [("4yej6e@127.0.0.1_b2b-1", "4yej6e@127.0.0.1"), ("a_b2b-1", ""), ("4yej6e@127.0.0.1-1", ""), ("_b2b-1", "")],
)
def test_a_suffix_names_the_leg_that_it_continues_but_never_a_short_one(callid: str, base: str) -> None:
    assert [key.value for key in keys_of(callid, [], [])] == ([base] if base else [])


def test_suffixes_are_the_operators() -> None:
    assert [key.value for key in keys_of("abcdefgh-leg2", [], [], ["-leg2", ""])] == ["abcdefgh"]


def test_what_names_a_call_is_looked_up_by_its_call_id() -> None:
    key = Key("x", "a@b")
    assert key.hash == callid_hash(b"a@b")
    assert key.names("a@b") and not key.names("a@c")
    assert not Key("s", "a@b").names("a@b")
    assert Key("s", "a@b").hash != key.hash


def test_a_short_value_may_name_but_never_equal() -> None:
    assert Key("x", "12345").names("12345")
    assert not Key("x", "12345").may_equal
    assert Key("x", "123456").may_equal


def test_reasons_say_what_the_value_is() -> None:
    assert why_equal(Key("i", "ic-1")) == "same icid-value ic-1"
    assert why_named(Key("n", "a")) == "Replaces, Join, Target-Dialog or Refer-To names the other leg"
