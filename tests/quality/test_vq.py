from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model.quality import ReportKind, Told
from appliance.quality import vq
from appliance.quality.addresses import host_port
from tests.captures import CAPTURES
from tests.quality.samples import HERE, THERE, samples

VQ = [one for one in samples().values() if one["kind"] == "vq-rtcpxr"]


def shown(sample: dict[str, Any]) -> dict[str, Any]:
    """What a report tells, by the names of the samples' expected values."""
    told = vq.report(sample["payload"].encode())
    if told is None:
        return {"error": True}
    found: dict[str, Any] = {name: float(value) for name, value in told.local.items() if name in sample["expected"]}
    found |= {
        "call_id": told.callid,
        "report_type": told.kind,
        "absent": [n for n in ("FOOBAR",) if n not in told.local],
    }
    found |= {"interval_report": told.kind == "VQIntervalReport", "session_report": told.kind == "VQSessionReport"}
    for side in ("local", "remote"):
        found[side] = list(host_port(told.lines.get(f"{side}addr", "")))
    return found


@pytest.mark.parametrize("sample", VQ, ids=lambda one: one["id"])
def test_every_sample_gives_its_expected_values(sample: dict[str, Any]) -> None:
    found = shown(sample)
    assert {name: found[name] for name in sample["expected"]} == sample["expected"]


def test_local_metrics_are_of_the_stream_that_comes_and_remote_ones_of_that_which_goes() -> None:
    body = (
        b"VQSessionReport\r\nCallID:c@d\r\nLocalAddr:IP=198.51.100.1 PORT=4000 SSRC=0x1\r\n"
        b"RemoteAddr:IP=198.51.100.2 PORT=5000 SSRC=0x2\r\nLocalMetrics:\r\nSessionDesc:PT=18\r\nPacketLoss:NLR=1.5\r\n"
        b"Delay:RTD=80 IAJ=4\r\nRemoteMetrics:\r\nPacketLoss:NLR=0\r\nQualityEst:MOSLQ=4.2 MOSCQ=127\r\n"
    )
    came, went = vq.measured(body, (HERE, THERE))
    assert (came.kind, came.told, came.callid) == (ReportKind.VQ_RTCPXR, Told.RECEIVED, "c@d")
    assert (came.source_ip, came.source_port, came.ssrc, came.codec) == ("198.51.100.2", 5000, 2, "G729")
    assert (came.loss_percent, came.round_trip_ms, came.jitter_ms) == (1.5, 80.0, 4.0)
    assert came.mos_model == "E-model: G729, loss 1.50 %, delay 48 ms, burst ratio 1"
    assert (went.source_ip, went.ssrc, went.mos, went.mos_model) == ("198.51.100.1", 1, 4.2, "reported")


def test_a_real_phones_report_is_of_the_call_that_it_names() -> None:
    published = (CAPTURES / "rknightion-rfc6035-2otel/testdata/real/standard-2026-08-12.txt").read_bytes()
    (one,) = vq.measured(published.replace(b"\r\n", b"\n").partition(b"\n\n")[2], (HERE, THERE))
    assert (one.callid, one.codec) == ("151a6cd90d16552a7ef51db8b1139733", "PCMA")
    assert (one.source_ip, one.source_port, one.ssrc) == ("81.187.30.116", 32032, 383880463)
    assert (one.destination_ip, one.destination_port) == ("10.0.0.139", 2224)
    assert (one.loss_percent, one.round_trip_ms, one.mos) == (0.0, None, 4.1)


def test_an_address_that_there_cannot_be_is_unknown() -> None:
    (one,) = vq.measured(samples()["vq-1-snom"]["payload"].encode(), (HERE, THERE))
    assert (one.destination_ip, one.destination_port) == ("", 57460)
    assert one.source_ip == "10.0.3.123"


def test_a_value_may_hold_blanks() -> None:
    assert vq.parameters("PT=8 PD=G.711 A-Law PPS=50") == [("PT", "8"), ("PD", "G.711 A-Law"), ("PPS", "50")]


@given(st.text(alphabet="VQSessionReport:=\r\n LocalMetrics0129.", max_size=300) | st.text())
def test_any_text_is_read(text: str) -> None:
    vq.measured(b"VQAlertReport\n" + text.encode("utf-8", "surrogatepass"), (HERE, THERE))
