from appliance.web.search_form import filled, line_of


def values(line: str) -> dict[str, str]:
    return {field.name: field.value for group in filled(line) for field in group.fields if field.value}


def test_the_line_fills_the_form_and_the_form_writes_the_line() -> None:
    line = "bob from:+49* status:5xx src:10.0.0.0/8"
    assert values(line) == {"words": "bob", "from": "+49*", "status": "5xx", "src": "10.0.0.0/8"}
    assert line_of({f"f.{name}": value for name, value in values(line).items()}) == line


def test_a_line_that_says_more_than_the_form_leaves_it_empty() -> None:
    assert values("from:a OR to:b") == {}
    assert values("form:x") == {}


def test_fields_come_with_help_and_choices() -> None:
    fields = {field.name: field for group in filled("") for field in group.fields}
    assert "completed" in fields["state"].choices
    assert all(field.label and field.help for field in fields.values())
