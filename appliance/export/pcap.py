"""Messages as a capture file that Wireshark opens (FEATURES G1): classic pcap, microseconds, link type raw IP.

Each message is written byte for byte under its own time, in the order given. IPv4 or IPv6 by its addresses (mixed
ones as IPv4-mapped). UDP as UDP; TCP, TLS, WS and WSS as TCP with sequence numbers that fit together, the payload being
the decrypted message; SCTP as DATA chunks. There is no handshake, nobody captured one. What no UDP datagram can carry
(65,507 octets) goes as TCP; more than a packet can carry goes in several. RTCP is there as it was; what no packet ever
carried, such as reports in JSON, log lines and events, is left out.
"""

import ipaddress
import struct
from collections.abc import Iterable, Iterator

import dpkt

from appliance.capture.classify import is_rtcp
from appliance.export.sctp import data_packets
from appliance.model.kinds import Kind
from appliance.model.rows import MessageRow

RAW_IP = 101
"""LINKTYPE_RAW: the packet begins with the IP header."""
SNAPLEN = 262_144
LARGEST_DATAGRAM = 65_507
SEGMENT = 65_000
"""Payload octets of one TCP segment at most: headers and it stay below the 65,535 of an IP packet."""
STREAMS = ("tcp", "tls", "ws", "wss")
TAKEN_PORTS = frozenset((80, 2710, 2869, 3128, 3132, 3868, 5985, 8080, 8088, 11371))
"""TCP ports whose content Wireshark reads as HTTP or Diameter unless it is told that it is SIP."""
_LATEST_US = (1 << 32) * 1_000_000 - 1

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Flow = tuple[bytes, int, bytes, int]


def pcap(messages: Iterable[MessageRow]) -> bytes:
    """A whole pcap file; messages without their octets (`raw` is None) are left out."""
    return b"".join(records(messages))


def records(messages: Iterable[MessageRow]) -> Iterator[bytes]:
    """The same in pieces, the head of the file first."""
    writer = _Packets()
    yield struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, SNAPLEN, RAW_IP)
    for row in messages:
        if row.raw is not None and is_packet(row):
            for packet in writer.packets(row, row.raw):
                yield _record(_time_us(row), packet)


def is_packet(row: MessageRow) -> bool:
    """Whether these octets were in a packet as they are: SIP and RTCP were, an agent's report about them was not."""
    return row.kind.is_sip or (row.kind is Kind.RTCP and is_rtcp(row.raw or b""))


def hidden_ports(messages: Iterable[MessageRow]) -> list[int]:
    """Ports that Wireshark has to be told of (`-d tcp.port==8088,sip`) to show the SIP on them."""
    ends = {port for row in messages if row.proto in STREAMS for port in (row.source_port, row.destination_port)}
    return sorted(ends & TAKEN_PORTS)


def _record(time_us: int, packet: bytes) -> bytes:
    seconds, rest = divmod(time_us, 1_000_000)
    return struct.pack("<IIII", seconds, rest, len(packet), len(packet)) + packet


def _time_us(row: MessageRow) -> int:
    """The packet's own time, or the one it is filed under when pcap cannot express that."""
    return row.ts if 0 <= row.ts <= _LATEST_US else max(0, min(row.filed_ts, _LATEST_US))


class _Packets:
    """Makes IP packets; remembers how far each direction of each connection has come."""

    def __init__(self) -> None:
        self._sent: dict[Flow, int] = {}
        self._number = 0

    def packets(self, row: MessageRow, payload: bytes) -> Iterator[bytes]:
        source, destination = addresses(row.source_ip, row.destination_ip)
        ports = row.source_port & 0xFFFF, row.destination_port & 0xFFFF
        if row.proto == "sctp":
            flow = source.packed, ports[0], destination.packed, ports[1]
            first = self._sent.get(flow, 1)
            packets = data_packets(*ports, payload, first)
            self._sent[flow] = first + len(packets)
            yield from (self._ip(source, destination, 132, packet) for packet in packets)
        elif row.proto in STREAMS or len(payload) > LARGEST_DATAGRAM:
            yield from self._segments(source, destination, ports, payload)
        else:
            datagram = dpkt.udp.UDP(sport=ports[0], dport=ports[1], data=payload, ulen=8 + len(payload))
            yield self._ip(source, destination, 17, datagram)

    def _segments(
        self, source: Address, destination: Address, ports: tuple[int, int], payload: bytes
    ) -> Iterator[bytes]:
        flow = source.packed, ports[0], destination.packed, ports[1]
        back = destination.packed, ports[1], source.packed, ports[0]
        for start in range(0, max(1, len(payload)), SEGMENT):
            part = payload[start : start + SEGMENT]
            sent = self._sent.get(flow, 1)
            segment = dpkt.tcp.TCP(
                sport=ports[0],
                dport=ports[1],
                seq=sent & 0xFFFFFFFF,
                ack=self._sent.get(back, 1) & 0xFFFFFFFF,
                flags=dpkt.tcp.TH_ACK | (dpkt.tcp.TH_PUSH if start + SEGMENT >= len(payload) else 0),
                win=65535,
                data=part,
            )
            self._sent[flow] = sent + len(part)
            yield self._ip(source, destination, 6, segment)

    def _ip(self, source: Address, destination: Address, protocol: int, body: dpkt.Packet | bytes) -> bytes:
        self._number = (self._number + 1) & 0xFFFF
        if source.version == 4:
            packet = dpkt.ip.IP(
                src=source.packed, dst=destination.packed, p=protocol, id=self._number, ttl=64, data=body
            )
            packet.len = len(packet)
        else:
            packet = dpkt.ip6.IP6(src=source.packed, dst=destination.packed, nxt=protocol, hlim=64, data=body)
            packet.plen = len(bytes(body))
            packet.extension_hdrs = {}
        return bytes(packet)


def addresses(source: str, destination: str) -> tuple[Address, Address]:
    """Both addresses in one family; what is no address at all becomes 0.0.0.0."""
    pair = _address(source), _address(destination)
    if pair[0].version == pair[1].version:
        return pair
    one, other = (_mapped(address) for address in pair)
    return one, other


def _address(text: str) -> Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return ipaddress.IPv4Address(0)


def _mapped(address: Address) -> ipaddress.IPv6Address:
    if isinstance(address, ipaddress.IPv6Address):
        return address
    return ipaddress.IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)
