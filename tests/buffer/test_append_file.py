from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.buffer import keys
from appliance.buffer.append_file import batches_in
from appliance.buffer.batch import Batch

NAMES = st.from_regex(r"[A-Za-z0-9-]{1,40}", fullmatch=True)
BATCHES = st.lists(st.builds(Batch, NAMES, st.integers(0, 5000), st.binary(max_size=200)), max_size=6)


def command(*words: bytes) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)


def added(batch: Batch, stream: str = keys.BATCHES) -> bytes:
    fields = {keys.NAME_FIELD: batch.name.encode(), keys.COUNT_FIELD: b"%d" % batch.count, keys.BODY_FIELD: batch.body}
    words = [part for name, value in fields.items() for part in (name, value)]
    return command(b"XADD", stream.encode(), b"1-1", *words)


def file_of(batches: Sequence[Batch]) -> bytes:
    other = command(b"SET", b"a", b"b") + command(b"XDEL", keys.BATCHES.encode(), b"1-1")
    return command(b"SELECT", b"0") + other.join(map(added, batches)) + other


@given(batches=BATCHES)
def test_every_batch_that_was_added_is_found(batches: list[Batch]) -> None:
    assert list(batches_in(file_of(batches))) == batches


@given(batches=BATCHES, place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_costs_the_batch_that_it_lies_in_at_most(batches: list[Batch], place: float, bit: int) -> None:
    octets = bytearray(file_of(batches))
    octets[int(place * len(octets))] ^= 1 << bit
    found = list(batches_in(bytes(octets)))
    assert sum(batch not in found for batch in batches) <= 1 + (len(set(map(repr, batches))) < len(batches))


@given(octets=st.binary(max_size=400))
def test_whatever_the_octets_are_it_ends(octets: bytes) -> None:
    assert isinstance(list(batches_in(b"*9\r\n$4\r\nXADD\r\n" + octets)), list)


@pytest.mark.parametrize("name", ["../up", "a/b", "", "a b", "x" * 65])
def test_what_cannot_be_the_name_of_a_file_is_no_batch(name: str) -> None:
    assert list(batches_in(added(Batch(name, 1, b"body")))) == []


def test_entries_of_other_streams_are_none() -> None:
    assert list(batches_in(added(Batch("a", 1, b"body"), "other"))) == []
