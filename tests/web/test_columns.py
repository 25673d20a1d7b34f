import pytest

from appliance.export.json_fields import (
    CALL_FIELDS,
    DIALOG_FIELDS,
    LOG_FIELDS,
    MESSAGE_FIELDS,
    QUALITY_FIELDS,
    REGISTRATION_FIELDS,
)
from appliance.web import columns

FIELDS = {
    "calls": CALL_FIELDS,
    "messages": MESSAGE_FIELDS,
    "registrations": REGISTRATION_FIELDS,
    "dialogs": DIALOG_FIELDS,
    "quality": QUALITY_FIELDS,
    "logs": LOG_FIELDS,
}


@pytest.mark.parametrize("view", FIELDS)
def test_every_field_of_the_api_can_be_a_column_once(view: str) -> None:
    names = [column.name for column in columns.all_of(view)]
    assert sorted(names) == sorted(FIELDS[view])
