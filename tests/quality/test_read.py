import json
from collections import Counter
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.hep.decode import decode
from appliance.hep.stream import FrameCutter
from appliance.model.quality import Measured, ReportKind, Told
from appliance.quality.read import fields, measured
from tests.captures import hep_stream
from tests.quality.samples import HERE, THERE, fixtures, octets, samples
from tests.quality.test_raw import JSON

PATHS = {
    "ia_jitter": "report_blocks[0].ia_jitter",
    "fraction_lost": "report_blocks[0].fraction_lost",
    "packets_lost": "report_blocks[0].packets_lost",
    "packets_lost_cumulative": "report_blocks[0].packets_lost",
    "lsr_signed": "report_blocks[0].lsr",
    "xr.end_system_delay": "report_blocks_xr.end_system_delay",
    "sender.packets": "sender_information.packets",
    "sender.octets": "sender_information.octets",
}
NAMED = [name for name, one in samples().items() if one["kind"] in ("rtcp-json", "janus", "janus-event")]


@pytest.mark.parametrize("name", NAMED)
def test_every_json_sample_shows_its_expected_values(name: str) -> None:
    sample = samples()[name]
    ((kind, payload),) = octets(sample)
    shown = dict(fields(kind, payload))
    for key, value in sample["expected"].items():
        if key == "report_blocks":
            assert any(path.startswith(f"report_blocks[{value - 1}]") for path in shown)
            continue
        path = PATHS.get(key, key)
        assert shown[path if path in shown else f"event.{path}"] == str(value), key
    assert measured(kind, payload, HERE, THERE)


def series(name: str) -> list[Measured]:
    found = [one for kind, payload in octets(samples()[name]) for one in measured(kind, payload, HERE, THERE)]
    return [one for one in found if one.told is Told.RECEIVED]


def test_insane_jitter_of_a_real_leg_is_unknown_and_its_loss_zero() -> None:
    found = series("rtcp-json-real-out-leg")
    assert len(found) == 3
    assert [(one.jitter_ms, one.lost, one.loss_percent) for one in found] == [(None, 0, 0.0)] * 3


def test_cumulative_loss_of_a_real_leg() -> None:
    found = series("rtcp-json-real-in-leg-a")
    assert [one.lost for one in found] == [1, 1, 1]
    assert [one.jitter_ms for one in found] == [None, 0.75, None]


@pytest.mark.parametrize("name", samples())
def test_every_sample_with_figures_gives_streams(name: str) -> None:
    silent = {"vq-exporter-empty", "vq-exporter-invalid", "xrtp-add-1"}
    for kind, payload in octets(samples()[name]):
        assert bool(measured(kind, payload, HERE, THERE)) == (name not in silent)


@pytest.mark.parametrize("name", fixtures())
def test_every_binary_fixture_has_fields_unless_it_is_no_rtcp(name: str) -> None:
    payload = bytes.fromhex(fixtures()[name]["hex"])
    assert bool(fields(5, payload)) == (name != "pion-header-bad-version")


def of_stream(name: str) -> list[Measured]:
    frames = FrameCutter()
    found = []
    for frame in frames.feed(hep_stream(name)):
        packet = decode(frame)
        ends = (packet.source_ip, packet.source_port), (packet.destination_ip, packet.destination_port)
        if packet.protocol_type != 100:
            found += measured(packet.protocol_type, packet.payload, *ends, at_us=packet.time_us)
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("b2bcall.hep", {}),
        ("b2bcall_rtcp.hep", {ReportKind.RTCP, ReportKind.RTP_STAT}),
        ("b2bcall_rtcp_huge.hep", {ReportKind.RTCP, ReportKind.RTP_STAT}),
        ("b2bcall_rtp.hep", {ReportKind.RTP_AGENT}),
        ("reports_rtp.hep", {ReportKind.RTP_AGENT}),
        ("default.hep", {ReportKind.RTCP, ReportKind.VQ_RTCPXR}),
        ("xrtp_stats.hep", {ReportKind.RTP_STAT}),
        ("isup_json.hep", {}),
    ],
)
def test_every_recorded_stream_gives_its_kinds_of_reports(name: str, expected: set[ReportKind]) -> None:
    assert set(Counter(one.kind for one in of_stream(name))) == set(expected)


def test_the_hepgen_publish_tells_loss_of_its_call() -> None:
    (one,) = [one for one in of_stream("default.hep") if one.kind is ReportKind.VQ_RTCPXR]
    assert (one.callid, one.codec, one.loss_percent, one.jitter_ms) == ("4yej6e@127.0.0.1", "OPUS", 8.0, 93.0)
    assert (one.source_ip, one.source_port, one.destination_ip) == ("192.168.1.23", 7079, "192.168.1.55")
    assert "OPUS taken as G.711" in one.mos_model


def test_a_whole_publish_as_a_report_is_read_too() -> None:
    body = b"PUBLISH sip:a SIP/2.0\r\nEvent: vq-rtcpxr\r\n\r\nVQSessionReport\r\nCallID: x\r\nPacketLoss:NLR=1\r\n"
    (one,) = measured(35, body, HERE, THERE)
    assert one.callid == "x"
    assert ("CallID", "x") in fields(35, body)


def in_range(one: Measured) -> bool:
    return (
        all(0 <= port <= 65535 for port in (one.source_port, one.destination_port))
        and (one.loss_percent is None or 0 <= one.loss_percent <= 100)
        and (one.mos is None or (1 <= one.mos <= 5 and one.mos_model != ""))
        and len(one.mos_model.encode()) <= 160
        and len(one.codec) <= 32
    )


@given(
    st.sampled_from([1, 5, 32, 34, 35, 38, 58, 99]),
    st.binary(max_size=500) | JSON.map(lambda v: json.dumps(v).encode()),
)
def test_any_octets_give_figures_in_range(kind: int, payload: bytes) -> None:
    assert all(in_range(one) for one in measured(kind, payload, HERE, THERE, at_us=1))
    fields(kind, payload)


@given(st.sampled_from(NAMED), st.data())
def test_any_value_in_any_place_of_a_real_report_gives_figures_in_range(name: str, data: Any) -> None:
    value = json.loads(octets(samples()[name])[0][1])
    place = value
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            break
        place = place[key]
    assert all(in_range(one) for one in measured(5, json.dumps(value).encode(), HERE, THERE))


@pytest.mark.parametrize(
    "payload",
    [
        b"[" * 65_000,
        b'{"report_blocks":[' + b'{"ia_jitter":1},' * 4_000 + b"{}]}",
        b"VQSessionReport\n" + b"A=" * 32_000,
        b"VQSessionReport\n" + b"a" * 65_000,
        b"VQSessionReport\n" + b"LocalAddr:" + b"IP=" * 20_000,
        b"BYE a SIP/2.0\r\nX-RTP-Stat: " + b"A=;" * 20_000,
        b"BYE a SIP/2.0\r\nX-RTP-Stat: " + b"\r\n " * 20_000,
        b"\x80\xcd\0\0" * 16_000,
        b"\xbf\xca\x3f\xff" + b"\x01\0" * 30_000,
    ],
    ids=range(9),
)
def test_hostile_payloads_take_little_time(payload: bytes) -> None:
    begun = process_time()
    for kind in (1, 5, 35):
        measured(kind, payload, HERE, THERE)
        fields(kind, payload)
    assert process_time() - begun < 1
