"""Frames as OpenSIPS, FreeSWITCH, Asterisk, captagent and heplify write them, through a whole appliance.

None of them is among Debian's packages, so their chunks are written here in the order of their sources. A call, a
line of a log and a report of RTCP each: stored as they were, under one Call-ID, between the hosts and at the time told.
"""

import json
import time
from collections.abc import Iterator

import pytest

from appliance.model.kinds import Kind
from appliance.model.rows import MessageRow
from tests.agents import frames
from tests.agents.posting import shown, token
from tests.appliance import Appliance, eventually, running
from tests.captures import load_json
from tests.recorded.instance import Store

pytestmark = [pytest.mark.agents, pytest.mark.appliance]

(REPORT,) = [one["payload"] for one in load_json("qos_samples")["samples"] if one["id"] == "rtcp-json-homer-qos"]
MS = 1000


@pytest.fixture(scope="module")
def appliance() -> Iterator[Appliance]:
    with running() as instance:
        yield instance


def message(first: str, method: str, callid: str, transport: str = "UDP") -> bytes:
    lines = (
        first,
        f"Via: SIP/2.0/{transport} 192.0.2.10:5060;branch=z9hG4bK-{callid}-{method}",
        "From: <sip:alice@example.com>;tag=a",
        "To: <sip:bob@example.com>" + (";tag=b" if first.startswith("SIP/2.0 2") or method != "INVITE" else ""),
        f"Call-ID: {callid}",
        f"CSeq: {1 if method != 'BYE' else 2} {method}",
        "Content-Length: 0",
    )
    return "\r\n".join((*lines, "", "")).encode()


def dialog(callid: str, transport: str = "UDP") -> list[tuple[bytes, bool]]:
    """(message, whether it goes back to the caller) of an answered call."""
    invite = "INVITE sip:bob@example.com SIP/2.0"
    return [
        (message(invite, "INVITE", callid, transport), False),
        (message("SIP/2.0 180 Ringing", "INVITE", callid, transport), True),
        (message("SIP/2.0 200 OK", "INVITE", callid, transport), True),
        (message("ACK sip:bob@example.com SIP/2.0", "ACK", callid, transport), False),
        (message("BYE sip:bob@example.com SIP/2.0", "BYE", callid, transport), False),
        (message("SIP/2.0 200 OK", "BYE", callid, transport), True),
    ]


def sent(appliance: Appliance, write: frames.Writer, callid: str, transport: str = "UDP") -> list[MessageRow]:
    """Send a call as an agent writes it, and what is stored of its messages, in order."""
    begun_us = time.time_ns() // 1000 - 10_000 * MS
    datagrams = [
        write(payload, begun_us + n * 100 * MS, callid.encode(), back=back)
        for n, (payload, back) in enumerate(dialog(callid, transport))
    ]
    appliance.send(*datagrams)
    rows: list[MessageRow] = eventually(
        lambda: found if len(found := Store(appliance).messages(f"callid:{callid} kind:call")) == 6 else None
    )
    assert [row.raw for row in rows] == [payload for payload, _ in dialog(callid, transport)]
    assert [row.ts for row in rows] == [begun_us + n * 100 * MS for n in range(6)]
    ends = [frames.SOURCE, frames.DESTINATION]
    for row, (_, back) in zip(rows, dialog(callid, transport), strict=True):
        told = [(row.source_ip, row.source_port), (row.destination_ip, row.destination_port)]
        assert told == (ends[::-1] if back else ends)
    eventually(lambda: {one["state"] for one in appliance.search(f"callid:{callid}", since="-1h")} == {"completed"})
    return rows


def also(appliance: Appliance, datagram: bytes, kind: Kind, callid: str) -> MessageRow:
    """Send one packet that is no SIP, and its row."""
    appliance.send(datagram)
    rows = eventually(
        lambda: [row for row in Store(appliance).messages(f"kind:{kind}") if row.callid == callid], every=0.3
    )
    (row,) = rows
    found: MessageRow = row
    return found


