# cython: language_level=3, boundscheck=True, wraparound=False, initializedcheck=False, cdivision=True
"""Reads usual SIP in HEP 3 in one pass, compiled: what `hep.decode`, `sip.parse` and `understand` do in plain Python.

Nearly all that a platform sends is usual: well-formed, without a credible doubt about its time, with values that fit
their columns. `Usual.read` gives the same row for it as the plain readers, or None for whatever it is not sure of, and
that is then read by them. So the plain readers stay the only ones that say what is wrong with a packet, and the oracle
of this one (tests/ingest/test_usual.py, tests/fuzz). Octets are reached by pointers; every one of them is compared
with the end of its region before it is followed.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.string cimport memchr, memcmp, memcpy

from appliance.hep.addresses import address_text
from appliance.ingest.filing import DAY_US, FUTURE_US
from appliance.model.kinds import Kind, sip_kind
from appliance.model.remembered import Remembered
from appliance.sip import parse as plain
from appliance.sip.address import first_user
from appliance.sip.leg_keys import leg_keys
from appliance.sip.session import summary
from appliance.sip.values import auth_user

import xxhash

cdef extern from "string.h" nogil:
    void* memmem(const void* haystack, size_t length, const void* needle, size_t needle_length)

ctypedef const unsigned char* Octets
ctypedef unsigned long long u64

cdef struct Span:
    Octets at
    Py_ssize_t n

cdef struct Address:
    Span user
    Span host
    Octets after

cdef enum:
    MOST_LINES = 256
    MOST_CHOSEN = 8
    HEADERS = 25
    ROOM = 6144

cdef enum:  # places of headers, those of sip/parse.py
    NOT_NEEDED = 0
    VIA = 1
    FROM = 2
    TO = 3
    CALLID = 4
    CSEQ = 5
    LENGTH = 6
    CONTACT = 7
    USER_AGENT = 8
    CONTENT_TYPE = 9
    SERVER = 10
    ASSERTED = 11
    PREFERRED = 12
    AUTH = 13
    PROXY_AUTH = 14
    REASON = 15
    DIVERSION = 16
    EVENT = 17
    EXPIRES = 18
    REPLACES = 19
    JOIN = 20
    TARGET_DIALOG = 21
    REFER_TO = 22
    CHARGING = 23
    GUID = 24

cdef enum:  # classes of octets
    DISPLAY = 1      # [\w .!%*+`'~-]
    USER = 2         # not of @ : ; ? " < > [ ] and blanks
    PASSWORD = 4     # not of @ " < > and blanks
    HOST = 8         # [\w.-]
    PARAMETER = 16   # not of ; , " and blanks
    HEXADECIMAL = 32 # of an IPv6 address, with : and .
    ESCAPED = 64     # what LOAD DATA wants escaped
    UPPER = 128

cdef unsigned char classes[256]

cdef void _classify():
    cdef int c
    for c in range(256):
        letter = chr(c) if c < 128 else ""
        blank = c == 32 or 9 <= c <= 13
        word = letter.isalnum() or letter == "_"
        classes[c] = (
            (DISPLAY if word or (letter and letter in " .!%*+`'~-") else 0)
            | (USER if not blank and not (letter and letter in '@:;?"<>[]') else 0)
            | (PASSWORD if not blank and not (letter and letter in '@"<>') else 0)
            | (HOST if word or (letter and letter in ".-") else 0)
            | (PARAMETER if not blank and not (letter and letter in ';,"') else 0)
            | (HEXADECIMAL if letter and letter in "0123456789abcdefABCDEF:." else 0)
            | (ESCAPED if c in (9, 10, 92) else 0)
            | (UPPER if 65 <= c <= 90 else 0)
        )

_classify()

cdef inline bint of(unsigned char c, int wanted) noexcept nogil:
    return classes[c] & wanted != 0

cdef inline Octets over(Octets at, Octets end, int wanted) noexcept nogil:
    """Behind the octets of a class."""
    while at < end and classes[at[0]] & wanted:
        at += 1
    return at

cdef inline bint is_blank(unsigned char c) noexcept nogil:
    return c == 32 or (9 <= c <= 13)

cdef inline Span stripped(Span s) noexcept nogil:
    while s.n > 0 and is_blank(s.at[0]):
        s.at += 1
        s.n -= 1
    while s.n > 0 and is_blank(s.at[s.n - 1]):
        s.n -= 1
    return s

cdef inline Octets over_blanks(Octets at, Octets end) noexcept nogil:
    while at < end and (at[0] == 32 or at[0] == 9):
        at += 1
    return at

cdef inline Span between(Octets at, Octets end) noexcept nogil:
    cdef Span s
    s.at = at
    s.n = end - at
    return s

cdef inline bytes octets(Span s):
    return PyBytes_FromStringAndSize(<const char*>s.at, s.n)

cdef inline bint same(Span s, const char* text, Py_ssize_t n) noexcept nogil:
    return s.n == n and memcmp(s.at, text, n) == 0


cdef struct Line:
    # one row's columns on their way into LOAD DATA
    unsigned char to[ROOM]
    Py_ssize_t n
    bint good

cdef void put(Line* line, Span s, Py_ssize_t width) noexcept nogil:
    """A column as it is; one that is too wide, or would have to be escaped, spoils the line."""
    cdef Py_ssize_t index
    cdef unsigned char c
    if s.n > width or line.n + s.n + 2 > ROOM:
        line.good = False
        return
    for index in range(s.n):
        c = s.at[index]
        if classes[c] & ESCAPED:
            line.good = False
            return
        line.to[line.n + index] = c
    line.n += s.n
    line.to[line.n] = 9
    line.n += 1

cdef void put_number(Line* line, u64 number) noexcept nogil:
    cdef unsigned char digits[20]
    cdef int n = 20
    while True:
        n -= 1
        digits[n] = <unsigned char>(48 + number % 10)
        number //= 10
        if number == 0:
            break
    put(line, between(digits + n, digits + 20), 20)

cdef inline void put_octets(Line* line, bytes value, Py_ssize_t width):
    put(line, between(<Octets>PyBytes_AS_STRING(value), <Octets>PyBytes_AS_STRING(value) + PyBytes_GET_SIZE(value)), width)


cdef bint read_uri(Octets at, Octets end, unsigned char until, Address* found) noexcept nogil:
    """sip: or sips: with user and host in their usual form, up to `until` (0: up to the end)."""
    cdef Octets stop, sign, colon
    if end - at < 5 or memcmp(at, b"sip", 3) != 0:
        return False
    at += 3
    if at[0] == 115:  # s
        at += 1
    if at >= end or at[0] != 58:
        return False
    at += 1
    stop = end
    if until:
        stop = <Octets>memchr(at, until, end - at)
        if stop == NULL:
            return False
    sign = <Octets>memchr(at, 64, stop - at)
    found.user = between(at, at)
    if sign != NULL:
        colon = over(at, sign, USER)
        found.user = between(at, colon)
        if colon < sign and (colon[0] != 58 or over(colon + 1, sign, PASSWORD) != sign):
            return False
        at = sign + 1
    if at < stop and at[0] == 91:  # [
        colon = over(at + 1, stop, HEXADECIMAL)
        if colon == at + 1 or colon >= stop or colon[0] != 93:
            return False
        colon += 1
    else:
        colon = over(at, stop, HOST)
        if colon == at:
            return False
    found.host = between(at, colon)
    at = colon
    if at < stop and at[0] == 58:
        colon = at + 1
        while colon < stop and 48 <= colon[0] <= 57:
            colon += 1
        if colon == at + 1:
            return False
        at = colon
    if at < stop and (at[0] == 59 or at[0] == 63):  # ; or ?
        at = over(at + 1, stop, PASSWORD)
    if at != stop:
        return False
    found.after = stop + 1 if until else stop
    return True

cdef bint read_address(Span value, Address* found) noexcept nogil:
    """An optional name and a URI in < >."""
    cdef Octets at = value.at, end = value.at + value.n
    at = over_blanks(at, end)
    if at < end and at[0] == 34:  # "
        at += 1
        while at < end and at[0] != 34 and at[0] != 92:
            at += 1
        if at >= end or at[0] != 34:
            return False
        at = over_blanks(at + 1, end)
    else:
        at = over(at, end, DISPLAY)
    if at >= end or at[0] != 60:  # <
        return False
    return read_uri(at + 1, end, 62, found)

cdef bint read_party(Span value, Address* found, Span* tag) noexcept nogil:
    """From or To with its tag."""
    cdef Octets at, start, end = value.at + value.n
    if not read_address(value, found):
        return False
    at = found.after
    tag[0] = between(at, at)
    while at < end:
        if at[0] != 59:
            return False
        start = at + 1
        at = over(start, end, PARAMETER)
        if at == start:
            return False
        if at - start >= 3 and start[0] | 32 == 116 and start[1] | 32 == 97 and start[2] | 32 == 103:
            if at - start < 5 or memcmp(start, b"tag=", 4) != 0:
                return False
            if at < end and at[0] != 59:
                return False
            tag[0] = between(start + 4, at)
            return True
    return True

cdef bint read_via(Span value, Span* transport, Span* branch) noexcept nogil:
    """The topmost Via: its transport in lower case, and its branch."""
    cdef Octets at = over_blanks(value.at, value.at + value.n), end = value.at + value.n, start
    if end - at < 8 or memcmp(at, b"SIP/2.0/", 8) != 0:
        return False
    start = at + 8
    at = over(start, end, UPPER)
    transport[0] = between(start, at)
    if same(transport[0], b"UDP", 3):
        transport[0] = _word(b"udp", 3)
    elif same(transport[0], b"TCP", 3):
        transport[0] = _word(b"tcp", 3)
    elif same(transport[0], b"TLS", 3):
        transport[0] = _word(b"tls", 3)
    elif same(transport[0], b"WS", 2):
        transport[0] = _word(b"ws", 2)
    elif same(transport[0], b"WSS", 3):
        transport[0] = _word(b"wss", 3)
    elif same(transport[0], b"SCTP", 4):
        transport[0] = _word(b"sctp", 4)
    else:
        return False
    if at >= end or at[0] != 32:
        return False
    start = at + 1
    at = over(start, end, PARAMETER)
    if at == start:
        return False
    branch[0] = between(at, at)
    while at < end and at[0] == 59:
        start = at + 1
        at = over(start, end, PARAMETER)
        if at == start:
            return False
        if branch.n == 0 and start[0] | 32 == 98:  # b
            if at - start < 8 or memcmp(start, b"branch=", 7) != 0:
                return False
            branch[0] = between(start + 7, at)
    while at < end and is_blank(at[0]):
        at += 1
    return branch.n > 0 and (at == end or at[0] == 44)

cdef bint read_cseq(Span value, u64* number, Span* method) noexcept nogil:
    cdef Octets at = over_blanks(value.at, value.at + value.n), end = value.at + value.n, start = at
    number[0] = 0
    while at < end and 48 <= at[0] <= 57 and at - start < 10:
        number[0] = number[0] * 10 + (at[0] - 48)
        at += 1
    if at == start or number[0] > 2147483647 or at >= end or not (at[0] == 32 or at[0] == 9):
        return False
    start = over_blanks(at, end)
    at = over(start, end, UPPER)
    method[0] = between(start, at)
    return at > start and over_blanks(at, end) == end

cdef bint is_number(Span value, u64 limit) noexcept nogil:
    """Decimal digits of a number of at most `limit`, blanks around them."""
    cdef Span s = stripped(value)
    cdef u64 number = 0
    cdef Py_ssize_t index
    if s.n == 0 or s.n > 10:
        return False
    for index in range(s.n):
        if not 48 <= s.at[index] <= 57:
            return False
        number = number * 10 + (s.at[index] - 48)
    return number <= limit


cdef int place_of(Octets name, Py_ssize_t n) noexcept nogil:
    """Where a header's value belongs; `name` is in lower case."""
    if n == 1:
        return _compact(name[0])
    if n == 2:
        return TO if memcmp(name, b"to", 2) == 0 else NOT_NEEDED
    if n == 3:
        return VIA if memcmp(name, b"via", 3) == 0 else NOT_NEEDED
    if n == 4:
        if memcmp(name, b"from", 4) == 0:
            return FROM
        if memcmp(name, b"cseq", 4) == 0:
            return CSEQ
        return JOIN if memcmp(name, b"join", 4) == 0 else NOT_NEEDED
    if n == 5:
        return EVENT if memcmp(name, b"event", 5) == 0 else NOT_NEEDED
    if n == 6:
        if memcmp(name, b"server", 6) == 0:
            return SERVER
        return REASON if memcmp(name, b"reason", 6) == 0 else NOT_NEEDED
    if n == 7:
        if memcmp(name, b"call-id", 7) == 0:
            return CALLID
        if memcmp(name, b"contact", 7) == 0:
            return CONTACT
        return EXPIRES if memcmp(name, b"expires", 7) == 0 else NOT_NEEDED
    if n == 8:
        if memcmp(name, b"replaces", 8) == 0:
            return REPLACES
        return REFER_TO if memcmp(name, b"refer-to", 8) == 0 else NOT_NEEDED
    if n == 9:
        return DIVERSION if memcmp(name, b"diversion", 9) == 0 else NOT_NEEDED
    if n == 10:
        if memcmp(name, b"user-agent", 10) == 0:
            return USER_AGENT
        return GUID if memcmp(name, b"cisco-guid", 10) == 0 else NOT_NEEDED
    if n == 12:
        return CONTENT_TYPE if memcmp(name, b"content-type", 12) == 0 else NOT_NEEDED
    if n == 13:
        if memcmp(name, b"authorization", 13) == 0:
            return AUTH
        return TARGET_DIALOG if memcmp(name, b"target-dialog", 13) == 0 else NOT_NEEDED
    if n == 14:
        return LENGTH if memcmp(name, b"content-length", 14) == 0 else NOT_NEEDED
    if n == 17:
        return CHARGING if memcmp(name, b"p-charging-vector", 17) == 0 else NOT_NEEDED
    if n == 19:
        if memcmp(name, b"p-asserted-identity", 19) == 0:
            return ASSERTED
        return PROXY_AUTH if memcmp(name, b"proxy-authorization", 19) == 0 else NOT_NEEDED
    if n == 20:
        return PREFERRED if memcmp(name, b"p-preferred-identity", 20) == 0 else NOT_NEEDED
    return NOT_NEEDED

