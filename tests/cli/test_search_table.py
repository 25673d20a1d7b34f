from dataclasses import replace

from appliance.cli.search_table import table
from appliance.model.dialogs import DialogRow
from appliance.model.kinds import Kind
from appliance.model.quality import LogRow, QualityRow
from appliance.registrations.fold import fold
from appliance.registrations.merge import merge
from tests.registrations.made import HOUR, seen, told
from tests.storage.measured import stream
from tests.storage.search.stored import a_call


def test_no_rows_are_no_lines() -> None:
    assert table([]) == []


def test_columns_stand_under_their_names_and_long_cells_are_cut() -> None:
    heads, first, second = table([a_call("x" * 99), a_call("two", from_user="a" * 99)])
    assert first.index("2026") == heads.index("started")
    assert first.index("10.0.0.1") == second.index("10.0.0.1") == heads.index("source")
    assert first.endswith("x" * 99)
    assert "a" * 39 + "…" in second


def test_what_steers_a_terminal_is_not_printed() -> None:
    (_, line) = table([a_call("a\x1b[2Jb\r\n\u202e\udcff")])
    assert line.endswith("a\ufffd[2Jb\ufffd\ufffd\ufffd\ufffd")


def test_a_report_has_its_figures_and_blanks_for_what_is_unknown() -> None:
    rows = [QualityRow("id", 0, "c1", "rtpengine", stream()), QualityRow("id", 0, "c2", "n", stream(mos=None))]
    heads, first, second = table(rows)
    assert first[heads.index("MOS") :].split()[:3] == ["3.85", "3.0", "12.1"]
    assert second[heads.index("MOS") :].startswith("     ")
    assert first.endswith("c1")


def test_a_log_line_stands_last_and_whole() -> None:
    (_, line) = table([LogRow(0, "c1", "10.0.0.1", "sbc", Kind.LOG, "x" * 99 + "\n\x1b[2J\n", "id")])
    assert line.endswith("x" * 99 + "\ufffd\ufffd[2J")


def test_a_registration_tells_its_state_and_until_when() -> None:
    (hour,) = fold(seen(told("0 A>R REGISTER", "9 R>A 200 for=60")), HOUR)
    heads, line = table([merge([hour], hour.ended)])
    assert line[heads.index("state") :].split()[:3] == ["registered", "200", "alice@example.com"]
    assert line[heads.index("expires") :].startswith("2026-11-23 10:12:12 ")
    assert line.endswith("r1@made")


def test_many_options_say_how_many_failed() -> None:
    row = DialogRow("c1", "OPTIONS", "", 0, 1, None, "", None, "a", "b", "10.0.0.1", "10.0.0.2", 9)
    heads, one, many = table([row, replace(row, dialogs=7, failed=2)])
    assert many[heads.index("many") :].split("  ")[0] == "5 ok, 2 failed"
    assert one[heads.index("many") :].strip() == "c1"
