"""Records of calls whose codec the reports do not name, scored by the codec of their SDP."""

import json
from dataclasses import replace

import pytest

from appliance.buffer.batch import Origin, Record
from appliance.hep.encode import encode
from appliance.ingest.heard import otherwise
from appliance.model.packet import Packet
from appliance.model.rows import MessageRow
from appliance.quality.emodel import mos
from appliance.settings import MysqlSettings
from appliance.storage.connection import Database
from tests.calls.made import START_US
from tests.calls.test_negotiation import said
from tests.ingest.test_opinions import Told, report
from tests.ingest.test_settler import SECOND, made
from tests.storage.search.stored import A_CALL

OFFER, ANSWER = "audio 10.0.0.1:4000 PCMA/G729/telephone-event", "audio 10.0.0.2:5000 G729/telephone-event"
LOSS = 26 / 256 * 100


def call(answer: str = ANSWER) -> list[MessageRow]:
    return made(
        f"0 A>B INVITE {said(OFFER)}", f"900 B>A 200 INVITE {said(answer)}", "950 A>B ACK", "9000 A>B BYE",
        "9010 B>A 200 BYE",
    )  # fmt: skip


def rtcp(at_us: int, fraction_lost: int = 26) -> Record:
    """A receiver report of Bob's stream, without a codec, as RTCP has none."""
    block = {"source_ssrc": 7, "fraction_lost": fraction_lost, "packets_lost": 5, "highest_seq_no": 400,
             "ia_jitter": 80, "lsr": 0, "dlsr": 0}  # fmt: skip
    payload = json.dumps({"ssrc": 9, "type": 201, "report_count": 1, "report_blocks": [block]}).encode()
    sent = Packet(3, 5, 17, "10.0.0.1", 4001, "10.0.0.2", 5001, at_us, 7, b"probe", b"c1@made", payload)
    return Record(at_us, "192.0.2.99", 9060, Origin.UDP, encode(sent))


def scored(codec: str, loss: float = LOSS) -> float:
    opinion = mos(codec, loss)
    assert opinion is not None
    return opinion.mos


@pytest.fixture
def scene(database: Database, mysql: MysqlSettings) -> Told:
    return Told(database, mysql)


@pytest.mark.parametrize("first", ["report", "call"])
@pytest.mark.parametrize("restarted", [False, True])
async def test_a_report_without_a_codec_is_scored_by_that_of_the_call(scene: Told, first: str, restarted: bool) -> None:
    if first == "report":
        await scene.hear(rtcp(START_US + 2 * SECOND))
        await scene.folded(call())
    else:
        await scene.folded(call())
        if restarted:
            scene.restart()
        await scene.settle(await scene.hear(rtcp(START_US + 2 * SECOND)))
    assert scored("G729") < scored("")
    assert await scene.mos() == [pytest.approx(scored("G729"), abs=0.011)]


async def test_of_a_codec_that_is_heard_as_assumed_nothing_changes(scene: Told) -> None:
    await scene.hear(rtcp(START_US + 2 * SECOND))
    await scene.folded(call("audio 10.0.0.2:5000 PCMA"))
    assert await scene.mos() == [pytest.approx(scored(""), abs=0.011)]


async def test_what_an_agent_reported_itself_stays(scene: Told) -> None:
    await scene.hear(report(3.9, START_US + 2 * SECOND))
    await scene.folded(call())
    assert await scene.mos() == [3.9]


async def test_a_later_and_worse_report_lowers_the_record_by_the_codec_too(scene: Told) -> None:
    await scene.hear(rtcp(START_US + 2 * SECOND, 5))
    now = await scene.folded(call())
    await scene.settle(await scene.hear(rtcp(START_US + 8 * SECOND)))
    assert await scene.mos() == [pytest.approx(scored("G729"), abs=0.011)]
    await scene.settle(now + SECOND)
    assert await scene.mos() == [pytest.approx(scored("G729"), abs=0.011)]


@pytest.mark.parametrize(
    ("codecs", "codec"),
    [
        (("G729", "telephone-event"), "G729"), (("telephone-event", "opus"), "OPUS"), (("PCMA", "G729"), ""),
        ((), ""), (("t38",), ""), (("AMR-WB",), "AMR-WB"), (("g729",), "G729"),
    ],
)  # fmt: skip
def test_the_first_codec_is_the_one_that_is_sent(codecs: tuple[str, ...], codec: str) -> None:
    assert otherwise(replace(A_CALL, codecs=codecs)) == codec
