import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.buffer.batch import DamagedBatch, Origin, Record, import_data, imported, opened, record, seal

records = st.builds(
    Record,
    received_us=st.integers(0, 2**63),
    sender_ip=st.sampled_from(["192.0.2.1", "2001:db8::1", ""]),
    sender_port=st.integers(0, 65535),
    origin=st.sampled_from([int(origin) for origin in Origin]),
    data=st.binary(max_size=3000),
)


@given(st.lists(records, max_size=20))
def test_it_gives_back_what_was_sealed(sent: list[Record]) -> None:
    body = seal([record(r.received_us, r.sender_ip, r.sender_port, r.origin, r.data) for r in sent])
    assert list(opened(body)) == sent


@given(st.binary(max_size=200))
def test_it_raises_only_its_own_error_for_any_octets(body: bytes) -> None:
    with contextlib.suppress(DamagedBatch):
        list(opened(body))


def test_it_refuses_a_record_that_reaches_beyond_its_batch() -> None:
    body = seal([record(1, "192.0.2.1", 9, Origin.UDP, b"whole")[:-1]])
    with pytest.raises(DamagedBatch):
        list(opened(body))


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_it_keeps_an_imported_payload_apart_from_its_frame(frame: bytes, payload: bytes) -> None:
    assert imported(import_data(frame, payload)) == (frame, payload)
