import time

import pytest

from appliance.cli.live.filters import ETHERNET, without_media
from appliance.cli.live.interface import Interface, InterfaceError
from tests.capture.made import INVITE, ethernet, ipv4, udp
from tests.cli.live.namespace import namespace

pytestmark = pytest.mark.agents
TAGGED = ethernet(b"\0\7\x08\0" + ipv4(udp(INVITE)), 0x8100)


def test_frames_come_with_time_and_vlan_and_are_counted() -> None:
    with namespace() as network, network.within(lambda: Interface("right", without_media)) as opened:
        until = time.monotonic() + 10
        network.send_frame("left", TAGGED)
        frame = next(one for one in opened.frames(lambda: time.monotonic() < until) if one.data[6:12] == TAGGED[6:12])
        assert (frame.data, frame.link_type) == (TAGGED, ETHERNET)
        assert frame.time_us > 1_700_000_000_000_000
        assert opened.count() == 0


def test_on_the_loopback_each_packet_is_seen_once() -> None:
    with namespace() as network, network.within(lambda: Interface("lo", without_media)) as opened:
        network.send_frame("lo", ethernet(ipv4(udp(INVITE))))
        looks = iter([True] * 50)
        assert len(list(opened.frames(lambda: next(looks, False)))) == 1


def test_an_interface_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(InterfaceError, match=r"-i nic0: this machine has no such interface; it has .*lo"):
        Interface("nic0", without_media)
