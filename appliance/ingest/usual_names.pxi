"""Names of headers, long and compact, and the places of their values: those of sip/parse.py."""

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
