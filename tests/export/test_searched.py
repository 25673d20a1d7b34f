from appliance.export.searched import lines, sentence
from appliance.model.rows import Looked

NOON = 1_795_435_200_000_000
HOUR = 3_600_000_000
BY_INDEX = Looked("calls_20261123", ("from_user", "pid_user"), 14, exact=True)
READ = Looked("sip_capture_call_20261123", (), 3_400_000, False, "no index for ua", NOON - 2 * HOUR, NOON + HOUR)
REST = Looked("sip_capture_rest_20261123", (), 12_000, False, "no index for ua", NOON - 2 * HOUR, NOON + HOUR)
CALLS = Looked("calls_20261123", (), 20_000, True, "many have it", NOON, NOON + 90 * 60_000_000)


def test_what_was_read_through_is_one_sentence_with_the_reason() -> None:
    assert sentence([READ, REST]) == "read through about 3,412,000 messages of 3 h: no index for ua"
    assert sentence([BY_INDEX, CALLS]) == "read through 20,000 calls of 1 h 30 min: many have it"


def test_little_is_not_worth_a_sentence() -> None:
    assert sentence([]) == sentence([BY_INDEX]) == ""
    assert sentence([Looked("calls_20261123", (), 9_999, True, "no index for ua", NOON, NOON + HOUR)]) == ""


def test_each_table_is_a_line_for_whoever_asks() -> None:
    assert lines([BY_INDEX, READ]) == [
        "calls_20261123: 14 rows by from_user, pid_user",
        (
            "sip_capture_call_20261123: about 3,400,000 rows read through, 2026-11-23 10:00:00 to"
            " 2026-11-23 13:00:00 UTC (no index for ua)"
        ),
    ]