cdef int _compact(unsigned char name) noexcept nogil:
    if name == 118: return VIA            # v
    if name == 102: return FROM           # f
    if name == 116: return TO             # t
    if name == 105: return CALLID         # i
    if name == 108: return LENGTH         # l
    if name == 109: return CONTACT        # m
    if name == 99: return CONTENT_TYPE    # c
    if name == 111: return EVENT          # o
    if name == 114: return REFER_TO       # r
    return NOT_NEEDED


cdef struct Envelope:
    # what HEP 3 says around a SIP message
    int ip_protocol
    u64 seconds
    u64 microseconds
    Span source
    Span destination
    int source_port
    int destination_port
    long long capture_id
    Span node
    Span correlation_id
    Span payload

cdef bint read_envelope(Octets at, Py_ssize_t size, Envelope* e) noexcept nogil:
    """Chunks of a whole HEP 3 frame that holds SIP as it was sent."""
    cdef Octets end, value
    cdef Py_ssize_t total, length
    cdef unsigned int type_
    cdef bint is_sip = False
    if size < 6 or memcmp(at, b"HEP3", 4) != 0:
        return False
    total = at[4] << 8 | at[5]
    if total < 6 or total > size:
        return False
    end = at + total
    at += 6
    e.ip_protocol = e.source_port = e.destination_port = 0
    e.seconds = e.microseconds = 0
    e.capture_id = -1
    e.source = e.destination = e.node = e.correlation_id = e.payload = between(at, at)
    while at < end:
        if end - at < 6:
            return False
        length = at[4] << 8 | at[5]
        if length < 6 or length > end - at:
            return False
        value = at + 6
        type_ = at[2] << 8 | at[3]
        if at[0] or at[1] or type_ > 0x13:
            pass  # vendors' own, MAC addresses and others: no column holds them
        elif type_ == 1 or type_ == 2 or type_ == 11:
            if length != 7:
                return False
            if type_ == 2:
                e.ip_protocol = value[0]
            elif type_ == 11:
                is_sip = value[0] == 1
        elif type_ == 3 or type_ == 4:
            if length != 10:
                return False
            if type_ == 3:
                e.source = between(value, value + 4)
            else:
                e.destination = between(value, value + 4)
        elif type_ == 5 or type_ == 6:
            if length != 22:
                return False
            if type_ == 5:
                e.source = between(value, value + 16)
            else:
                e.destination = between(value, value + 16)
        elif type_ == 7 or type_ == 8:
            if length != 8:
                return False
            if type_ == 7:
                e.source_port = value[0] << 8 | value[1]
            else:
                e.destination_port = value[0] << 8 | value[1]
        elif type_ == 9 or type_ == 10 or type_ == 12:
            if length != 10:
                return False
            if type_ == 9:
                e.seconds = _u32(value)
            elif type_ == 10:
                e.microseconds = _u32(value)
            else:
                e.capture_id = <long long>_u32(value)
        elif type_ == 15:
            e.payload = between(value, at + length)
        elif type_ == 16:
            return False
        elif type_ == 17:
            e.correlation_id = between(value, at + length)
        elif type_ == 19:
            e.node = between(value, at + length)
        at += length
    return is_sip

