"""Octets by pointer: spans of a packet, classes of octets, and a row's columns on their way into LOAD DATA."""

cdef struct Span:
    Octets at
    Py_ssize_t n

cdef struct Address:
    Span user
    Span host
    Octets after

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

cdef inline Span _word(const char* text, Py_ssize_t n) noexcept nogil:
    return between(<Octets>text, <Octets>text + n)


cdef struct Line:
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
