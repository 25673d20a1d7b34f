"""Each recorded capture, imported and replayed into an empty appliance, against what tshark tells of it.

The lists of messages by Call-ID are those of derived/tshark_dialogs.json: after `hepbox import` at the same times to
the microsecond, after `hepbox replay --now` in the same order with the same differences. Where the appliance tells
or shows something otherwise than tshark, tests/tshark_dialogs.py and `SHOWN_ONCE` say what and why.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pytest

from appliance.capture.classify import RTCP, SIP
from appliance.export.prepared import prepared
from appliance.model.kinds import Kind
from appliance.model.octets import octets
from appliance.model.rows import MessageRow
from tests.appliance import running
from tests.captures import CAPTURES
from tests.recorded.instance import Store
from tests.tshark_dialogs import (
    DIALOGS,
    FUZZED,
    WITHOUT_CALLID,
    Seen,
    dialogs_expected,
    messages_read,
    read,
    text,
)

pytestmark = [pytest.mark.appliance, pytest.mark.timeout(600)]

IMPORT = ("import",)
REPLAY = ("replay", "--now", "--speed", "max")
BY_COMMAND = {
    "MichalCab-ISA/sip.pcap",
    "NormB-sipnab/tests/fixtures/udp_5060.pcap",
    "irontec-sngrep/tests/ipv6frag.pcap",
    "ntop-nDPI/tests/cfgs/default/pcap/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap",
}
"""Captures that are also read with `hepbox search` and `hepbox call`."""

SHOWN_ONCE: dict[str, tuple[int, ...]] = {
    # every packet between the gateway and the proxy was captured twice, 0.3 to 1.4 ms apart
    "ntop-nDPI/tests/cfgs/default/pcap/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap": (
        *(26, 29, 34, 51, 53, 167, 169, 173, 197, 1321, 1327, 1395, 1397, 1406, 1408),
        *(1416, 1418, 1428, 1432, 1514, 1520, 1537, 1544),
    ),
    # the answers to an INVITE and to its retransmission, 0.3 ms apart, which nobody can tell from one seen twice
    "NormB-sipnab/tests/pcap-samples/b2bua-asterisk.pcapng": (27,),
}
"""Frames that are stored, and shown as copies of the one before them: the same octets between the same sockets,
told by the same agent within 50 ms."""

CSEQ_METHOD_OCTETS = 32
"""So much of it is stored; one in the damaged capture is longer, each octet of it being no UTF-8."""

Told = tuple[int, str, str, str, str]
"""Time (µs), source, destination, method or status, CSeq."""


def expected(name: str) -> dict[bytes, list[Seen]]:
    """Messages by Call-ID.

    Of the damaged capture they are as our reader of captures finds them, who differs from tshark in the frames that
    FUZZ_EXTRA and FUZZ_OTHERWISE name and in no other (tests/capture/test_read.py).
    """
    if name != FUZZED:
        return {
            b"" if callid == WITHOUT_CALLID else callid.encode(): seen
            for callid, seen in dialogs_expected(name).items()
        }
    found: dict[bytes, list[Seen]] = {}
    for message, seen in messages_read(name):
        number, blank, method = seen.cseq.partition(" ")
        cut = number + blank + method[:CSEQ_METHOD_OCTETS]
        found.setdefault(message.callid, []).append(replace(seen, cseq=cut))
    return found


def told(seen: Seen) -> Told:
    return seen.time_us, seen.source, seen.destination, seen.what, seen.cseq


def told_by(row: MessageRow) -> Told:
    source, destination = f"{row.source_ip}:{row.source_port}", f"{row.destination_ip}:{row.destination_port}"
    cseq = "" if row.cseq is None else f"{row.cseq} {text(octets(row.cseq_method))}"
    return row.ts, source, destination, row.method, cseq


def told_in_json(row: dict[str, Any]) -> Told:
    source, destination = (f"{row[f'{end}_ip']}:{row[f'{end}_port']}" for end in ("source", "destination"))
    cseq = "" if row["cseq"] is None else f"{row['cseq']} {row['cseq_method'] or ''}"
    return row["ts"], source, destination, row["method"], cseq


def from_the_first(messages: Sequence[Told]) -> list[Told]:
    """With times as differences."""
    return [(message[0] - messages[0][0], *message[1:]) for message in messages]


@pytest.fixture(scope="module")
def stores() -> Iterator[tuple[Store, Store]]:
    with running() as one, running() as other:
        yield Store(one), Store(other)


@dataclass(frozen=True)
class Filled:
    """A capture, the stores into which it was imported and replayed, and everything in them, oldest first."""

    name: str
    imported: Store
    replayed: Store
    imported_rows: list[MessageRow]
    replayed_rows: list[MessageRow]


@pytest.fixture(scope="module", params=sorted(DIALOGS))
def filled(request: pytest.FixtureRequest, stores: tuple[Store, Store]) -> Filled:
    name = request.param
    with ThreadPoolExecutor() as both:
        return Filled(name, *stores, *both.map(fill, stores, (IMPORT, REPLAY), (name, name)))


def fill(store: Store, command: tuple[str, ...], name: str) -> list[MessageRow]:
    """Put a capture into an empty instance by the command."""
    store.empty()
    answer = store.appliance.run(*command, str(CAPTURES / name))
    packets = [one for one in read(name) if one.protocol_type in (SIP, RTCP)]
    assert answer == f"{'imported' if command == IMPORT else 'sent'} {len(packets)}\n"
    store.wait_until_stored(len(packets))
    return store.messages()


def sip_by_callid(rows: Sequence[MessageRow]) -> dict[bytes, list[Told]]:
    found: dict[bytes, list[Told]] = {}
    for row in rows:
        if row.kind.is_sip:
            found.setdefault(octets(row.callid), []).append(told_by(row))
    return found


def test_an_imported_capture_is_stored_message_by_message(filled: Filled) -> None:
    rows = filled.imported_rows
    wanted = {callid[:255]: [told(seen) for seen in all_] for callid, all_ in expected(filled.name).items()}
    assert sip_by_callid(rows) == wanted
    assert {row.node for row in rows} <= {"import"}
    assert not [row.id for row in rows if "clock" in row.problems]


def test_a_replayed_capture_keeps_order_and_differences(filled: Filled) -> None:
    rows = sorted(filled.replayed_rows, key=lambda row: row.ts)
    wanted = {
        callid[:255]: from_the_first([told(seen) for seen in all_]) for callid, all_ in expected(filled.name).items()
    }
    assert {callid: from_the_first(messages) for callid, messages in sip_by_callid(rows).items()} == wanted
    assert {row.node for row in rows} <= {"replay"}


def test_every_octet_is_kept(filled: Filled) -> None:
    wanted = Counter((one.protocol_type, one.payload) for one in read(filled.name) if one.protocol_type in (SIP, RTCP))
    for rows in (filled.imported_rows, filled.replayed_rows):
        assert Counter((row.protocol_type, row.raw) for row in rows) == wanted


def test_each_call_shows_its_messages_in_the_order_of_the_capture(filled: Filled) -> None:
    folded = SHOWN_ONCE.get(filled.name, ())
    for callid, all_ in expected(filled.name).items():
        wanted = [told(seen) for seen in all_ if seen.frame not in folded]
        for store in (filled.imported, filled.replayed):
            found = store.call(callid)
            rows = [row for row in prepared(found.messages).messages if row.kind.is_sip]
            messages = [told_by(row) for row in rows]
            assert from_the_first(messages) == from_the_first(wanted)
            assert store is filled.replayed or messages == wanted
            assert sum(row.copies for row in rows) == len(all_)
            assert found.others == ()
            if found.call is not None:
                of_call = [row.copies for row in rows if row.kind is Kind.CALL]
                assert (found.call.messages, found.call.copies) == (len(of_call), sum(of_call) - len(of_call))
    assert set(folded) <= {seen.frame for all_ in expected(filled.name).values() for seen in all_}


@pytest.mark.parametrize("filled", sorted(BY_COMMAND), indirect=True)
def test_the_commands_tell_the_same(filled: Filled) -> None:
    name, imported = filled.name, filled.imported
    everywhen = ("--from", "1990-01-01", "--to", "2100-01-01", "--limit", "1000", "--format", "json")
    answer = json.loads(imported.appliance.run("search", "", "--view", "messages", *everywhen))
    found: dict[bytes, list[Told]] = {}
    for row in reversed(answer["rows"]):
        found.setdefault((row["callid"] or "").encode(), []).append(told_in_json(row))
    assert found == {callid: [told(seen) for seen in all_] for callid, all_ in expected(name).items()}
    for callid, all_ in expected(name).items():
        if callid:
            whole = json.loads(imported.appliance.run("call", callid.decode(), "--legs", "one", "--format", "json"))
            once = [told(seen) for seen in all_ if seen.frame not in SHOWN_ONCE.get(name, ())]
            assert [told_in_json(row) for row in whole["messages"] if row["kind"] in ("call", "rest")] == once
