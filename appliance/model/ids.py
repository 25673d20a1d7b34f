"""Names that outsiders hold: a message's id, a call's key in a path, the hash that finds a Call-ID.

message id   SITE-KIND-YYYYMMDD-N    N is opaque: base 36 of (microsecond of the day, row id)
call key     a Call-ID of [A-Za-z0-9@._-] as it stands, any other `~` + base64url of its octets
hash         56 bits of XXH3-64 over the Call-ID; `callid_key` puts the UTC hour in the top byte, so that
             an index on it grows at its end, hour by hour, and never outgrows memory
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import date, datetime

import xxhash

from appliance.model.kinds import Kind, day_start_us

HASH_MASK = (1 << 56) - 1
HOUR_US = 3_600_000_000

_PLAIN_KEY = re.compile(rb"[A-Za-z0-9@._-]+\Z")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ROW_BITS = 64


class BadName(ValueError):
    """A message id or call key that none of ours could be; the text says what is wrong with it."""


def callid_hash(callid: bytes) -> int:
    """56 bits that stand for a Call-ID in keys; compare the Call-ID itself after finding one."""
    return xxhash.xxh3_64_intdigest(callid) >> 8


def callid_key(callid: bytes, time_us: int) -> int:
    """The indexed column of a message: UTC hour of the day, then the hash (`hour_key`, without its calls)."""
    return time_us // HOUR_US % 24 << 56 | xxhash.xxh3_64_intdigest(callid) >> 8


def hour_key(hour: int, hash_: int) -> int:
    """The same of an hour of the day and a hash; `key >> 56` and `key & HASH_MASK` take it apart."""
    return hour << 56 | hash_


def hour_of_day(time_us: int) -> int:
    return time_us // HOUR_US % 24


def payload_hash(payload: bytes) -> int:
    """63 bits that tell whether two packets carried the same octets."""
    return xxhash.xxh3_64_intdigest(payload) >> 1


def call_key(callid: bytes) -> str:
    """The KEY of `/calls/KEY`."""
    if _PLAIN_KEY.match(callid) and callid not in (b".", b".."):
        return callid.decode("ascii")
    return "~" + base64.urlsafe_b64encode(callid).rstrip(b"=").decode("ascii")


def parse_call_key(key: str) -> bytes:
    """The Call-ID of a KEY. Raises BadName."""
    if not key.startswith("~"):
        return key.encode("utf-8", "surrogateescape")
    try:
        encoded = key[1:].encode("ascii")
        return base64.b64decode(encoded + b"=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise BadName("the call's key is not base64url after its ~") from error


@dataclass(frozen=True, slots=True)
class MessageId:
    """Where a message lies: site, kind, day of its table, and its primary key there."""

    site: str
    kind: Kind
    day: date
    micro_ts: int
    row: int

    def __str__(self) -> str:
        number = (self.micro_ts - day_start_us(self.day)) << _ROW_BITS | self.row
        return f"{self.site}-{self.kind}-{self.day:%Y%m%d}-{_base36(number)}"


def parse_message_id(text: str) -> MessageId:
    """Read an id that `str(MessageId)` made. Raises BadName."""
    try:
        site, kind, day_text, number_text = text.rsplit("-", 3)
        day = datetime.strptime(day_text, "%Y%m%d").date()
        number = int(number_text, 36)
        row = number & (1 << _ROW_BITS) - 1
        found = MessageId(site, Kind(kind), day, day_start_us(day) + (number >> _ROW_BITS), row)
    except ValueError as error:
        raise BadName("a message's id looks like SITE-KIND-YYYYMMDD-N") from error
    if str(found) != text or number >> _ROW_BITS >= 86_400_000_000:
        raise BadName("a message's id looks like SITE-KIND-YYYYMMDD-N")
    return found


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
