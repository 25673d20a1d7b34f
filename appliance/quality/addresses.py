"""Address and port as RFC 6035's LocalAddr, and those before and beside it, write them."""

import re

_NAMED = re.compile(r"(IP|PORT)[=:][ \t]*(\S+)", re.IGNORECASE)
_PLAIN = re.compile(r"(\S+?)(?:[ \t]+|:)([0-9]{1,5})\Z")
MAX_LENGTH = 200


def host_port(text: str) -> tuple[str, int]:
    """`IP=a PORT=p SSRC=s`, `IP:a PORT:p`, `a p`, `a:p`; what is none of them comes back whole, with port 0."""
    text = text.strip()
    if len(text) > MAX_LENGTH:
        return text[:MAX_LENGTH], 0
    named = {name.upper(): value for name, value in _NAMED.findall(text)}
    if "IP" in named:
        return named["IP"].strip("[]"), _port(named.get("PORT", ""))
    plain = _PLAIN.match(text)
    if plain and _port(plain[2]) and (plain[1].count(":") == 0 or plain[1].startswith("[")):
        return plain[1].strip("[]"), _port(plain[2])
    return text, 0


def _port(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535 else 0
