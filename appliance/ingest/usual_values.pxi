"""Values of headers in the form that nearly all have; whatever else there is, these say no to.

A yes means the same parts as sip/uri.py, sip/address.py, sip/via.py and sip/values.py give.
"""

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
