import pytest

from appliance.buffer import keys
from appliance.buffer.batch import Batch
from appliance.buffer.connection import BlockingClient, BufferError
from appliance.buffer.push import is_full, push


def test_a_pushed_batch_is_one_entry_with_name_count_and_body(blocking: BlockingClient) -> None:
    push(blocking, Batch("boot-0-1", 7, b"\x00\xff"))
    ((_, fields),) = blocking.xrange(keys.BATCHES)  # type: ignore[misc]
    assert fields == {keys.NAME_FIELD: b"boot-0-1", keys.COUNT_FIELD: b"7", keys.BODY_FIELD: b"\x00\xff"}


def test_it_is_on_disk_before_push_returns(blocking: BlockingClient) -> None:
    assert blocking.config_get("appendfsync") == {"appendfsync": "always"}
    push(blocking, Batch("boot-0-1", 1, b"x" * 100_000))
    facts = blocking.info("persistence")
    assert isinstance(facts, dict)
    assert (facts["aof_enabled"], facts["aof_last_write_status"]) == (1, "ok")


def test_it_is_full_from_seven_tenths_of_its_memory(blocking: BlockingClient) -> None:
    memory = blocking.info("memory")
    assert isinstance(memory, dict)
    used = int(memory["used_memory"])
    blocking.config_set("maxmemory", used * 2)
    assert not is_full(blocking)
    blocking.config_set("maxmemory", int(used * 1.2))
    assert is_full(blocking)


def test_a_server_without_a_limit_is_never_full(blocking: BlockingClient) -> None:
    blocking.config_set("maxmemory", 0)
    assert not is_full(blocking)


def test_a_server_that_has_no_room_refuses_and_keeps_what_it_has(blocking: BlockingClient) -> None:
    push(blocking, Batch("boot-0-1", 1, b"kept"))
    blocking.config_set("maxmemory", 1)
    with pytest.raises(BufferError, match="maxmemory"):
        push(blocking, Batch("boot-0-2", 1, b"refused"))
    assert blocking.xlen(keys.BATCHES) == 1
