from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model.kinds import Kind
from appliance.rotation.keys import SECTIONS
from appliance.rotation.policy import DEFAULT_FILE, Policy, PolicyError, load, parse

ROOT = Path(__file__).parents[2]

OLD_FILE = """
[MYSQL]
    user = homer_user
    password = secret          # anything
    host = localhost
    port = 3306
    usesocket = 0
    socket = /var/run/mysqld/mysqld.sock
    db_data = homer_data
    db_stats = homer_statistic
    newtables = 3              # days
    engine = InnoDB
    compress=ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8

[DATA_TABLE_ROTATION]
    sip_capture_call = 30      # thirty
    sip_capture_registration=5
    sip_capture_rest = 4
    rtcp_capture_all = 6
    logs_capture = 7
    report_capture = 8
    webrtc_capture_all = 9
    isup_capture_all = 11

[DATA_TABLE_TYPE_TIMESTAMP]
    sip_capture_call = sip
    isup_capture_all = isup
    rtcp_capture_all = rtcp
    webrtc_capture_all = webrtc

[DATA_TABLE_STEP]
    sip_capture_call = 0
    logs_capture = 0

[DROP_OLD_PARTITIONS]
    sip_capture_call = 0

[STATS_TABLE_ROTATION]
    stats_ip = 20
    alarm_data = 10

[STATS_TABLE_STEP]
    stats_ip = 0

[SYSTEM]
    debug = 0
    exec = 1

[MSG_TABLE_SIZE]
    sip_capture_call = 3000
    rtcp_capture_all = 1500
"""


def test_a_file_of_homer_5_works_unchanged() -> None:
    policy = parse(OLD_FILE)
    assert policy.days == {
        Kind.CALL: 30, Kind.REGISTRATION: 5, Kind.REST: 4, Kind.RTCP: 6, Kind.LOG: 7, Kind.REPORT: 8,
        Kind.WEBRTC: 9, Kind.ISUP: 11, Kind.OTHER: 10,
    }  # fmt: skip
    assert policy.ahead == 3
    assert policy.drops
    assert policy.longest_days == 30
    assert policy.statistics_days == {"stats_ip": 20, "alarm_data": 10}


def test_what_an_old_file_says_in_vain_is_noted() -> None:
    notes = parse(OLD_FILE).notes
    assert len(notes) == 2
    assert "[MYSQL] has only newtables to say here" in notes[0]
    assert "secret" not in " ".join(notes)
    assert "messages are kept whole" in notes[1]


def test_homers_column_widths_cut_nothing_and_an_operators_limit_does() -> None:
    stock = "\n".join(f"sip_capture_call = {size}" for size in (1400, 1500, 2000, 3000))
    assert parse(f"[MSG_TABLE_SIZE]\n{stock}").limits == {}
    assert parse("[MSG_TABLE_SIZE]\nsip_capture_rest = 8192").limits == {Kind.REST: 8192}
    assert parse("[MSG_TABLE_SIZE]\nsip_capture_rest = 8192\nsip_capture_rest = 0").limits == {}


def test_the_shipped_file_says_what_holds_without_one() -> None:
    shipped, without = load(ROOT / "rotation.ini"), Policy()
    assert (shipped.days, shipped.ahead, shipped.limits, shipped.drops) == (
        without.days, without.ahead, without.limits, without.drops,
    )  # fmt: skip
    assert shipped.notes == ()


def test_the_shipped_file_has_a_comment_above_each_key_and_homers_sections() -> None:
    lines = [line.strip() for line in (ROOT / "rotation.ini").read_text().splitlines()]
    assert {line[1:-1] for line in lines if line.startswith("[")} == set(SECTIONS) - {"PGSQL"}
    keys = [(above, line) for above, line in pairwise(lines) if "=" in line and not line.startswith("#")]
    assert len(keys) > 20
    assert [line for above, line in keys if not above.startswith("#")] == []


def test_our_name_of_a_table_counts_before_homers() -> None:
    both = "[DATA_TABLE_ROTATION]\nlogs_capture_all = 3\nlogs_capture = 99"
    assert parse(both).days[Kind.LOG] == 3


