from appliance.buffer.connection import AsyncClient
from appliance.buffer.duplicates import PREFIX, Sighting, repeated

SECOND_US = 1_000_000


async def test_the_first_is_new_and_others_within_the_window_are_copies(client: AsyncClient) -> None:
    sightings = [
        Sighting(b"a", SECOND_US, "x:0"),
        Sighting(b"b", SECOND_US, "x:1"),
        Sighting(b"a", SECOND_US + 40_000, "x:2"),
    ]
    assert await repeated(client, sightings, 50) == {"x:2"}
    assert await repeated(client, [Sighting(b"b", SECOND_US - 10_000, "y:0")], 50) == {"y:0"}, "another writer's"


async def test_what_comes_later_than_the_window_is_new_however_soon_it_is_worked_off(client: AsyncClient) -> None:
    at = [0, 500_000, 510_000, 1_500_000]
    sightings = [Sighting(b"a", SECOND_US + late, f"x:{place}") for place, late in enumerate(at)]
    assert await repeated(client, sightings, 50) == {"x:2"}
    assert await repeated(client, [Sighting(b"a", SECOND_US + 1_520_000, "y:0")], 50) == {"y:0"}


async def test_a_batch_that_comes_again_is_no_copy_of_itself(client: AsyncClient) -> None:
    sightings = [Sighting(b"a", SECOND_US, "x:0"), Sighting(b"a", SECOND_US + 1, "x:1")]
    assert await repeated(client, sightings, 50) == {"x:1"}
    assert await repeated(client, sightings, 50) == {"x:1"}


async def test_keys_go_by_themselves(client: AsyncClient) -> None:
    await repeated(client, [Sighting(b"a", SECOND_US, "x:0")], 50)
    assert 0 < await client.pttl(PREFIX + b"a") <= 60_050
