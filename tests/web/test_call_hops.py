import re

from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.web.call_hops import Crossed, crossed
from tests.calls.made import flow, seen_by
from tests.web.conftest import in_database
from tests.web.stored import Sent, answered, store

ROWS = flow("0 A>P INVITE", "1 P>B INVITE", "9 B>P 486 INVITE", "10 P>A 486 INVITE")


def test_a_call_crossed_its_hops() -> None:
    found = crossed(ROWS)
    assert [(hop.source_ip, hop.status) for hop in found.hops] == [("10.0.0.1", 486), ("10.0.0.16", 486)]
    assert (found.legs, found.clocks, found.far) == (1, (), None)
    assert crossed([]) == Crossed()


def test_a_clock_that_is_far_off_is_said_at_once() -> None:
    near, far = (crossed([*ROWS, *seen_by(ROWS, "z", off_us)]) for off_us in (99_000, -1_200_000))
    assert near.far is None
    assert far.far is not None
    assert (far.far.node, far.far.offset_us) == ("z", -1_200_000)


def test_the_head_of_a_call_shows_its_hops_and_a_clock_that_is_off(alice: TestClient, settings: Settings) -> None:
    async def add(_database: object) -> None:
        sent = answered("hops@x", "hops")
        late = [Sent(one.payload, one.after_ms + 1300, one.source, one.destination, b"late-1") for one in sent[:5]]
        await store(settings.mysql, [*sent, *late])

    in_database(settings.mysql, add)
    page = alice.get("/calls/hops@x").text
    assert "1 hop" in page and "192.0.2.1 → 192.0.2.2" in re.sub("<[^>]*>", "", page)
    assert "late-1 +1.3 s against edge-1, from 5 copies" in page
    answer = alice.get("/api/v1/calls/hops@x").json()
    (hop,) = answer["hops"]
    assert (hop["status"], hop["nodes"], hop["answer_ms"]) == (200, ["edge-1", "late-1"], 2000)
    assert (answer["clocks"][0]["node"], answer["clocks"][0]["offset_us"]) == ("late-1", 1_300_000)
