"""Rows on their way into the tables, as a writer makes them of packets."""

from dataclasses import replace

from appliance.buffer.batch import Origin, Record
from appliance.hep.encode import encode
from appliance.ingest.understand import Understanding
from appliance.model.kinds import Kind
from appliance.model.packet import Packet
from appliance.model.quality import Measured
from appliance.storage import reports
from appliance.storage.bundle import NewRow
from tests.storage.search.stored import NOON

INVITE = (
    b"INVITE sip:bob\\@x SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9\r\nFrom: \"A\" <sip:al\tice@x>;tag=\\N\r\n"
    b"To: <sip:b\xff@x>\r\nCall-ID: c\\1@x\r\nCSeq: 4294967297 INVITE\r\n\r\n"
)  # fmt: skip
OPTIONS = b"OPTIONS sip:b SIP/2.0\r\nCall-ID: o\r\nCSeq: 7 OPTIONS\r\n\r\n"


def new_row(payload: bytes, protocol_type: int = 1, time_us: int = NOON) -> NewRow:
    packet = Packet(
        3, protocol_type, 17, "10.0.0.1", 5060, "2001:db8::1", 5061, time_us, 7, b"",
        b"x\\y" if protocol_type == 100 else b"", payload,
    )  # fmt: skip
    found = Understanding((), 30).understand(Record(NOON, "198.51.100.9", 9060, Origin.UDP, encode(packet)))
    assert found is not None
    return found.row


def reporting(*measured: Measured, callid: bytes = b"c\\1@x", time_us: int = NOON) -> NewRow:
    """A packet that tells of these streams."""
    origin = reports.Origin(Kind.RTCP, time_us, None, callid, b"x\\y")
    return replace(new_row(b"a report", 5, time_us), reports=reports.reports(origin, measured))
