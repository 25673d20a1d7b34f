"""The octets of one direction of a TCP connection, cut into SIP messages and HEP frames, also within WebSocket.

RFC 3261 section 18.3: Content-Length says where a message ends. Tolerated: blank lines and NULs between messages,
bare LF, a wrong or absent Content-Length (the body then reaches to the next start line), a beginning in the middle,
octets that are not SIP at all. The messages do not depend on how the octets were cut into segments.
"""

import re
from dataclasses import dataclass

from appliance.capture import websocket
from appliance.capture.classify import is_sip, is_start_line

LARGEST_HEADER = 65_536
LARGEST_BODY = 262_144
_LONGEST_LINE = 8_192
_BLANK = b"\r\n\0"
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_CONTENT_LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_HAS_BODY = re.compile(rb"^(?:content-type|c)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_NEXT_START = re.compile(
    rb"(?<=[\n\0])(?:SIP/\d\.\d[ \t]+\d{3}(?=[ \t\r\n])|[A-Z]{2,32}[ \t]+[a-z]{2,12}:[^\r\n]{1,4096}?[ \t]SIP/\d|HEP3)",
)
_MAY_BEGIN = re.compile(rb"[A-Za-z0-9.!%*_+`'~/-]{1,64}(?:\Z|[ \t])")


@dataclass(slots=True)
class Message:
    """A message cut from a stream, with the frame that completed it."""

    data: bytes
    frame: int
    time_us: int


@dataclass(slots=True)
class _Mark:
    """Octets up to `end` (within the buffer) came with this frame."""

    end: int
    frame: int
    time_us: int


