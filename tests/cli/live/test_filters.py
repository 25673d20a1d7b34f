"""What the kernel's filters let through, asked of the kernel itself on a socket pair's frames."""

import ctypes
import socket
import struct

import pytest

from appliance.cli.live.filters import ETHERNET, RAW, FilterError, compiled, without_media
from tests.capture.made import INVITE, ethernet, ipv4, ipv6, tcp, udp

RTP, RTCP = b"\x80\x08" + bytes(160), b"\x81\xc9\x00\x07" + bytes(28)


def passes(program: bytes, frame: bytes) -> bool:
    """Attach the program to a socket; the filter sees a datagram of a local socket from its first octet."""
    sender, receiver = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with sender, receiver:
        code = ctypes.create_string_buffer(program, len(program))
        receiver.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HP", len(program) // 8, ctypes.addressof(code)))
        receiver.setblocking(False)
        try:
            sender.send(frame)
            return bool(receiver.recv(65_535))
        except (BlockingIOError, PermissionError):
            return False


@pytest.mark.parametrize(
    ("ip", "kept"),
    [
        (ipv4(udp(INVITE)), True),
        (ipv4(udp(RTCP)), True),
        (ipv4(udp(RTP)), False),
        (ipv4(udp(RTP), place=0x2000), True),
        (ipv4(tcp(RTP, 1), 6), True),
        (ipv6(udp(INVITE)), True),
        (ipv6(udp(RTCP)), True),
        (ipv6(udp(RTP)), False),
        (ipv4(ipv4(udp(RTP)), 4), True),
        (b"\x11\0\0\1\0\0" + bytes(60), True),
    ],
)
def test_all_but_media_is_let_through(ip: bytes, kept: bool) -> None:
    ether_type = {4: 0x0800, 6: 0x86DD}.get(ip[0] >> 4, 0x8864)
    assert passes(without_media(ETHERNET), ethernet(ip, ether_type)) == kept
    assert passes(without_media(RAW), ip) == kept


def test_an_expression_is_compiled_by_libpcap() -> None:
    program = compiled("udp port 5060", ETHERNET)
    assert passes(program, ethernet(ipv4(udp(INVITE))))
    assert not passes(program, ethernet(ipv4(udp(INVITE, 5070, 5071))))


def test_what_is_no_expression_is_told_in_a_sentence() -> None:
    with pytest.raises(FilterError, match=r"FILTER 'udp pork 5060': .+"):
        compiled("udp pork 5060", ETHERNET)


def test_without_libpcap_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.util.find_library", lambda _: None)
    with pytest.raises(FilterError, match=r"apt-get install libpcap0\.8"):
        compiled("udp", ETHERNET)
