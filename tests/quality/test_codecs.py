import pytest

from appliance.quality.codecs import clock_rate_hz, codec, is_heard_otherwise


@pytest.mark.parametrize(
    ("name", "payload_type", "expected"),
    [
        ("PCMA", 8, "PCMA"),
        ("G.711 A-Law", "8", "PCMA"),
        ("G.729A", None, "G729A"),
        ("opus/48000/2", 111, "OPUS"),
        (None, "18", "G729"),
        ("", 9, "G722"),
        (None, 96, ""),
        (5, None, ""),
        ("newest", None, "NEWEST"),
    ],
)
def test_codecs_have_sdps_names(name: object, payload_type: object, expected: str) -> None:
    assert codec(name, payload_type) == expected


def test_clocks_are_those_of_rtp() -> None:
    assert [clock_rate_hz(name) for name in ("OPUS", "G722", "PCMA", "")] == [48000, 8000, 8000, 8000]


@pytest.mark.parametrize(
    ("name", "otherwise"),
    [("G729", True), ("AMR", True), ("OPUS", True), ("PCMA", False), ("PCMU", False), ("G722", False), ("", False)],
)
def test_some_codecs_are_heard_otherwise_than_what_is_assumed(name: str, otherwise: bool) -> None:
    assert is_heard_otherwise(name) is otherwise
