from appliance.buffer import counters, keys
from appliance.buffer.connection import AsyncClient, BlockingClient
from appliance.metrics import Counts


async def test_the_sums_of_all_processes_are_added_up(client: AsyncClient, blocking: BlockingClient) -> None:
    counts = Counts()
    counts.add("hep_received_total", 3, "udp")
    counts.add("batches_pushed_total")
    counters.add_blocking(blocking, counts.take())
    await counters.add(client, {"hep_received_total\x1fudp": 4, "hep_dropped_total\x1fhep-not-hep": 1})
    assert await counters.read(client) == {
        ("hep_received_total", "udp"): 7,
        ("batches_pushed_total",): 1,
        ("hep_dropped_total", "hep-not-hep"): 1,
    }


async def test_nothing_counted_is_nothing_handed_over(client: AsyncClient, blocking: BlockingClient) -> None:
    counters.add_blocking(blocking, {})
    await counters.add(client, {})
    assert await counters.read(client) == {}


async def test_the_last_sign_of_each_process_counts(client: AsyncClient, blocking: BlockingClient) -> None:
    counters.life_sign_blocking(blocking, "receiver-0", {"pid": 1})
    counters.life_sign_blocking(blocking, "receiver-0", {"pid": 2})
    await counters.life_sign(client, "writer-0", {"pid": 3, "last_stored_us": 0})
    assert await counters.life_signs(client) == {
        "receiver-0": {"pid": 2},
        "writer-0": {"pid": 3, "last_stored_us": 0},
    }


async def test_a_process_that_gives_no_sign_is_forgotten(client: AsyncClient) -> None:
    await counters.life_sign(client, "writer-0", {})
    assert 0 < await client.pttl(f"{keys.PROCESS}writer-0") <= counters.LIFE_SIGN_SECONDS * 1000
    await client.pexpire(f"{keys.PROCESS}writer-0", 0)
    assert await counters.life_signs(client) == {}
