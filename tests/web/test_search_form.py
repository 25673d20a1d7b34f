import pytest

from appliance.web.search_form import MORE, UNREADABLE, filled, line_of, note


def values(line: str) -> dict[str, str]:
    return {field.name: field.value for group in filled(line) for field in group.fields if field.value}


def test_the_line_fills_the_form_and_the_form_writes_the_line() -> None:
    line = "bob from:+49* status:5xx src:10.0.0.0/8"
    assert values(line) == {"words": "bob", "from": "+49*", "status": "5xx", "src": "10.0.0.0/8"}
    assert line_of({f"f.{name}": value for name, value in values(line).items()}) == line


@pytest.mark.parametrize(
    ("line", "shown", "said"),
    [
        ("from:a", {"from": "a"}, ""),
        ("alice bob", {"words": "alice bob"}, ""),
        ("from:a OR to:b", {"words": "from:a OR to:b"}, MORE),
        ("from:a dur:>3s", {"from": "a", "words": "dur:>3s"}, MORE),
        ("custom1:x", {"words": "custom1:x"}, MORE),
        ("form:x", {}, UNREADABLE),
        ("", {}, ""),
    ],
)
def test_what_no_field_can_say_stays_in_the_form_and_is_told(line: str, shown: dict[str, str], said: str) -> None:
    assert values(line) == shown
    assert note(line) == said


def test_headers_of_choice_stand_in_the_form_under_their_own_names() -> None:
    group = filled("custom2:x", ("X-Tenant", "X-Trunk"))[-1]
    assert [(field.name, field.label, field.value) for field in group.fields] == [
        ("custom1", "X-Tenant", ""),
        ("custom2", "X-Trunk", "x"),
    ]
    assert note("custom2:x", ("X-Tenant", "X-Trunk")) == ""


def test_fields_come_with_help_and_choices() -> None:
    fields = {field.name: field for group in filled("") for field in group.fields}
    assert "completed" in fields["state"].choices
    assert all(field.label and field.help for field in fields.values())
