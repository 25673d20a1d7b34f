from dataclasses import replace

import pytest

from appliance.buffer.batch import Batch, Origin, Record
from appliance.ingest.gathered import Gathered
from appliance.ingest.understand import Understanding
from tests.calls.made import START_US, at, flow
from tests.sip_packets import KEPT_DAYS, batch, received, sip, with_callid

CALL = flow("0 A>B INVITE", "50 B>A 180 INVITE", "90 B>A 200 INVITE", "95 A>B ACK")
NOT_HEP = Record(START_US, "192.0.2.66", 1, Origin.UDP, b"GET / HTTP/1.1\r\n\r\n")


def gathered(*batches: Batch) -> Gathered:
    found = Gathered(Understanding(("X-CID",), KEPT_DAYS))
    for each in batches:
        found.add(each)
    return found


def test_the_packets_of_several_batches_become_one_bundle() -> None:
    others = with_callid(CALL[:1], "other")
    found = gathered(batch("a", CALL[:2]), batch("b", [*others, *CALL[2:]]))
    assert found.bundle.batches == [("a", 2), ("b", 3)]
    assert [row.payload for row in found.bundle.rows] == [sip(row) for row in [*CALL[:2], *others, *CALL[2:]]]
    assert found.bundle.quarantine == []


def test_each_changed_call_is_noted_once_with_its_span_and_its_messages() -> None:
    found = gathered(batch("a", [CALL[2], CALL[0], *with_callid(CALL[:1], "other"), CALL[3], CALL[1]]))
    first, second = found.bundle.changes
    assert (first.callid, first.first_us, first.last_us, len(first.lines)) == (b"c1@made", at(0), at(95), 4)
    assert (second.callid, len(second.lines)) == (b"other", 1)


def test_registrations_change_no_call() -> None:
    found = gathered(batch("a", flow("0 A>B REGISTER", "1 A>B OPTIONS")))
    assert (len(found.bundle.rows), found.bundle.changes) == (2, [])


def test_hours_in_which_a_callid_registered_are_noted_once_with_their_span() -> None:
    registers = flow("9 A>B REGISTER", "5 A>B REGISTER", "7 B>A 200 REGISTER", "3 A>B OPTIONS")
    found = gathered(batch("a", [*registers, *with_callid(registers[:1], "other")]))
    assert sorted(found.bundle.registered.values()) == [(at(5), at(9)), (at(9), at(9))]


def test_what_is_no_hep_is_counted_by_its_reason_and_its_neighbours_are_kept() -> None:
    found = gathered(batch("a", [CALL[0], NOT_HEP, replace(NOT_HEP, data=b"HEP3\x00"), CALL[1]]))
    assert len(found.bundle.rows) == 2
    assert found.counts.take() == {"hep_dropped_total\x1fhep-not-hep": 1, "hep_dropped_total\x1fhep-truncated": 1}


def test_keep_alives_are_counted_and_not_stored() -> None:
    record = received(CALL[0])
    keep_alive = replace(record, data=record.data[: record.data.index(sip(CALL[0])) - 2] + b"\x00\x06")
    found = gathered(batch("a", [replace(keep_alive, data=_resized(keep_alive.data))]))
    assert (found.bundle.rows, found.counts.take()) == ([], {"packets_keepalive_total": 1})


def _resized(frame: bytes) -> bytes:
    return frame[:4] + len(frame).to_bytes(2, "big") + frame[6:]


def test_a_damaged_batch_is_put_aside_whole() -> None:
    whole = batch("a", CALL)
    found = gathered(Batch("cut", 4, whole.body[:-5]), whole)
    (put,) = found.bundle.quarantine
    assert (put.reason.split(":")[0], put.batch, put.data) == ("damaged batch", "cut", whole.body[:-5])
    assert found.bundle.batches == [("cut", 4), ("a", 4)]
    assert len(found.bundle.rows) == 4
    assert found.counts.take() == {"packets_quarantined_total\x1fdamaged batch": 4}


def test_a_fault_of_ours_costs_no_packet(monkeypatch: pytest.MonkeyPatch) -> None:
    understanding = Understanding(("X-CID",), KEPT_DAYS)
    monkeypatch.setattr(understanding, "plainly", None)
    monkeypatch.setattr(understanding, "_usual", None)
    found = Gathered(understanding)
    found.add(batch("a", CALL[:1]))
    (put,) = found.bundle.quarantine
    assert put.reason.startswith("fault: TypeError")
    assert (put.sender, put.data) == ("192.0.2.99", received(CALL[0]).data)