class Cutter:
    """Feed it the octets in order; it gives each message as soon as its last octet is there."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._marks: list[_Mark] = []
        self._in_step = True
        """Whether the buffer begins where a message should."""
        self._scanned = 0
        """No end of headers lies before this place of the buffer."""
        self._need = 0
        """Octets that the message in front has; 0 until its headers are whole, -1 while no length says it."""
        self._header_size = 0
        self._upgrading = False
        """Whether the message in front is an HTTP header that WebSocket may follow."""
        self._websocket: websocket.Messages | None = None

    def feed(self, data: bytes, frame: int, time_us: int) -> list[Message]:
        """Take the next octets; the messages that they complete."""
        if not self._in_step and data and data[0] in websocket.FIRST_OCTETS and websocket.carries_sip(data):
            self._drop(len(self._buffer))  # a frame mostly begins with its segment
            self._in_step = True
        self._buffer += data
        self._marks.append(_Mark(len(self._buffer), frame, time_us))
        found = []
        while (size := self._next()) > 0:
            found += self._opened(self._take(size))
        return found

    def end(self) -> list[Message]:
        """Nothing more comes here (end, or a gap): a message whose headers are whole is given as far as it came."""
        whole = bool(self._need and self._buffer) and self._websocket is None and not self._upgrading
        found = [self._take(len(self._buffer))] if whole else []
        self._drop(len(self._buffer))
        self._in_step, self._upgrading, self._websocket = True, False, None
        return found

    @property
    def size(self) -> int:
        """Octets that are held."""
        return len(self._buffer)

    @property
    def waiting(self) -> bool:
        """Whether a piece of a message is held."""
        return self._in_step and bool(self._buffer)

    def _opened(self, message: Message) -> list[Message]:
        """A piece of the stream as the message that it is: a frame of WebSocket holds or completes one."""
        if self._upgrading:
            self._upgrading = False
            self._websocket = websocket.Messages() if websocket.is_handshake(message.data) else None
            return []
        if self._websocket is None:
            return [message]
        message.data = self._websocket.open(message.data) or b""
        return [message] if is_sip(message.data) else []

    def _next(self) -> int:
        """Size of the message in front, or 0 when more octets are needed."""
        while self._need == 0:
            if self._in_step and self._websocket is None:
                self._skip_blank()
            if not self._buffer:
                return 0
            if not (self._in_step or self._found_step()):
                return 0
            state = self._front()
            if state is None:
                return 0
            self._in_step = state
        return self._body_end()

    def _front(self) -> bool | None:
        """Whether the front is a message (`_need` is then set); None while that cannot be told."""
        if self._websocket is not None or self._buffer[0] in websocket.FIRST_OCTETS:
            return self._websocket_frame()
        if self._buffer[:4] == b"HEP3"[: len(self._buffer)]:
            return self._hep_frame()
        line_end = self._buffer.find(b"\n", 0, _LONGEST_LINE)
        if line_end < 0:
            may = len(self._buffer) < _LONGEST_LINE and _MAY_BEGIN.match(self._buffer)
            return None if may else False
        self._upgrading = websocket.begins_handshake(bytes(self._buffer[:line_end]))
        if not (self._upgrading or is_start_line(bytes(self._buffer[:line_end]))):
            return False
        end = _HEADER_END.search(self._buffer, max(line_end - 1, self._scanned - 3, 0))
        if end is None:
            self._scanned = len(self._buffer)
            return None if len(self._buffer) < LARGEST_HEADER else False
        self._header_size = end.end()
        self._need = end.end() if self._upgrading else self._length(bytes(self._buffer[: end.end()]))
        return True

    def _websocket_frame(self) -> bool | None:
        if self._websocket is None:
            carries = websocket.carries_sip(self._buffer)
            if not carries:
                return carries
            self._websocket = websocket.Messages()
        size = websocket.frame_size(self._buffer)
        if size < 0:
            self._websocket = None
            return False
        self._need = self._header_size = size
        return True if size else None

    def _hep_frame(self) -> bool | None:
        if len(self._buffer) < 6:
            return None
        self._need = self._header_size = int.from_bytes(self._buffer[4:6], "big")
        return self._need >= 6 or self._refuse()

    def _refuse(self) -> bool:
        self._need = 0
        return False

    def _length(self, header: bytes) -> int:
        said = _CONTENT_LENGTH.search(header)
        if said and int(said[1]) <= LARGEST_BODY:
            return self._header_size + int(said[1])
        return -1 if _HAS_BODY.search(header) else self._header_size

    def _body_end(self) -> int:
        size = len(self._buffer)
        if self._need > 0:
            return self._need if size >= self._need else 0
        following = _NEXT_START.search(self._buffer, max(self._header_size, self._scanned - _LONGEST_LINE))
        if following:
            return following.start()
        self._scanned = size
        return size if size - self._header_size > LARGEST_BODY else 0

    def _found_step(self) -> bool:
        """Drop what is in front of the next start line; when there is none, all but a last line that may become one.

        The octet before that line stays too: it tells later that a line begins here, however the octets were cut.
        """
        following = _NEXT_START.search(self._buffer, 1)
        if following:
            self._drop(following.start())
            self._in_step = True
            return True
        before = max(self._buffer.rfind(b"\n"), len(self._buffer) - _LONGEST_LINE, 0)
        self._drop(before)
        return False

    def _skip_blank(self) -> None:
        blank = len(self._buffer) - len(self._buffer.lstrip(_BLANK))
        if blank:
            self._drop(blank)

    def _take(self, size: int) -> Message:
        last = next(mark for mark in self._marks if mark.end >= size)
        covering = self._marks[: self._marks.index(last) + 1]
        newest = max(covering, key=lambda mark: mark.frame)
        message = Message(bytes(self._buffer[:size]), newest.frame, newest.time_us)
        self._drop(size)
        self._in_step = True
        return message

    def _drop(self, size: int) -> None:
        del self._buffer[:size]
        self._marks = [_Mark(mark.end - size, mark.frame, mark.time_us) for mark in self._marks if mark.end > size]
        self._need = self._scanned = self._header_size = 0
