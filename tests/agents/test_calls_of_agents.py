"""The main job with real agents: calls that SIPp makes through Kamailio are found, in order, and written as pcap."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from appliance.sip.parse import parse
from tests.agents.kamailio import ADDRESS, kamailio
from tests.agents.sipp import CALLED, Calls, make_calls
from tests.appliance import Appliance, eventually, free_port, running
from tests.captures import CAPTURES, load_json

pytestmark = [pytest.mark.agents, pytest.mark.appliance]

COUNT = 6
STATES = {"answered": "completed", "busy": "busy"}


@pytest.fixture(scope="module")
def appliance() -> Iterator[Appliance]:
    with running() as instance:
        yield instance


@pytest.fixture(scope="module", params=[(3, "answered"), (2, "answered"), (3, "busy"), (2, "busy")], ids=str)
def made(request: pytest.FixtureRequest, appliance: Appliance, tmp_path_factory: pytest.TempPathFactory) -> "Made":
    """Calls made through Kamailio, all of whose messages are stored."""
    version, scenario = request.param
    directory = tmp_path_factory.mktemp(f"{scenario}-{version}")
    proxy, called, caller = free_port(), free_port(), free_port()
    with kamailio(directory, proxy, appliance.hep_port, f"sip:{CALLED}:{called}", version):
        calls = make_calls(directory / "sipp", scenario, f"{ADDRESS}:{proxy}", called, caller, COUNT)
    found = [callid_of(one.payload) for one in calls.caller + calls.called]
    eventually(lambda: stored(appliance) & Counter(found) == Counter(found))
    return Made(scenario, calls, {callid: messages(appliance, callid) for callid in sorted(set(found))})


def stored(appliance: Appliance) -> Counter[str]:
    """How many messages of each Call-ID a search finds."""
    return Counter(row["callid"] for row in appliance.search(view="messages", since="-1h"))


class Made:
    """What SIPp did."""

    def __init__(self, scenario: str, calls: Calls, told: dict[str, list[dict]]) -> None:
        self.scenario, self.calls = scenario, calls
        self.told = told
        """What `hepbox call` says of each Call-ID."""

    @property
    def callids(self) -> list[str]:
        return sorted(self.told)

    def hop(self, callid: str, *, far: bool) -> list[bytes]:
        """The messages of a call as one end wrote them down, in its order."""
        log = self.calls.called if far else self.calls.caller
        return [one.payload for one in log if callid_of(one.payload) == callid]


def callid_of(payload: bytes) -> str:
    return parse(payload).callid.decode()


def messages(appliance: Appliance, callid: str) -> list[dict]:
    """Rows of `hepbox call --format json`, none while nothing is stored."""
    answer = appliance.run("call", callid, "--format", "json", ok=False)
    rows: list[dict] = json.loads(answer)["messages"] if answer else []
    return rows


def test_calls_made_are_calls_found(appliance: Appliance, made: Made) -> None:
    states = {STATES[made.scenario]}

    def rows() -> list[dict]:
        return [row for row in appliance.search(since="-1h") if row["callid"] in made.callids]

    folded = eventually(
        lambda: [found for found in [rows()] if {row["state"] for row in found} == states], 30, every=0.5
    )
    assert sorted(row["callid"] for row in folded[0]) == made.callids
    assert len(made.callids) == COUNT


def test_every_message_is_in_the_call_in_the_order_of_its_transactions(made: Made) -> None:
    for callid in made.callids:
        raw = [row["raw"].encode() for row in made.told[callid]]
        near, far = made.hop(callid, far=False), made.hop(callid, far=True)
        assert Counter(raw) == Counter(near + far)
        assert [one for one in raw if one in near] == near, "the caller's hop in the order in which the caller saw it"
        assert [one for one in raw if one in far] == far, "the called one's hop likewise"
        invites = [at for at, one in enumerate(raw) if one.startswith(b"INVITE ")]
        finals = [at for at, one in enumerate(raw) if one.startswith((b"SIP/2.0 200", b"SIP/2.0 486"))]
        assert raw[invites[0]] in near and raw[invites[1]] in far, "a request passes the caller's hop first"
        assert raw[finals[0]] in far and raw[finals[1]] in near, "a response the called one's"


def test_tshark_reads_the_pcap_of_a_call(appliance: Appliance, made: Made, tmp_path: Path) -> None:
    callid = made.callids[0]
    file = tmp_path / "call.pcap"
    file.write_bytes(appliance.run_bytes("call", callid, "--format", "pcap"))
    fields = ["frame.time_epoch", "sip.Call-ID", "udp.srcport", "udp.dstport"]
    options = [word for name in fields for word in ("-e", name)]
    ports = {str(row[side]) for row in made.told[callid] for side in ("source_port", "destination_port")}
    as_sip = [word for port in sorted(ports) for word in ("-d", f"udp.port=={port},sip")]
    read = subprocess.run(
        ["tshark", "-r", str(file), *as_sip, "-Y", "sip", "-T", "fields", *options],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found = Counter(tuple(line.split("\t")) for line in read.stdout.splitlines())
    found = Counter({(int(Decimal(time) * 1_000_000), *rest): n for (time, *rest), n in found.items()})
    expected = Counter(
        (row["ts"], row["callid"], str(row["source_port"]), str(row["destination_port"])) for row in made.told[callid]
    )
    assert found == expected
    assert sum(found.values()) == len(made.hop(callid, far=False)) + len(made.hop(callid, far=True))


def test_messages_that_sngrep_sends_are_found(appliance: Appliance) -> None:
    """Their times are years old: from the network they are filed by their arrival."""
    name = "irontec-sngrep/tests/aaa.pcap"
    subprocess.run(
        ["sngrep", "-F", "-N", "-q", "-H", f"udp:127.0.0.1:{appliance.hep_port}", "-I", str(CAPTURES / name)],
        stdin=subprocess.DEVNULL,
        check=True,
        timeout=60,
    )
    dialogs = load_json("tshark_dialogs")["files"][name]
    expected = Counter({callid: len(dialog["messages"]) for callid, dialog in dialogs.items()})
    eventually(lambda: stored(appliance) & expected == expected)
    callid, dialog = max(dialogs.items(), key=lambda item: len(item[1]["messages"]))
    rows = messages(appliance, callid)
    assert sum(row["copies"] for row in rows) == len(dialog["messages"])
    assert {row["method"] for row in rows} == {one["what"] for one in dialog["messages"]}
