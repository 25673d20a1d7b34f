from dataclasses import replace

from appliance.buffer import counters, history, keys
from appliance.buffer.batch import Batch
from appliance.buffer.connection import AsyncClient
from appliance.buffer.history import Sample
from appliance.buffer.push import push_async


async def test_a_sample_has_what_was_counted_what_waits_and_each_process(client: AsyncClient) -> None:
    await counters.add(
        client,
        {
            "hep_received_total\x1fudp": 40,
            "hep_received_total\x1ftcp": 2,
            "packets_stored_total\x1fcall": 30,
            "hep_dropped_total\x1fhep-not-hep": 3,
            "hep_kernel_drops_total": 5,
            "packets_quarantined_total\x1fdamaged batch": 1,
            "packets_quarantined_total\x1ffault": 1,
        },
    )
    await counters.life_sign(client, "receiver-0", {"received": 42})
    await counters.life_sign(client, "writer-1", {"stored": 30, "last_stored_us": 7})
    await counters.life_sign(client, "web", {"pid": 1})
    await push_async(client, Batch("boot-0-1", 2, b"octets"))
    (moment, _) = await client.time()
    found = await history.take(client, (int(moment) + 100) * 1_000_000)
    assert 98_000_000 < found.oldest_us < 102_000_000
    assert replace(found, oldest_us=0, at_us=0) == Sample(
        at_us=0,
        received=42,
        stored=30,
        drops={"hep-not-hep": 3, "kernel": 5, "put aside": 2},
        entries=1,
        processes={"receiver-0": 42, "writer-1": 30},
    )


async def test_of_nothing_a_sample_is_nothing(client: AsyncClient) -> None:
    assert await history.take(client, 7) == Sample(7)


async def test_an_hour_is_remembered_in_order_and_no_more(client: AsyncClient) -> None:
    for number in range(history.MOST + 9):
        await history.keep(client, Sample(number, drops={"kernel": number}))
    found = await history.last_hour(client)
    assert [sample.at_us for sample in found] == list(range(9, history.MOST + 9))
    assert found[0] == Sample(9, drops={"kernel": 9})
    assert await client.llen(keys.HISTORY) == history.MOST


def test_drops_between_two_samples_are_those_that_were_added_also_when_counting_began_anew() -> None:
    before = Sample(1, drops={"kernel": 7, "truncated": 3, "put aside": 9})
    after = Sample(2, drops={"kernel": 9, "truncated": 3, "put aside": 2, "refused-key": 4})
    assert after.drops_since(before) == {"kernel": 2, "put aside": 2, "refused-key": 4}
