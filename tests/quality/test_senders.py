from dataclasses import replace

from appliance.model.quality import ReportKind, Told
from appliance.quality.rtcp import Block, Part, Sender
from appliance.quality.rtcp_streams import streams
from appliance.quality.senders import apart
from tests.quality.samples import HERE, THERE

SENDER = Sender(0, 0, 0, 250, 40000)
BLOCK = Block(2, 3, 1, 250, 42, 0, 0)


def test_a_stream_of_its_sender_comes_before_the_one_that_it_receives() -> None:
    (one,) = streams([Part(200, 1, SENDER, (BLOCK,))], (HERE, THERE))
    sent, received = apart(one)
    assert (sent.told, sent.ssrc, sent.packets) == (Told.SENT, 1, 250)
    assert ((sent.source_ip, sent.source_port), (sent.destination_ip, sent.destination_port)) == (HERE, THERE)
    assert (received.told, received.ssrc, received.lost, received.sent_packets) == (Told.RECEIVED, 2, 1, None)
    assert received == replace(one, sent_ssrc=None, sent_packets=None)


def test_with_several_blocks_it_goes_with_the_first() -> None:
    first, second = streams([Part(200, 1, SENDER, (BLOCK, BLOCK._replace(ssrc=3)))], (HERE, THERE))
    assert (first.sent_packets, second.sent_packets) == (250, None)


def test_without_a_block_that_says_something_it_is_a_stream_of_its_own() -> None:
    for blocks in ((), (Block(2, 0, 0, 0, 0, 0, 0),)):
        (one,) = streams([Part(200, 1, SENDER, blocks)], (HERE, THERE))
        assert (one.kind, one.told, one.packets) == (ReportKind.RTCP, Told.SENT, 250)
        assert apart(one) == (one,)
