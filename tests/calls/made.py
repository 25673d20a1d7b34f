"""Calls written down as lines, for tests: `flow("0 A>P INVITE", "5 P>A 100 INVITE", "90 P>A 486 INVITE reason=…")`.

A line: milliseconds, hop (a letter is a host: A is 10.0.0.1), method or code with its CSeq method, options.
cseq 1, From tag `caller`, To tag `callee` (none in the first INVITE and in 100; `again=1` makes a re-INVITE);
`by=callee` swaps the tags of a request; a branch per hop and transaction, CANCEL and the ACK of a failure having
their INVITE's. Options: any text field of MessageRow, `port=`, `id=`, `arrives=` in ms. Equal lines are equal octets.
"""

from collections.abc import Iterable
from dataclasses import replace

from appliance.model.ids import payload_hash
from appliance.model.kinds import sip_kind
from appliance.model.rows import MessageRow

START_US = 1_795_428_672_000_000
"""2026-11-23 10:11:12 UTC"""


def flow(*lines: str, callid: str = "c1@made", node: str = "tap") -> list[MessageRow]:
    """The messages of one Call-ID."""
    rows: list[MessageRow] = []
    for number, line in enumerate(lines):
        rows.append(_row(line.split(), number, callid, node, rows))
    return rows


def seen_by(rows: Iterable[MessageRow], node: str, offset_us: int = 0) -> list[MessageRow]:
    """The same packets as another agent tells of them, its clock off by `offset_us`."""
    return [
        replace(row, id=f"{row.id}{node}", node=node, ts=row.ts + offset_us, filed_ts=row.filed_ts + offset_us)
        for row in rows
    ]


def at(ms: float) -> int:
    """Microseconds of a line's time."""
    return START_US + round(ms * 1000)


def brief(rows: Iterable[MessageRow]) -> list[str]:
    """`A>P INVITE`, `P>A 200 INVITE`: what the lines said, without times."""
    return [f"{_letter(row.source_ip)}>{_letter(row.destination_ip)} {_what(row)}" for row in rows]


def _what(row: MessageRow) -> str:
    return row.method if row.is_request else f"{row.method} {row.cseq_method}"


def _letter(ip: str) -> str:
    return chr(64 + int(ip.rsplit(".", 1)[1]))


def _row(words: list[str], number: int, callid: str, node: str, before: list[MessageRow]) -> MessageRow:
    time, hop, method, *rest = words
    cseq_method = rest.pop(0) if method.isdigit() else method
    options = dict(word.split("=", 1) for word in rest)
    source, destination = (f"10.0.0.{ord(letter) - 64}" for letter in hop.split(">"))
    cseq = int(options.pop("cseq", 1))
    request = not method.isdigit()
    tags = ("callee", "caller") if options.pop("by", "") == "callee" else ("caller", "callee")
    to_tag = "" if method == "100" or (method == "INVITE" and not options.pop("again", "")) else tags[1]
    if method == "CANCEL":
        to_tag = ""
    fields = {
        "from_tag": tags[0],
        "to_tag": to_tag,
        "via_branch": _branch(source, destination, cseq, method, cseq_method),
    }
    if method == "ACK" and _failed(before, source, destination, cseq):
        fields["via_branch"] = _branch(source, destination, cseq, "INVITE", "INVITE")
    fields |= {
        name: value.replace("_", " ") for name, value in options.items() if name not in ("arrives", "id", "port")
    }
    octets = "|".join(
        [
            method,
            cseq_method,
            str(cseq),
            *(f"{name}={value}" for name, value in sorted(fields.items()) if name != "node"),
        ]
    )
    port = int(options.get("port", 5060))
    numbers = {name: int(fields.pop(name)) for name in ("source_port", "destination_port") if name in fields}
    return replace(
        MessageRow(
            id=options.get("id", f"test-call-20261123-{number:06d}"),
            kind=sip_kind((method if request else cseq_method).encode()),
            ts=at(float(time)),
            filed_ts=at(float(time)),
            arrival_ts=at(float(options.get("arrives", time))),
            callid=callid,
            source_ip=source,
            source_port=port,
            destination_ip=destination,
            destination_port=port,
            proto="udp",
            node=node,
            correlation_id="",
            payload_hash=payload_hash(octets.encode()),
            size=len(octets),
            protocol_type=1,
            method=method,
            reply_reason="" if request else "Reason",
            cseq=cseq,
            cseq_method=cseq_method,
            ruri_user="200" if request else "",
            from_user="100",
            to_user="200",
            user_agent=f"ua-{source}" if request else "",
            raw=octets.encode(),
        ),
        **fields,  # type: ignore[arg-type]
        **numbers,  # type: ignore[arg-type]
    )


def _branch(source: str, destination: str, cseq: int, method: str, cseq_method: str) -> str:
    """Of the client's transaction: a response has its request's."""
    ends = f"{source}-{destination}" if not method.isdigit() else f"{destination}-{source}"
    of = "INVITE" if cseq_method == "CANCEL" else cseq_method
    return f"z9hG4bK-{ends}-{cseq}-{of}"


def _failed(before: list[MessageRow], source: str, destination: str, cseq: int) -> bool:
    return any(
        row.method[:1] in "3456" and row.cseq_method == "INVITE" and row.cseq == cseq
        and (row.source_ip, row.destination_ip) == (destination, source)
        for row in before
    )  # fmt: skip
