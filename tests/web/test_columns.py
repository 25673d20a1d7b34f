import pytest

from appliance.export.as_json import CALL_FIELDS, MESSAGE_FIELDS
from appliance.web.columns import CALLS, MESSAGES, cell


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("+4930123", "+4930123"),
        ("*31#", "*31#"),
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (None, ""),
        (200, "200"),
        ("\udcff", "\ufffd"),
    ],
)
def test_a_cell_is_never_a_formula(value: str | int | None, shown: str) -> None:
    assert cell(value) == shown


def test_columns_are_fields_of_the_api() -> None:
    assert {column.name for column in MESSAGES} <= set(MESSAGE_FIELDS)
    assert {column.name for column in CALLS} <= set(CALL_FIELDS)
