"""hepbox replay: a capture's packets, sent as HEP 3 as an agent would."""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from appliance.capture.files import CaptureError
from appliance.capture.packets import packets
from appliance.capture.read import captured
from appliance.capture.tally import Tally
from appliance.cli.app import Config, DataDir, app
from appliance.cli.instance import WRONG_USAGE, fail, read_settings
from appliance.cli.sender import Sender, SendError, Trust, send_paced, target
from appliance.hep.decode import decode
from appliance.model.packet import Packet

TrustedCa = Annotated[
    Path | None, typer.Option(help="for tls: certificates of authorities to believe", show_default="this machine's")
]
ShownCertificate = Annotated[Path | None, typer.Option(help="for tls: certificate to show", show_default=False)]
ShownKey = Annotated[Path | None, typer.Option(help="for tls: its private key", show_default=False)]
Insecure = Annotated[bool, typer.Option("--insecure", help="for tls: believe any certificate")]

NODE = b"replay"


@app.command()
def replay(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="captures (pcap, pcapng; gzip too)")],
    to: Annotated[str | None, typer.Option(help="udp://, tcp:// or tls://HOST:PORT", show_default="this one")] = None,
    now: Annotated[bool, typer.Option("--now", help="move the times to the present")] = False,
    speed: Annotated[str, typer.Option(help="times as fast, or max")] = "1",
    loop: Annotated[int, typer.Option(help="send all files so many times", min=1)] = 1,
    ca: TrustedCa = None,
    cert: ShownCertificate = None,
    key: ShownKey = None,
    insecure: Insecure = False,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Send the SIP, RTCP or HEP packets of captures as HEP3; with --now each file begins at the present."""
    settings = read_settings(config, data_dir)
    tally = Tally()
    rate = _speed(speed)
    auth_key = settings.hep.auth_key.encode() or None
    try:
        with Sender(target(to, settings), auth_key, Trust(ca, cert, key, insecure)) as sender:
            for file in files * loop:
                found = packets_of(file, NODE, tally)
                send_paced(moved_to(time.time_ns() // 1000, found) if now else found, sender, rate)
                say_damage(file, tally)
    except SendError as error:
        fail(str(error))
    except CaptureError as error:
        fail(str(error), WRONG_USAGE)
    report(tally, sender.too_large)
    print(f"sent {sender.sent}")


def packets_of(file: Path, node: bytes, tally: Tally) -> Iterator[Packet]:
    """The packets of a file as told by the agent `node`. Raises CaptureError."""
    return packets(captured(file, tally), decode, node, tally)


def moved_to(now_us: int, found: Iterator[Packet]) -> Iterator[Packet]:
    """The packets with the first one at `now_us` and their distances kept."""
    shift: int | None = None
    for packet in found:
        if packet.time_us is not None:
            shift = now_us - packet.time_us if shift is None else shift
            packet = replace(packet, time_us=packet.time_us + shift)
        yield packet


def say_damage(file: Path, tally: Tally) -> None:
    """Tell on stderr that a file ends in the middle or could not be read on."""
    if tally.damage:
        print(f"hepbox: {file}: {tally.damage}", file=sys.stderr)
        tally.damage = ""


def report(tally: Tally, too_large: int = 0) -> None:
    """Say on stderr what was left out and would have been ours."""
    if too_large:
        print(f"hepbox: {too_large} messages are larger than HEP can carry and were left out", file=sys.stderr)
    if tally.skipped and sys.stderr.isatty():
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in tally.skipped.most_common())
        print(f"of {tally.frames:,} frames left out: {reasons}", file=sys.stderr)


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < 1e9:
        fail(f"--speed {text}: write a number above 0, or max", WRONG_USAGE)
    return speed
