from appliance.buffer import keys
from appliance.buffer.batch import Batch
from appliance.buffer.connection import AsyncClient, BlockingClient
from appliance.buffer.counters import add, life_sign
from appliance.buffer.push import push
from appliance.buffer.take import BatchQueue


async def test_every_key_that_is_used_is_one_of_these_and_of_the_type_they_say(
    client: AsyncClient, blocking: BlockingClient
) -> None:
    push(blocking, Batch("boot-0-1", 1, b""))
    await BatchQueue(client, "writer-0").prepare()
    await add(client, {"batches_pushed_total": 1})
    await life_sign(client, "writer-0", {})
    types = {name.decode(): (await client.type(name)).decode() for name in await client.keys()}
    assert types == {keys.BATCHES: "stream", keys.COUNTERS: "hash", f"{keys.PROCESS}writer-0": "string"}
    assert all(name.startswith("hepbox:") for name in types), "an operator's Redis may hold others' keys"
