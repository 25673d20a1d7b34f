import csv
import io
from dataclasses import replace

import pytest

from appliance.export.as_csv import defused, heading, lines, text
from appliance.export.json_fields import CALL_FIELDS, MESSAGE_FIELDS
from tests.storage.search.stored import A_CALL


@pytest.mark.parametrize("cell", ["", "alice", "+4930123", "*21#", "#31#", "4930", "a=b", " =1", "-1", "-3.2", "+1,5"])
def test_a_harmless_cell_stays(cell: str) -> None:
    assert defused(cell) == cell


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1+1",
        "-1-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        "+49 30",
        "+49;=1",
        "+49*21",
        "=cmd|' /C calc'!A0",
        "＝1",
    ],
)
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


def test_a_number_survives_a_round_trip_and_a_formula_is_a_text() -> None:
    row = replace(A_CALL, from_user="+4930111", to_user="=cmd()", mos=-3.2)
    (cells,) = csv.DictReader(io.StringIO(text("calls", [row])))
    assert (cells["from_user"], cells["to_user"], cells["mos"]) == ("+4930111", "'=cmd()", "-3.2")


def test_only_the_names_that_are_wanted_are_written() -> None:
    names = ["to_user", "status"]
    assert heading(names) + lines(names, [A_CALL]) == f"to_user,status\r\n{A_CALL.to_user},{A_CALL.status}\r\n"


def test_lists_are_joined_and_unknown_is_empty() -> None:
    names, row = text("calls", [A_CALL]).splitlines()
    assert names == ",".join(CALL_FIELDS)
    assert '"PCMA,telephone-event",,sbc-1' in row


def test_times_are_as_a_search_takes_them() -> None:
    (cells,) = csv.DictReader(io.StringIO(text("calls", [replace(A_CALL, started=1_795_435_200_000_123, ended=None)])))
    assert (cells["started"], cells["ended"]) == ("2026-11-23T12:00:00.000123Z", "")


def test_no_cell_holds_a_nul() -> None:
    assert "ab\u2400cd" in text("calls", [replace(A_CALL, user_agent="ab\x00cd")])


def test_no_rows_are_a_line_of_names() -> None:
    assert text("messages", []) == ",".join(MESSAGE_FIELDS) + "\r\n"
