"""Frames from an interface of this machine, by a packet socket of Linux (packet(7)).

The kernel stamps each frame, runs the filter, and counts what it had to drop because we were slow. A VLAN tag that
the card took off is put back. On the loopback each packet is seen twice; its way out is left out.
"""

import ctypes
import errno
import fcntl
import os
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator
from typing import Self

from appliance.capture.files import Frame
from appliance.cli.live.filters import ETHERNET, RAW

EVERY_PROTOCOL = 0x0003
ANY = "any"
BUFFER_OCTETS = 64 << 20
_LARGEST = 1 << 18
_PACKET = 263  # SOL_PACKET
_ADD_MEMBERSHIP, _STATISTICS, _AUXDATA, _PROMISCUOUS = 1, 6, 8, 1
_TIMESTAMP_NS, _ATTACH_FILTER, _BUFFER_FORCED = 35, 26, 33
_HARDWARE_ADDRESS = 0x8927  # SIOCGIFHWADDR
_OUTGOING = 4
_VLAN_VALID, _VLAN_TPID_VALID = 16, 64
_ETHERNET_LIKE, _BARE_IP, _UNKNOWN = {1, 772}, {519, 768, 769, 776, 778, 823, 65534}, 0
_COOKED = 113
_IDLE_SECONDS = 0.2


class InterfaceError(Exception):
    """Nothing can be captured there; the text is a sentence with the remedy."""


class Interface:
    """An open capture. Use as a context manager."""

    def __init__(self, name: str, program: Callable[[int], bytes]) -> None:
        """`program` makes the filter for Ethernet or bare IP; "any" is all interfaces."""
        self.name = name
        self.dropped = 0
        """Frames that the kernel could not hand to us."""
        number, hardware = _number(name), _hardware(name)
        cooked = hardware not in _ETHERNET_LIKE | _BARE_IP
        self.link_type = _COOKED if cooked else ETHERNET if hardware in _ETHERNET_LIKE else RAW
        try:
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM if cooked else socket.SOCK_RAW, 0)
        except PermissionError as error:
            raise InterfaceError(
                "capturing needs root or the capability CAP_NET_RAW: run it by sudo, "
                "or give it with AmbientCapabilities=CAP_NET_RAW in a unit of systemd"
            ) from error
        self._prepare(program(ETHERNET if self.link_type == ETHERNET else RAW), number, name)

    def _prepare(self, program: bytes, number: int, name: str) -> None:
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, _TIMESTAMP_NS, 1)
        self._socket.setsockopt(_PACKET, _AUXDATA, 1)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, _BUFFER_FORCED, BUFFER_OCTETS)
        except PermissionError:  # CAP_NET_ADMIN alone may go beyond the machine's limit
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_OCTETS)
        instructions = ctypes.create_string_buffer(program, len(program))
        attached = struct.pack("HP", len(program) // 8, ctypes.addressof(instructions))
        self._socket.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, attached)
        try:
            _bind(self._socket, number)
        except OSError as error:
            raise InterfaceError(f"-i {name}: {error.strerror}") from error
        if number:
            self._socket.setsockopt(_PACKET, _ADD_MEMBERSHIP, struct.pack("iHH8s", number, _PROMISCUOUS, 0, b""))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._socket.close()

    def frames(self, going_on: Callable[[], bool]) -> Iterator[Frame]:
        """Frames until `going_on`, asked after each and five times a second, says no."""
        buffer, number = bytearray(_LARGEST), 0
        while going_on():
            try:
                size, notes, _, address = self._socket.recvmsg_into([buffer], 256)
            except BlockingIOError:
                select.select([self._socket], [], [], _IDLE_SECONDS)
                continue
            except OSError as error:
                if error.errno == errno.ENETDOWN:  # told once; frames come again when it is up
                    continue
                raise InterfaceError(f"-i {self.name}: {error.strerror}") from error
            if address[2] == _OUTGOING and address[3] == 772:
                continue
            number += 1
            time_us, tag = _noted(notes)
            data = self._framed(bytes(memoryview(buffer)[:size]), address[1], tag)
            yield Frame(number, time_us, self.link_type, data)

    def _framed(self, data: bytes, ether_type: int, tag: bytes) -> bytes:
        if self.link_type == _COOKED:
            inner = struct.pack(">H", ether_type)
            return bytes(14) + (tag + inner if tag else inner) + data
        return data[:12] + tag + data[12:] if tag else data

    def count(self) -> int:
        """Frames that the kernel dropped since the capture began."""
        self.dropped += int(struct.unpack("II", self._socket.getsockopt(_PACKET, _STATISTICS, 8))[1])
        return self.dropped


def _bind(opened: socket.socket, number: int) -> None:
    """By number, since Python binds to one interface only, and 0 is all of them (struct sockaddr_ll)."""
    address = struct.pack("=HHi12x", socket.AF_PACKET, socket.htons(EVERY_PROTOCOL), number)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.bind(opened.fileno(), address, len(address)):
        number_of_error = ctypes.get_errno()
        raise OSError(number_of_error, os.strerror(number_of_error))


def _noted(notes: list[tuple[int, int, bytes]]) -> tuple[int, bytes]:
    """Time of receipt, microseconds UTC, and the VLAN tag that was taken off."""
    time_us, tag = 0, b""
    for level, kind, data in notes:
        if level == socket.SOL_SOCKET and kind == _TIMESTAMP_NS:
            seconds, nanoseconds = struct.unpack("qq", data)
            time_us = seconds * 1_000_000 + nanoseconds // 1000
        elif level == _PACKET and kind == _AUXDATA:
            status, control, protocol = struct.unpack("I12xHH", data[:20])
            if status & _VLAN_VALID:
                tag = struct.pack(">HH", protocol if status & _VLAN_TPID_VALID else 0x8100, control)
    return time_us or time.time_ns() // 1000, tag


def _number(name: str) -> int:
    if name == ANY:
        return 0
    try:
        return socket.if_nametoindex(name)
    except OSError as error:
        known = ", ".join(known for _, known in socket.if_nameindex())
        raise InterfaceError(
            f"-i {name}: this machine has no such interface; it has {known}, and any for all"
        ) from error


def _hardware(name: str) -> int:
    """ARPHRD_… of the interface."""
    if name == ANY:
        return _UNKNOWN
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        answer = fcntl.ioctl(asked, _HARDWARE_ADDRESS, struct.pack("16s24x", name.encode()))
    return int(struct.unpack_from("H", answer, 16)[0])