def test_exec_0_drops_nothing_and_says_so() -> None:
    policy = parse("[SYSTEM]\nexec = 0")
    assert not policy.drops
    assert policy.notes == ("[SYSTEM] exec = 0: nothing is dropped, the plan is only shown",)


@pytest.mark.parametrize(
    "text", ["[DATA_TABLE_STEP]\nsip_capture_call = 2", "[DROP_OLD_PARTITIONS]\nlogs_capture = 60"]
)
def test_partitions_are_noted_as_without_effect(text: str) -> None:
    (note,) = parse(text).notes
    assert "does nothing: a day's table has no partitions" in note


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[DATA_TABLE_ROTATION]\nsip_capture_cal = 3",
         "r line 2, [DATA_TABLE_ROTATION] sip_capture_cal = 3: there is no such key; did you mean sip_capture_call?"),
        ("[DATA_TABLE_ROTATION]\nsip_capture_call = ten",
         "r line 2, [DATA_TABLE_ROTATION] sip_capture_call = ten: write days to keep, a whole number from 0 to 3650"),
        ("[DATA_TABLE_ROTATION]\nsip_capture_call = -1", "a whole number from 0 to 3650"),
        ("[DATA_TABLE_ROTATION]\nsip_capture_call = 4000", "a whole number from 0 to 3650"),
        ("[DATA_TABLE_ROTATION]\nsip_capture_call =", "sip_capture_call = : write days to keep"),
        ("[DATA_TABLE_ROTATION]\nsip_capture_call = ٣", "a whole number from 0 to 3650"),
        ("[DATA_ROTATION]\nx = 1",
         "r line 1: there is no section [DATA_ROTATION]; did you mean DATA_TABLE_ROTATION? allowed are MYSQL, "),
        ("[MYSQL]\nnewtables = 60", "[MYSQL] newtables = 60: write days for which tables are made ahead"),
        ("[MYSQL]\nnewtable = 2", "did you mean newtables?"),
        ("[SYSTEM]\nexec = yes", "[SYSTEM] exec = yes: write 0 for off or 1 for on"),
        ("[DATA_TABLE_STEP]\nsip_capture_call = 4", "write 0 (day), 1 (hour), 2 (30 minutes) or 3 (15 minutes)"),
        ("[DATA_TABLE_TYPE_TIMESTAMP]\nsip_capture_call = xml", "allowed are sip, isup, webrtc, rtcp"),
        ("sip_capture_call = 3", "r line 1: sip_capture_call stands before any [SECTION]"),
        ("[SYSTEM]\nexec", "r line 2: 'exec' is neither [SECTION] nor KEY = VALUE"),
    ],
)  # fmt: skip
def test_a_mistake_names_the_line_the_section_the_key_and_what_is_allowed(text: str, sentence: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse(text, "r")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"nowhere\.ini: cannot be read: No such file"):
        load(tmp_path / "nowhere.ini")
    (tmp_path / "latin.ini").write_bytes(b"[SYSTEM] # \xe9\n")
    with pytest.raises(PolicyError, match="it is not UTF-8"):
        load(tmp_path / "latin.ini")


def test_without_a_file_at_the_default_place_the_defaults_hold() -> None:
    if DEFAULT_FILE.exists():
        assert load(DEFAULT_FILE).days
    else:
        assert "every kind is kept 10 days" in load(DEFAULT_FILE).notes[0]


def test_a_file_from_a_windows_editor_is_read(tmp_path: Path) -> None:
    (tmp_path / "r.ini").write_bytes(b"\xef\xbb\xbf[DATA_TABLE_ROTATION]\r\nsip_capture_call = 3\r\n")
    assert load(tmp_path / "r.ini").days[Kind.CALL] == 3


_WORDS = st.sampled_from(
    [*SECTIONS, *(key for keys in SECTIONS.values() for key in keys), "0", "1", "=", "[", "]", "#"]
)


@given(st.lists(_WORDS | st.text(max_size=8) | st.just("\n"), max_size=40).map(" ".join))
def test_any_text_is_a_policy_or_one_sentence(text: str) -> None:
    try:
        assert parse(text).longest_days >= 0
    except PolicyError as error:
        assert str(error)
