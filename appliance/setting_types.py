"""How values of hepbox.ini are written: lists, networks, addresses with a port, and what may be left empty. Pure."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _words(value: object) -> object:
    return tuple(word for word in re.split(r"[,;\s]+", value) if word) if isinstance(value, str) else value


def _networks(value: object) -> object:
    words = _words(value)
    return tuple(ipaddress.ip_network(word, strict=False) for word in words) if isinstance(words, tuple) else words


def _lines(value: object) -> object:
    return tuple(line.strip() for line in value.splitlines() if line.strip()) if isinstance(value, str) else value


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


def _off_is_none(value: object) -> object:
    return None if value in ("", "off") else _address(value)


def _address(value: object) -> object:
    if isinstance(value, str):
        match = re.fullmatch(r"(?:\[[0-9a-fA-F:.]+\]|[^:\s]+):([0-9]{1,5})", value)
        if match is None or not 0 < int(match[1]) < 65536:
            raise ValueError("write ADDRESS:PORT, for example 0.0.0.0:9060 or [::]:9060")
    return value


Lines = Annotated[tuple[str, ...], BeforeValidator(_lines)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Names = Annotated[tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.\-]{1,64}$")], ...], BeforeValidator(_words)]
Networks = Annotated[tuple[Network, ...], BeforeValidator(_networks)]
Address = Annotated[str, BeforeValidator(_address)]
OptionalAddress = Annotated[str | None, BeforeValidator(_off_is_none)]
OptionalPath = Annotated[Path | None, BeforeValidator(_empty_is_none)]
OptionalCount = Annotated[Annotated[int, Field(ge=1, le=256)] | None, BeforeValidator(_empty_is_none)]