def test_what_opensips_writes_is_stored_and_joined(appliance: Appliance) -> None:
    rows = sent(appliance, frames.opensips, "opensips-1", "TLS")
    assert {(row.node, row.proto) for row in rows} == {("2002", "tls")}
    now_us = time.time_ns() // 1000
    line = also(appliance, frames.opensips(b"auth failed", now_us, b"opensips-1", 86), Kind.LOG, "opensips-1")
    assert (line.raw, line.node, line.ts) == (b"auth failed", "2002", now_us)
    for type_ in (87, 88, 89):
        appliance.send(frames.opensips(b'{"event":1}', now_us, b"opensips-1", type_))
    others = eventually(lambda: found if len(found := Store(appliance).messages("kind:other")) == 3 else None)
    assert {row.callid for row in others} == {"opensips-1"}


def test_what_freeswitch_writes_is_stored_and_joined(appliance: Appliance) -> None:
    rows = sent(appliance, frames.freeswitch, "freeswitch-1")
    assert {(row.node, row.proto) for row in rows} == {("2003", "udp")}
    now_us = time.time_ns() // 1000 - 5_000 * MS
    appliance.send(frames.freeswitch2(message("OPTIONS sip:a SIP/2.0", "OPTIONS", "freeswitch-2"), now_us))
    (row,) = eventually(lambda: Store(appliance).messages("callid:freeswitch-2 kind:rest"))
    assert (row.ts, row.source_ip, row.node) == (now_us, frames.SOURCE[0], "2003"), "HEP 2"


def test_what_asterisk_writes_is_stored_and_joined(appliance: Appliance) -> None:
    rows = sent(appliance, frames.asterisk, "asterisk-1")
    assert {row.node for row in rows} == {"2004"}
    assert_report(appliance, frames.asterisk, "asterisk-1")


def test_what_captagent_packs_is_stored_and_joined(appliance: Appliance) -> None:
    rows = sent(appliance, frames.captagent, "captagent-1")
    assert {row.node for row in rows} == {"2006"}
    assert_report(appliance, frames.captagent, "captagent-1")
    dump = Store(appliance).ask(lambda database: database.fetch("SELECT node FROM agents"))
    assert not any(frames.PASSWORD in bytes(node) for (node,) in dump)


def test_what_heplify_writes_is_stored_and_joined(appliance: Appliance) -> None:
    rows = sent(appliance, frames.heplify, "heplify-1")
    assert {row.node for row in rows} == {"2007"}
    assert_report(appliance, frames.heplify, "heplify-1")
    now_us = time.time_ns() // 1000
    line = also(appliance, frames.heplify(b"a line", now_us, b"heplify-1", 100), Kind.LOG, "heplify-1")
    assert line.raw == b"a line"


def assert_report(appliance: Appliance, write: frames.Writer, callid: str) -> None:
    now_us = time.time_ns() // 1000
    row = also(appliance, write(REPORT.encode(), now_us, callid.encode(), 5), Kind.RTCP, callid)
    assert json.loads(row.raw or b"") == json.loads(REPORT)
    assert (row.source_ip, row.source_port) == frames.CALLER_MEDIA
    assert (row.destination_ip, row.destination_port) == frames.CALLED_MEDIA


def test_each_is_known_by_its_number(appliance: Appliance) -> None:
    secret = token(appliance, "test")
    appliance.send(*(write(b"x", time.time_ns() // 1000, b"x", 100) for write in WRITERS.values()))
    titles = {"2002": "OpenSIPS", "2003": "FreeSWITCH", "2004": "Asterisk", "2006": "captagent", "2007": "heplify"}
    for node, title in titles.items():
        agent = shown(appliance, secret, node)
        assert (agent["program"], agent["hep_version"]) in ((title, 3), (title, 2))


WRITERS = {
    "opensips": frames.opensips,
    "freeswitch": frames.freeswitch,
    "asterisk": frames.asterisk,
    "captagent": frames.captagent,
    "heplify": frames.heplify,
}
