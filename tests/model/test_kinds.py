from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model.kinds import (
    DAY_US,
    FAMILY,
    SIP_KINDS,
    DailyTable,
    Kind,
    calls_table,
    day_of,
    day_start_us,
    days_between,
    protocol_kind,
    sip_kind,
)

MONDAY = date(2026, 11, 23)
TIMES = st.integers(0, day_start_us(date(2200, 1, 1)))


@pytest.mark.parametrize("method", ["INVITE", "UPDATE", "BYE", "ACK", "PRACK", "REFER", "CANCEL", "INFO"])
def test_methods_of_a_call_go_to_the_table_of_calls(method: str) -> None:
    assert sip_kind(method.encode()) is Kind.CALL


@pytest.mark.parametrize(
    "method", ["OPTIONS", "SUBSCRIBE", "NOTIFY", "PUBLISH", "MESSAGE", "FOO", "", "invite", "\xff"]
)
def test_everything_else_goes_to_the_rest(method: str) -> None:
    assert sip_kind(method.encode()) is Kind.REST


def test_registrations_have_a_table_of_their_own() -> None:
    assert sip_kind(b"REGISTER") is Kind.REGISTRATION


@pytest.mark.parametrize("event", [b"refer", b"Refer", b"refer;id=93809824"])
def test_a_notify_of_a_transfer_belongs_to_the_call(event: bytes) -> None:
    assert sip_kind(b"NOTIFY", event) is Kind.CALL


def test_only_a_notify_is_sorted_by_its_event() -> None:
    assert sip_kind(b"NOTIFY", b"presence") is Kind.REST
    assert sip_kind(b"SUBSCRIBE", b"refer") is Kind.REST


@pytest.mark.parametrize(
    ("protocol_type", "kind"),
    [
        (5, Kind.RTCP),
        (34, Kind.REPORT),
        (35, Kind.REPORT),
        (38, Kind.REPORT),
        (99, Kind.REPORT),
        (100, Kind.LOG),
        (54, Kind.ISUP),
        (0, Kind.OTHER),
        (255, Kind.OTHER),
    ],
)
def test_a_packet_that_is_not_sip_goes_by_its_protocol_type(protocol_type: int, kind: Kind) -> None:
    assert protocol_kind(protocol_type) is kind


def test_every_kind_has_a_family_of_tables() -> None:
    assert set(FAMILY) == set(Kind)
    assert len(set(FAMILY.values())) == len(Kind)
    assert [kind for kind in Kind if kind.is_sip] == list(SIP_KINDS)


def test_tables_are_named_as_homer_named_them() -> None:
    table = DailyTable(MONDAY, Kind.REGISTRATION)
    assert table.name == "sip_capture_registration_20261123"
    assert table.texts == "sip_capture_registration_texts_20261123"
    assert calls_table(MONDAY) == "calls_20261123"


@given(TIMES)
def test_a_time_lies_in_its_day(time_us: int) -> None:
    assert 0 <= time_us - day_start_us(day_of(time_us)) < DAY_US


@given(st.dates(date(1970, 1, 1), date(2200, 1, 1)))
def test_a_day_begins_at_its_midnight_utc(day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert day_start_us(day) == (midnight - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert day_of(day_start_us(day)) == day
    assert day_of(day_start_us(day) - 1) == day - timedelta(days=1)


def test_days_come_newest_first() -> None:
    noon = day_start_us(MONDAY) + DAY_US // 2
    assert days_between(noon - 2 * DAY_US, noon) == [MONDAY - timedelta(days=n) for n in range(3)]


def test_the_end_of_a_span_is_not_in_it() -> None:
    midnight = day_start_us(MONDAY)
    assert days_between(midnight, midnight + 1) == [MONDAY]
    assert days_between(midnight - 1, midnight) == [MONDAY - timedelta(days=1)]
    assert days_between(midnight, midnight) == days_between(midnight, midnight - 1) == []


@given(TIMES, st.integers(1, 40 * DAY_US))
def test_a_span_touches_each_of_its_days_once(from_us: int, length_us: int) -> None:
    days = days_between(from_us, from_us + length_us)
    assert (days[-1], days[0]) == (day_of(from_us), day_of(from_us + length_us - 1))
    assert days == sorted(set(days), reverse=True)
    assert len(days) == (days[0] - days[-1]).days + 1


def test_a_kind_is_found_by_its_word_and_the_word_by_the_kind() -> None:
    for kind in Kind:
        assert {kind: 1}[kind.value] == {kind.value: 1}[kind] == 1
