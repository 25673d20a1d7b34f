import pytest

from appliance.web import chosen_columns, columns
from appliance.web.asking import BadArgument


def test_an_address_names_columns_their_order_and_their_widths() -> None:
    chosen = chosen_columns.of_address("calls", "state:120, started ,codecs")
    assert chosen.names == ("state", "started", "codecs")
    assert chosen.widths == {"state": 120}
    assert chosen.text == "state:120,started,codecs"
    assert chosen_columns.of_address("calls", chosen.text) == chosen


@pytest.mark.parametrize(
    ("text", "words"),
    [("state,nothing", "no column 'nothing'"), ("state:x", "number of px"), ("state:9999", "number of px")],
)
def test_what_an_address_cannot_mean_is_said(text: str, words: str) -> None:
    with pytest.raises(BadArgument, match=words):
        chosen_columns.of_address("calls", text)


def test_a_preference_of_another_version_is_read_as_far_as_it_is_known() -> None:
    chosen = chosen_columns.of_preference("messages", "gone:7,method,ts:abc,method:90")
    assert chosen.names == ("method", "ts") and chosen.widths == {}
    assert chosen_columns.of_preference("messages", "") == chosen_columns.default("messages")
    assert chosen_columns.of_preference("messages", "gone") == chosen_columns.default("messages")


def test_the_default_needs_no_words() -> None:
    assert chosen_columns.default("quality").text == ""
    assert chosen_columns.default("quality").columns == columns.QUALITY


def test_the_form_says_order_by_numbers() -> None:
    chosen = chosen_columns.of_form(
        "calls",
        ["started", "state", "callid", "evil"],
        {"callid": "0", "started": "2.5", "state": "2"},
        {"state": "80"},
    )
    assert chosen.text == "callid,state:80,started"
    assert chosen_columns.of_form("calls", [], {}, {}) == chosen_columns.default("calls")


def test_every_column_can_be_chosen_and_what_is_shown_stands_first() -> None:
    choices = chosen_columns.choices(chosen_columns.of_address("logs", "text,ts:200"))
    assert [(each.column.name, each.shown, each.width) for each in choices[:3]] == [
        ("text", True, None), ("ts", True, 200), ("kind", False, None)]  # fmt: skip
    assert {each.column for each in choices} == set(columns.all_of("logs"))
    assert [each.place for each in choices] == list(range(1, len(choices) + 1))