cdef inline u64 _u32(Octets at) noexcept nogil:
    return <u64>at[0] << 24 | <u64>at[1] << 16 | <u64>at[2] << 8 | <u64>at[3]


cdef struct Message:
    Span first_line
    Span values[HEADERS]
    Span chosen[MOST_CHOSEN]
    Octets body

cdef class Usual:
    """Reads records by the settings of one instance; `chosen` are names of correlation headers as settings say them."""

    cdef tuple _names
    cdef Span _chosen[MOST_CHOSEN]
    cdef int _chosen_count
    cdef u64 _oldest_us, _future_us
    cdef object _addresses, _hash, _kinds

    def __init__(self, chosen, oldest_days):
        cdef bytes name
        self._names = plain._places(tuple(chosen))[2]
        if len(self._names) > MOST_CHOSEN or any(len(name) < 2 or len(name) > 31 for name in self._names):
            raise ValueError("more or longer correlation headers than the compiled reader takes")
        self._chosen_count = len(self._names)
        for index in range(self._chosen_count):
            name = self._names[index]
            self._chosen[index] = between(
                <Octets>PyBytes_AS_STRING(name), <Octets>PyBytes_AS_STRING(name) + PyBytes_GET_SIZE(name)
            )
        self._oldest_us = oldest_days * DAY_US
        self._future_us = FUTURE_US
        self._addresses = Remembered(lambda octets: address_text(octets).encode())
        self._kinds = {}
        self._hash = xxhash.xxh3_64_intdigest

    def read(self, bytes data, u64 received_us, str sender_ip):
        """(kind, micro_ts, callid_key, Call-ID, node, tail, payload) of a usual SIP message, else None."""
        cdef Envelope e
        cdef Message m
        cdef Octets start = <Octets>PyBytes_AS_STRING(data)
        cdef u64 time_us
        if not read_envelope(start, PyBytes_GET_SIZE(data), &e) or e.payload.n == 0:
            return None
        time_us = e.seconds * 1000000 + e.microseconds
        if time_us == 0 or time_us + self._oldest_us < received_us or time_us > received_us + self._future_us:
            return None
        if not self._read_head(e.payload, &m):
            return None
        return self._row(&e, &m, time_us, sender_ip)

    cdef bint _read_head(self, Span payload, Message* m) noexcept nogil:
        """First line, and the values of the headers that are needed; no line is folded, cut or without CR LF."""
        cdef Octets at = payload.at, end = payload.at + payload.n, stop, colon
        cdef int lines = 0, place, index
        cdef Span value
        for index in range(HEADERS):
            m.values[index] = between(at, at)
        for index in range(self._chosen_count):
            m.chosen[index] = between(at, at)
        if at[0] < 33 or at[0] > 126:
            return False
        while True:
            stop = <Octets>memchr(at, 10, end - at)
            if stop == NULL or stop == at or (stop - 1)[0] != 13:
                return False
            if stop - 1 == at:
                break
            lines += 1
            if lines > MOST_LINES:
                return False
            if lines == 1:
                m.first_line = between(at, stop - 1)
            else:
                colon = <Octets>memchr(at, 58, stop - 1 - at)
                if colon == NULL or colon == at or at[0] <= 32 or (colon - 1)[0] <= 32:
                    return False
                place = self._place(at, colon - at)
                value = between(colon + 1, stop - 1)
                if place > 0:
                    if value.n == 0 or not self._keep(&m.values[place], value, place):
                        return False
                elif place < 0:
                    if value.n == 0:
                        return False
                    if m.chosen[-1 - place].n == 0:
                        m.chosen[-1 - place] = value
            at = stop + 1
        m.body = stop + 1
        return lines > 1

    cdef bint _keep(self, Span* held, Span value, int place) noexcept nogil:
        """The first of repeated ones; False where a second one is joined to it or is wrong."""
        if held.n == 0:
            held[0] = value
            return True
        return not (FROM <= place <= LENGTH or place == REASON or place == DIVERSION)

    cdef int _place(self, Octets at, Py_ssize_t n) noexcept nogil:
        """Above 0 of a header that is needed, below of a chosen one (-1 the first)."""
        cdef unsigned char name[32]
        cdef Py_ssize_t index
        cdef int place
        if n > 31:
            return NOT_NEEDED
        for index in range(n):
            name[index] = at[index] | 32 if 65 <= at[index] <= 90 else at[index]
        place = place_of(name, n)
        if place == NOT_NEEDED:
            for index in range(self._chosen_count):
                if same(self._chosen[index], <const char*>name, n):
                    return <int>(-1 - index)
        return place

    cdef object _row(self, Envelope* e, Message* m, u64 time_us, str sender_ip):
        cdef Line line
        cdef Address ruri, from_, to, other
        cdef Span empty = between(e.payload.at, e.payload.at), method, phrase, from_tag, to_tag, transport, branch
        cdef Span cseq_method, callid, agent, content_type, aleg
        cdef u64 cseq, hashed
        cdef bytes node, payload, callid_octets, source, destination
        line.n = 0
        line.good = True
        method = phrase = empty
        ruri.user = ruri.host = empty
        if not _read_first_line(m.first_line, &method, &phrase, &ruri):
            return None
        if not read_cseq(m.values[CSEQ], &cseq, &cseq_method):
            return None
        if phrase.at == empty.at and not same(cseq_method, <const char*>method.at, method.n):
            return None
        if not self._parties(m, &from_, &from_tag, &to, &to_tag):
            return None
        callid = stripped(m.values[CALLID])
        if callid.n == 0 or not _read_any_via(m.values[VIA], &transport, &branch):
            return None
        if m.values[LENGTH].n and not is_number(m.values[LENGTH], e.payload.at + e.payload.n - m.body):
            return None
        if m.values[EXPIRES].n and not is_number(m.values[EXPIRES], 4294967295):
            return None
        if _may_report(cseq_method, e.payload):
            return None

        put(&line, method, 64)
        put(&line, phrase, 128)
        put_number(&line, cseq)
        put(&line, cseq_method, 32)
        put(&line, ruri.user, 160)
        put(&line, ruri.host, 160)
        put(&line, from_.user, 160)
        put(&line, from_.host, 160)
        put(&line, from_tag, 128)
        put(&line, to.user, 160)
        put(&line, to.host, 160)
        put(&line, to_tag, 128)
        if not _put_contact(&line, m.values[CONTACT], empty):
            return None
        if not _put_identity(&line, m.values[ASSERTED] if m.values[ASSERTED].n else m.values[PREFERRED], empty):
            return None
        if m.values[AUTH].n or m.values[PROXY_AUTH].n:
            put_octets(&line, auth_user(octets(m.values[AUTH] if m.values[AUTH].n else m.values[PROXY_AUTH])), 160)
        else:
            put(&line, empty, 0)
        put(&line, callid, 255)
        aleg = empty
        for index in range(self._chosen_count):
            if m.chosen[index].n:
                aleg = stripped(m.chosen[index])
                break
        put(&line, aleg, 255)
        put(&line, branch, 160)
        agent = m.values[USER_AGENT] if m.values[USER_AGENT].n else m.values[SERVER]
        put(&line, stripped(agent), 255)
        put(&line, stripped(m.values[REASON]), 255)
        put(&line, stripped(m.values[DIVERSION]), 255)
        content_type = stripped(m.values[CONTENT_TYPE])
        put(&line, content_type, 128)
        put_octets(&line, self._leg_keys(m), 255)
        _put_session(&line, m.body, e.payload.at + e.payload.n, content_type)
        source = self._addresses[octets(e.source)]
        destination = self._addresses[octets(e.destination)]
        put_octets(&line, source, 45)
        put_number(&line, e.source_port)
        put_octets(&line, destination, 45)
        put_number(&line, e.destination_port)
        if not _put_transport(&line, e.ip_protocol, transport):
            return None
        if e.node.n:
            node = octets(e.node)
        elif e.capture_id >= 0:
            node = b"%d" % e.capture_id
        else:
            node = sender_ip.encode("ascii", "replace")
        put_octets(&line, node, 128)
        put(&line, e.correlation_id, 255)
        payload = octets(e.payload)
        line.to[line.n] = 49  # one more column always has room: see ROOM and the widths
        line.to[line.n + 1] = 9
        line.n += 2
        put_number(&line, e.payload.n)
        put_number(&line, (<u64>self._hash(payload)) >> 1)
        if not line.good:
            return None
        callid_octets = octets(callid)
        hashed = <u64>self._hash(callid_octets)
        return (
            self._kind(octets(cseq_method), octets(stripped(m.values[EVENT]))),
            time_us,
            (time_us // 3600000000) % 24 << 56 | hashed >> 8,
            callid_octets,
            node,
            PyBytes_FromStringAndSize(<const char*>line.to, line.n),
            payload,
        )

    cdef bint _parties(self, Message* m, Address* from_, Span* from_tag, Address* to, Span* to_tag):
        if not read_party(m.values[FROM], from_, from_tag):
            return False
        return read_party(m.values[TO], to, to_tag)

    cdef bytes _leg_keys(self, Message* m):
        cdef int index
        cdef bint some = False
        for index in range(REPLACES, HEADERS):
            some = some or m.values[index].n > 0
        for index in range(self._chosen_count):
            some = some or m.chosen[index].n > 0
        if not some:
            return b""
        return leg_keys(
            [octets(m.values[index]) for index in range(REPLACES, REFER_TO)],
            octets(m.values[REFER_TO]),
            octets(m.values[CHARGING]),
            octets(m.values[GUID]),
            [(self._names[index], octets(m.chosen[index])) for index in range(self._chosen_count)],
        )

    cdef object _kind(self, bytes cseq_method, bytes event):
        if event:
            return sip_kind(cseq_method, event)
        found = self._kinds.get(cseq_method)
        if found is None:
            found = sip_kind(cseq_method)
            if len(self._kinds) < 64:
                self._kinds[cseq_method] = found
        return found


cdef bint _read_first_line(Span line, Span* method, Span* phrase, Address* ruri) noexcept nogil:
    """A request's method and URI, or a response's code (in `method`) and phrase."""
    cdef Octets at = line.at, end = line.at + line.n, start
    if line.n >= 12 and memcmp(at, b"SIP/2.0 ", 8) == 0:
        if not (49 <= at[8] <= 54 and 48 <= at[9] <= 57 and 48 <= at[10] <= 57 and at[11] == 32):
            return False
        method[0] = between(at + 8, at + 11)
        phrase[0] = between(at + 12, end)
        return not same(phrase[0], b"SIP/2.0", 7)
    start = over(at, end, UPPER)
    method[0] = between(at, start)
    if start == at or start >= end or start[0] != 32:
        return False
    start += 1
    at = <Octets>memchr(start, 32, end - start)
    if at == NULL or not same(between(at + 1, end), b"SIP/2.0", 7):
        return False
    return memchr(start, 63, at - start) == NULL and read_uri(start, at, 0, ruri)

cdef bint _read_any_via(Span value, Span* transport, Span* branch) noexcept nogil:
    return read_via(value, transport, branch)

cdef bint _may_report(Span cseq_method, Span payload) noexcept nogil:
    """Whether it may tell of media (quality/sip_reports.py), which the plain reader looks into."""
    if not (same(cseq_method, b"BYE", 3) or same(cseq_method, b"PUBLISH", 7) or same(cseq_method, b"NOTIFY", 6)):
        return False
    return (
        memmem(payload.at, payload.n, b"RTP-", 4) != NULL
        or memmem(payload.at, payload.n, b"rtp-", 4) != NULL
        or memmem(payload.at, payload.n, b"VQ", 2) != NULL
        or memmem(payload.at, payload.n, b"vq-", 3) != NULL
    )

cdef bint _put_contact(Line* line, Span value, Span empty):
    cdef Address found
    if value.n == 0 or same(stripped(value), b"*", 1):
        put(line, empty, 0)
        return True
    return _put_identity(line, value, empty)

cdef bint _put_identity(Line* line, Span value, Span empty):
    """The user of the first address of a value; whether it could be read."""
    cdef Address found
    if value.n == 0:
        put(line, empty, 0)
        return True
    if not read_address(value, &found):
        return False
    put(line, found.user, 160)
    return True

cdef enum:
    MOST_MEDIA = 6
    MOST_MAPS = 32
    MOST_FORMATS = 24
    SESSION_WIDTH = 255
    LONGEST_WORD = 64

cdef struct Media:
    Span words          # of the m= line
    Span address
    Span direction
    Span formats[MOST_MAPS]
    Span names[MOST_MAPS]
    int maps

cdef struct Session:
    Span origin
    Span address
    Span direction
    Media media[MOST_MEDIA]
    int count

cdef inline Span next_word(Span* rest) noexcept nogil:
    """The next of blank-separated words; empty when there is none."""
    cdef Octets at = over_blanks(rest.at, rest.at + rest.n), end = rest.at + rest.n, stop
    stop = at
    while stop < end and stop[0] != 32 and stop[0] != 9:
        stop += 1
    rest[0] = between(stop, end)
    return between(at, stop)

cdef bint is_plain(Span s) noexcept nogil:
    """Letters that are seen, and single blanks."""
    cdef Py_ssize_t index
    for index in range(s.n):
        if not (32 <= s.at[index] <= 126):
            return False
    return True

cdef bint is_word(Span s) noexcept nogil:
    """What `session._word` leaves as it is."""
    cdef Py_ssize_t index
    cdef unsigned char c
    if s.n == 0 or s.n > LONGEST_WORD:
        return False
    for index in range(s.n):
        c = s.at[index]
        if not (classes[c] & HOST or c == 43 or c == 58 or c == 91 or c == 93):
            return False
    return True

cdef bint is_direction(Span s) noexcept nogil:
    return same(s, b"sendrecv", 8) or same(s, b"sendonly", 8) or same(s, b"recvonly", 8) or same(s, b"inactive", 8)

cdef bint read_connection(Span value, Span* address) noexcept nogil:
    """c=IN IP4 address: the first of a section counts."""
    cdef Span rest = value, word
    if address.n:
        return True
    next_word(&rest)
    next_word(&rest)
    word = next_word(&rest)
    if word.n == 0 or next_word(&rest).n or memchr(word.at, 47, word.n) != NULL:
        return False
    address[0] = word
    return True

cdef bint read_map(Span value, Media* media) noexcept nogil:
    """a=rtpmap:FORMAT NAME/RATE; the first of a format counts."""
    cdef Span rest = between(value.at + 7, value.at + value.n), format_ = next_word(&rest), name
    cdef Octets slash
    name = next_word(&rest)
    if format_.n == 0 or name.n == 0 or next_word(&rest).n or media.maps == MOST_MAPS:
        return False
    slash = <Octets>memchr(name.at, 47, name.n)
    media.formats[media.maps] = format_
    media.names[media.maps] = between(name.at, slash) if slash != NULL else name
    media.maps += 1
    return media.names[media.maps - 1].n > 0

cdef bint read_session(Octets at, Octets end, Session* s) noexcept nogil:
    """A session description whose lines are as nearly all write them."""
    cdef Octets stop
    cdef Span value, nothing = between(at, at)
    cdef unsigned char kind
    cdef int lines = 0
    cdef Media* media = NULL
    s.origin = s.address = s.direction = nothing
    s.count = 0
    if end - at < 4 or not (at[3] == 10 or (end - at > 4 and at[3] == 13 and at[4] == 10)):
        return False
    while at < end:
        lines += 1
        stop = <Octets>memchr(at, 10, end - at)
        if stop == NULL:
            stop = end
        if lines > 500 or (at[0] == 45 and stop - at > 1 and at[1] == 45):
            return False
        if stop - at > 2 and at[1] == 61:
            kind = at[0]
            if kind == 111 or kind == 99 or kind == 109 or kind == 97:  # o c m a
                value = stripped(between(at + 2, stop))
                if not is_plain(value):
                    return False
                if kind == 111:
                    if media == NULL and s.origin.n == 0:
                        s.origin = value
                elif kind == 99:
                    if not read_connection(value, &s.address if media == NULL else &media.address):
                        return False
                elif kind == 109:
                    if s.count == MOST_MEDIA:
                        return False
                    media = &s.media[s.count]
                    s.count += 1
                    media.words = value
                    media.address = media.direction = nothing
                    media.maps = 0
                elif media != NULL and value.n > 7 and memcmp(value.at, b"rtpmap:", 7) == 0:
                    if not read_map(value, media):
                        return False
                elif value.n == 8 and not _put_direction(value, &s.direction if media == NULL else &media.direction):
                    return False
        at = stop + 1
    return s.origin.n > 0

cdef bint _put_direction(Span value, Span* direction) noexcept nogil:
    """False of a direction in capitals."""
    cdef unsigned char lower[8]
    cdef int index
    if is_direction(value):
        if direction.n == 0:
            direction[0] = value
        return True
    for index in range(8):
        lower[index] = value.at[index] | 32
    return not is_direction(between(lower, lower + 8))

cdef bint add(Line* to, Span s) noexcept nogil:
    if to.n + s.n > SESSION_WIDTH:
        return False
    memcpy(to.to + to.n, s.at, s.n)
    to.n += s.n
    return True

cdef bint add_letter(Line* to, unsigned char letter) noexcept nogil:
    return add(to, between(&letter, &letter + 1))

cdef bint write_session(Session* s, Line* to) noexcept nogil:
    """The line of `sip.session.summary`; False where that has to make it."""
    cdef Span rest = s.origin, id_, version, address
    cdef int index
    to.n = 0
    next_word(&rest)
    id_ = next_word(&rest)
    version = next_word(&rest)
    next_word(&rest)
    next_word(&rest)
    address = next_word(&rest)
    if not (is_word(id_) and is_word(version) and is_word(address)):
        return False
    add(to, id_)
    add_letter(to, 32)
    add(to, version)
    add_letter(to, 32)
    add(to, address)
    for index in range(s.count):
        if not write_media(s, &s.media[index], to):
            return False
    return True

cdef bint write_media(Session* s, Media* media, Line* to) noexcept nogil:
    cdef Span rest = media.words, type_ = next_word(&rest), port = next_word(&rest), format_
    cdef Span address = media.address if media.address.n else s.address
    cdef Span direction = media.direction if media.direction.n else s.direction
    cdef int formats = 0, index
    next_word(&rest)
    if not (is_word(type_) and is_word(address) and port.n and port.n < 6 and (port.at[0] != 48 or port.n == 1)):
        return False
    for index in range(port.n):
        if not 48 <= port.at[index] <= 57:
            return False
    if not (add_letter(to, 59) and add(to, type_) and add_letter(to, 32)):
        return False
    if memchr(address.at, 58, address.n) != NULL:
        if not (add_letter(to, 91) and add(to, address) and add_letter(to, 93)):
            return False
    elif not add(to, address):
        return False
    if not (add_letter(to, 58) and add(to, port) and add_letter(to, 32)):
        return False
    while True:
        format_ = next_word(&rest)
        if format_.n == 0:
            break
        if formats == MOST_FORMATS or (formats and not add_letter(to, 47)):
            return False
        formats += 1
        format_ = name_of(format_, media)
        if not is_word(format_) or not add(to, format_):
            return False
    if formats == 0:
        return False
    if direction.n and not same(direction, b"sendrecv", 8):
        return add_letter(to, 32) and add(to, direction)
    return True

cdef Span name_of(Span format_, Media* media) noexcept nogil:
    cdef int index
    for index in range(media.maps):
        if same(format_, <const char*>media.formats[index].at, media.formats[index].n):
            return media.names[index]
    if same(format_, b"0", 1): return _word(b"PCMU", 4)
    if same(format_, b"8", 1): return _word(b"PCMA", 4)
    if same(format_, b"9", 1): return _word(b"G722", 4)
    if same(format_, b"18", 2): return _word(b"G729", 4)
    if same(format_, b"3", 1): return _word(b"GSM", 3)
    if same(format_, b"13", 2): return _word(b"CN", 2)
    if format_.n < 2 or (format_.n == 2 and (format_.at[0] != 57 or format_.at[1] < 54)):
        return between(format_.at, format_.at)  # another static one, or none: the plain reader knows
    return format_


cdef void _put_session(Line* line, Octets body, Octets end, Span content_type):
    cdef bytes found = b""
    cdef Session session
    cdef Line said
    if (end - body >= 3 and memcmp(body, b"v=0", 3) == 0) or (
        content_type.n >= 10 and octets(between(content_type.at, content_type.at + 10)).lower() == b"multipart/"
    ):
        if body[0] == 118 and read_session(body, end, &session) and write_session(&session, &said):
            put(line, between(said.to, said.to + said.n), 255)
            return
        found = summary(octets(between(body, end)))
    put_octets(line, found, 255)

cdef bint _put_transport(Line* line, int ip_protocol, Span via) noexcept nogil:
    """As understand.transport says it."""
    cdef Span below = via
    if ip_protocol == 17:
        below = _word(b"udp", 3)
    elif ip_protocol == 132:
        below = _word(b"sctp", 4)
    elif ip_protocol == 6:
        below = _word(b"ws", 2) if via.at[0] == 119 else _word(b"tcp", 3)
    elif ip_protocol == 22:
        below = _word(b"wss", 3) if via.at[0] == 119 else _word(b"tls", 3)
    put(line, below, 4)
    return True

cdef inline Span _word(const char* text, Py_ssize_t n) noexcept nogil:
    return between(<Octets>text, <Octets>text + n)
