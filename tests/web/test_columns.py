from appliance.export.json_fields import CALL_FIELDS, MESSAGE_FIELDS
from appliance.web.columns import CALLS, MESSAGES


def test_columns_are_fields_of_the_api() -> None:
    assert {column.name for column in MESSAGES} <= set(MESSAGE_FIELDS)
    assert {column.name for column in CALLS} <= set(CALL_FIELDS)
