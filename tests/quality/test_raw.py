from hypothesis import given
from hypothesis import strategies as st

from appliance.quality.raw import MAX_FIELDS, json_fields, rtcp_fields
from appliance.quality.rtcp import parts
from tests.quality.samples import fixture

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_json_is_named_by_paths_in_its_own_order() -> None:
    found = json_fields({"b": [{"x": 1}, {"x": None}], "a": {"c": True}})
    assert found == [("b[0].x", "1"), ("b[1].x", "null"), ("a.c", "true")]


def test_a_compound_packet_is_named_by_its_parts() -> None:
    found = dict(rtcp_fields(parts(fixture("sip3-captain-sr"))))
    assert (found["SR ssrc"], found["SR packets"], found["SR block 1 jitter"]) == ("27835875", "195", "28")


def test_there_are_no_more_than_a_page_can_show() -> None:
    assert len(json_fields(list(range(10_000)))) == MAX_FIELDS


@given(JSON)
def test_any_json_has_names_and_words(value: object) -> None:
    assert all(isinstance(name, str) and isinstance(text, str) for name, text in json_fields(value))


def test_a_number_of_thousands_of_digits_is_not_printed() -> None:
    assert json_fields({"a": 10**5000})[0][0] == "a"
