import pytest

from appliance.export.as_csv import defused, text
from appliance.export.as_json import CALL_FIELDS, MESSAGE_FIELDS
from tests.storage.search.stored import A_CALL


@pytest.mark.parametrize("cell", ["", "alice", "+4930123", "*21#", "#31#", "4930", "a=b", " =1"])
def test_a_harmless_cell_stays(cell: str) -> None:
    assert defused(cell) == cell


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-1", "@SUM(A1)", "\tx", "\rx", "+49 30", "+49;=1"])
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


def test_lists_are_joined_and_unknown_is_empty() -> None:
    names, row = text("calls", [A_CALL]).splitlines()
    assert names == ",".join(CALL_FIELDS)
    assert '"PCMA,telephone-event",,sbc-1' in row


def test_no_rows_are_a_line_of_names() -> None:
    assert text("messages", []) == ",".join(MESSAGE_FIELDS) + "\r\n"
