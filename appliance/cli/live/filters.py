"""Filters that the kernel runs before it copies a frame: classic BPF, ours without media, or a person's by libpcap.

Media are nearly all of what a mirror port shows and nothing of what we want, so without FILTER the kernel drops UDP
whose payload is RTP by its first two octets (RFC 3550 5.1, 6.4: RTCP has packet types 200 to 207 there).
"""

import ctypes
import ctypes.util
import struct

_LDH, _LDB, _LDB_X, _LDX_SIZE = 0x28, 0x30, 0x50, 0xB1
_AND, _JEQ, _JGE, _JGT, _JSET, _RETURN = 0x54, 0x15, 0x35, 0x25, 0x45, 0x06
_LARGEST = 0x40000
_INSTRUCTION = struct.Struct("=HBBI")
ETHERNET, RAW = 1, 12
"""Link types for which filters are made (DLT_EN10MB, DLT_RAW)."""

Step = tuple[int, int, str, str]
"""Code, constant, and for jumps the labels when it holds and when not ("" is the next step)."""


class FilterError(Exception):
    """The filter cannot be used; the text is a sentence."""


def without_media(link_type: int) -> bytes:
    """The program that lets through all but RTP, for frames of Ethernet or of bare IP."""
    ip = 14 if link_type == ETHERNET else 0
    version: list[tuple[str, Step]] = [
        ("", (_LDB, 0, "", "")),
        ("", (_AND, 0xF0, "", "")),
        ("", (_JEQ, 0x40, "v4", "")),
        ("", (_JEQ, 0x60, "v6", "keep")),
    ]
    ether_type: list[tuple[str, Step]] = [
        ("", (_LDH, 12, "", "")),
        ("", (_JEQ, 0x0800, "v4", "")),
        ("", (_JEQ, 0x86DD, "v6", "keep")),
    ]
    return _assembled(
        [
            *(ether_type if link_type == ETHERNET else version),
            ("v4", (_LDB, ip + 9, "", "")),
            ("", (_JEQ, 17, "", "keep")),
            ("", (_LDH, ip + 6, "", "")),
            ("", (_JSET, 0x3FFF, "keep", "")),
            ("", (_LDX_SIZE, ip, "", "")),
            ("", (_LDB_X, ip + 8, "", "")),
            ("", (_AND, 0xC0, "", "")),
            ("", (_JEQ, 0x80, "", "keep")),
            ("", (_LDB_X, ip + 9, "", "")),
            ("", (_JGE, 200, "", "drop")),
            ("", (_JGT, 207, "drop", "keep")),
            ("v6", (_LDB, ip + 6, "", "")),
            ("", (_JEQ, 17, "", "keep")),
            ("", (_LDB, ip + 48, "", "")),
            ("", (_AND, 0xC0, "", "")),
            ("", (_JEQ, 0x80, "", "keep")),
            ("", (_LDB, ip + 49, "", "")),
            ("", (_JGE, 200, "", "drop")),
            ("", (_JGT, 207, "drop", "keep")),
            ("drop", (_RETURN, 0, "", "")),
            ("keep", (_RETURN, _LARGEST, "", "")),
        ]
    )


def _assembled(steps: list[tuple[str, Step]]) -> bytes:
    places = {label: place for place, (label, _) in enumerate(steps) if label}
    out = b""
    for place, (_, (code, constant, holds, fails)) in enumerate(steps):
        jumps = [places[label] - place - 1 if label else 0 for label in (holds, fails)]
        out += _INSTRUCTION.pack(code, *jumps, constant)
    return out


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint), ("instructions", ctypes.c_void_p)]


def compiled(expression: str, link_type: int) -> bytes:
    """The program of a filter expression (pcap-filter(7)). Raises FilterError."""
    name = ctypes.util.find_library("pcap")
    if name is None:
        raise FilterError("FILTER needs libpcap: `apt-get install libpcap0.8`, or run without FILTER")
    pcap = ctypes.CDLL(name)
    pcap.pcap_open_dead.restype = ctypes.c_void_p
    pcap.pcap_geterr.restype = ctypes.c_char_p
    handle, program = ctypes.c_void_p(pcap.pcap_open_dead(link_type, _LARGEST)), _Program()
    try:
        if pcap.pcap_compile(handle, ctypes.byref(program), expression.encode(), 1, 0xFFFFFFFF):
            raise FilterError(f"FILTER {expression!r}: {pcap.pcap_geterr(handle).decode(errors='replace')}")
        size = program.length * _INSTRUCTION.size
        code = ctypes.string_at(program.instructions, size) if program.instructions else b""
        pcap.pcap_freecode(ctypes.byref(program))
        return code
    finally:
        pcap.pcap_close(handle)
