# cython: language_level=3, boundscheck=True, wraparound=False, initializedcheck=False, cdivision=True
"""Reads usual SIP in HEP 3 in one pass, compiled: what `hep.decode`, `sip.parse` and `understand` do in plain Python.

Nearly all that a platform sends is usual: well-formed, without a credible doubt about its time, with values that fit
their columns. `Usual.read` gives the same row for it as the plain readers, or None for whatever it is not sure of, and
that is then read by them. So the plain readers stay the only ones that say what is wrong with a packet, and the oracle
of this one (tests/ingest/test_usual.py, tests/fuzz). Octets are reached by pointers; every one of them is compared
with the end of its region before it is followed.
"""

import xxhash

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.string cimport memchr, memcmp, memcpy

from appliance.hep.addresses import address_text
from appliance.ingest.filing import DAY_US, FUTURE_US
from appliance.model.kinds import sip_kind
from appliance.model.remembered import Remembered
from appliance.sip import parse as plain
from appliance.sip.leg_keys import leg_keys
from appliance.sip.session import summary
from appliance.sip.values import auth_user

cdef extern from "string.h" nogil:
    void* memmem(const void* haystack, size_t length, const void* needle, size_t needle_length)

ctypedef const unsigned char* Octets
ctypedef unsigned long long u64

cdef enum:
    MOST_LINES = 256
    MOST_CHOSEN = 8
    HEADERS = 25
    ROOM = 6144

include "usual_octets.pxi"
include "usual_values.pxi"
include "usual_names.pxi"
include "usual_envelope.pxi"
include "usual_session.pxi"


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
        cdef Address ruri, from_, to
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
        if not read_party(m.values[FROM], &from_, &from_tag) or not read_party(m.values[TO], &to, &to_tag):
            return None
        callid = stripped(m.values[CALLID])
        if callid.n == 0 or not read_via(m.values[VIA], &transport, &branch):
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

cdef void _put_session(Line* line, Octets body, Octets end, Span content_type):
    cdef bytes found = b""
    cdef Session session
    cdef Line said
    cdef bint begins = end - body >= 3 and memcmp(body, b"v=0", 3) == 0
    if begins or (
        content_type.n >= 10 and octets(between(content_type.at, content_type.at + 10)).lower() == b"multipart/"
    ):
        if begins and read_session(body, end, &session) and write_session(&session, &said):
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

