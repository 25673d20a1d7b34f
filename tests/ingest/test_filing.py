import pytest

from appliance.ingest.filing import DAY_US, FUTURE_US, Filed, filed

NOW_US = 1_795_000_000_000_000
KEPT_DAYS = 10


@pytest.mark.parametrize("offset_us", [0, -1, 1, FUTURE_US, -KEPT_DAYS * DAY_US])
def test_a_believable_time_is_kept(offset_us: int) -> None:
    assert filed(NOW_US + offset_us, NOW_US, KEPT_DAYS) == Filed(NOW_US + offset_us, None, False)


@pytest.mark.parametrize("offset_us", [FUTURE_US + 1, -KEPT_DAYS * DAY_US - 1, -NOW_US, 10**15])
def test_an_absurd_time_is_filed_under_the_time_of_receipt_and_marked(offset_us: int) -> None:
    assert filed(NOW_US + offset_us, NOW_US, KEPT_DAYS) == Filed(NOW_US, NOW_US + offset_us, True)


def test_a_packet_without_a_time_is_filed_under_the_time_of_receipt() -> None:
    assert filed(None, NOW_US, KEPT_DAYS) == Filed(NOW_US, None, False)


def test_ntp_seconds_sent_as_unix_seconds_are_understood_and_marked() -> None:
    ntp_us = NOW_US + 2_208_988_800_000_000
    assert filed(ntp_us, NOW_US, KEPT_DAYS) == Filed(NOW_US, ntp_us, True)


def test_no_time_is_too_large_for_its_column() -> None:
    assert filed(2**64, NOW_US, KEPT_DAYS).own_us == 2**63 - 1
