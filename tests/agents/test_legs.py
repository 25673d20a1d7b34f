"""Calls in two legs by real agents: SIPp calls through two Kamailios, the second time naming the first in X-CID."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.agents.kamailio import ADDRESS, kamailio
from tests.agents.sipp import CALLED, FIRST_LEG, SECOND_LEG, make_calls
from tests.appliance import Appliance, eventually, free_port, running

pytestmark = [pytest.mark.agents, pytest.mark.appliance, pytest.mark.timeout(240)]

COUNT = 100


def name(form: str, number: int) -> str:
    return form.replace("%u", str(number))


@pytest.fixture(scope="module")
def appliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    """With the calls of both legs stored and settled."""
    with running() as instance:
        with ThreadPoolExecutor() as pool:
            directory = tmp_path_factory.mktemp("legs")
            legs = (("answered", FIRST_LEG), ("second leg", SECOND_LEG))
            list(pool.map(lambda leg: _calls(instance, directory / leg[0].replace(" ", "-"), *leg), legs))
        eventually(lambda: Counter(row["state"] for row in rows(instance)) == {"completed": COUNT}, 60)
        yield instance


def _calls(instance: Appliance, directory: Path, scenario: str, form: str) -> None:
    directory.mkdir()
    proxy, called, caller = free_port(), free_port(), free_port()
    with kamailio(directory, proxy, instance.hep_port, f"sip:{CALLED}:{called}", 3):
        make_calls(directory / "sipp", scenario, f"{ADDRESS}:{proxy}", called, caller, COUNT, "-cid_str", form)


def rows(instance: Appliance) -> list[dict]:
    return instance.search(since="-1h")


def test_every_pair_is_one_row_of_two_legs(appliance: Appliance) -> None:
    eventually(lambda: len(rows(appliance)) == COUNT)
    assert Counter(row["legs"] for row in rows(appliance)) == {2: COUNT}


def test_a_call_has_the_messages_of_its_legs_and_of_no_other(appliance: Appliance) -> None:
    for number in (1, 2, COUNT // 2, COUNT):
        first, second = name(FIRST_LEG, number), name(SECOND_LEG, number)
        both = {first, second}
        for callid, why in ((first, f"its X-CID names {first}"), (second, f"X-CID of {second} names it")):
            whole = json.loads(appliance.run("call", callid, "--format", "json"))
            assert {leg["callid"] for leg in whole["legs"]} == both
            assert {row["callid"] for row in whole["messages"]} == both
            assert {leg["why"] for leg in whole["legs"]} == {"asked for", why}
