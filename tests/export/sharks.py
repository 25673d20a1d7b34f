"""What tshark reads in a capture file, every checksum looked at."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

CHECKS = ("ip.check_checksum:TRUE", "udp.check_checksum:TRUE", "tcp.check_checksum:TRUE", "sctp.checksum:crc32c")
STATUSES = ("ip.checksum.status", "udp.checksum.status", "tcp.checksum.status", "sctp.checksum.status")
DOUBTS = ("_ws.malformed", "tcp.analysis.lost_segment", "tcp.analysis.out_of_order", "tcp.analysis.ack_lost_segment")
FIELDS = (
    "frame.time_epoch",
    "sip.Call-ID",
    "sip.Method",
    "sip.Status-Code",
    "_ws.col.Protocol",
    "ip.proto",
    "ipv6.nxt",
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as tshark reads it."""

    time: str
    callid: str
    what: str
    """Method or code of its SIP message, empty when it has none."""
    protocol: str
    transport: str
    fault: str
    """A bad checksum, malformed, a gap in the connection; empty when all is well."""


def frames(file: Path, *options: str) -> list[Frame]:
    """Every frame of a capture file; `options` are of tshark."""
    names = (*FIELDS, *STATUSES, *DOUBTS)
    command = ["tshark", "-n", "-r", str(file), *options, "-T", "fields", "-E", "separator=\t", "-E", "occurrence=l"]
    command += [word for check in CHECKS for word in ("-o", check)] + [word for name in names for word in ("-e", name)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [_frame(dict(zip(names, line.split("\t"), strict=True))) for line in lines]


def _frame(values: dict[str, str]) -> Frame:
    bad = [name for name in STATUSES if values[name] in ("0", "Bad")] + [name for name in DOUBTS if values[name]]
    what = values["sip.Method"] or values["sip.Status-Code"]
    transport = values["ip.proto"] or values["ipv6.nxt"]
    return Frame(
        values["frame.time_epoch"], values["sip.Call-ID"], what, values["_ws.col.Protocol"], transport, " ".join(bad)
    )
