"""The call flows of RFC 3665 and others (rtckit-php-sip), with the hops that their drawings show, as rows.

The files hold messages alone. A hop is two letters, who sends and who receives, as in the RFC's drawing; A is 10.0.0.1.
"""

from collections.abc import Sequence

from appliance.capture.classify import SIP
from appliance.capture.read import Captured
from appliance.model.rows import MessageRow
from tests.calls.made import START_US
from tests.calls.recorded import row
from tests.captures import CAPTURES

FLOWS = CAPTURES / "rtckit-php-sip/tests/fixtures/misc"
STEP_MS = 100
TIMER_A_MS = (0, 500, 1_500, 3_500, 7_500, 15_500, 31_500)
"""RFC 3261 17.1.1.2."""
HOPS = {
    "rfc3665/2.01": "BS SB BS SB",
    "rfc3665/2.02": "BS SB",
    "rfc3665/2.03": "BS SB",
    "rfc3665/2.04": "BS SB",
    "rfc3665/2.05": "BS SB BS SB",
    "rfc3665/3.01": "AB BA BA AB BA AB",
    "rfc3665/3.02": "AP PA AP AP PQ PA QB QP BQ QP PA BQ QP PA AP PQ QB BQ QP PA AP PQ QB",
    "rfc3665/3.03": "AP PA AP AP PA PQ QP PQ PA AP AP PA PQ QP QB BQ QP PA AP PQ QB",
    "rfc3665/3.04": "AP AP AP AP AP AP AP AQ QA AQ AQ QB QA BQ QA BQ QA AQ QB BQ QA AQ QB",
    "rfc3665/3.05": "AG GQ GA QB QG BQ QG GA BQ QG GA AG GB AG GB BG GA",
    "rfc3327/5.5.1": "UP PQ QR RG GR RQ QP PU",
    "rfc5626/3.2": "BS",
    "rfc5626/9.1": "BE EB",
    "rfc5626/9.2": "BE EB BF FB",
}


def flow(name: str, times_ms: Sequence[int] = ()) -> list[MessageRow]:
    """The messages of the flow whose file name begins so; at these times, then STEP_MS apart."""
    (path,) = FLOWS.glob(f"{name}*.yaml")
    ways, payloads = HOPS[name].split(), _messages(path.read_text(encoding="utf-8"))
    assert len(ways) == len(payloads), f"{name}: {len(payloads)} messages, {len(ways)} hops"
    times = [*times_ms]
    while len(times) < len(ways):
        times.append((times[-1] if times else -STEP_MS) + STEP_MS)
    return [
        row(_packet(payload, way, time_ms), number, "tap")
        for number, (payload, way, time_ms) in enumerate(zip(payloads, ways, times, strict=True))
    ]


def _packet(payload: bytes, way: str, time_ms: int) -> Captured:
    source, destination = (f"10.0.0.{ord(letter) - 64}" for letter in way)
    return Captured(1, START_US + time_ms * 1000, source, 5060, destination, 5060, 17, SIP, payload)


def _messages(text: str) -> list[bytes]:
    messages: list[list[str]] = []
    for line in text.split("\n"):
        if line.startswith("- |"):
            messages.append([])
        elif messages and (line.startswith("  ") or not line):
            messages[-1].append(line[2:])
    return ["\r\n".join(lines).encode() + b"\r\n" for lines in messages]
