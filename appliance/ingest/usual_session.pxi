"""A session description as the line of sip/session.py, where its lines are as nearly all write them."""

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
        if stop - at > 1 and at[1] == 61:
            kind = at[0]
            if kind == 111 or kind == 99 or kind == 109 or kind == 97:  # o c m a
                value = stripped(between(at + 2, stop))
                if not is_plain(value):
                    return False
                if kind == 111:
                    if media == NULL and s.origin.n == 0:
                        if value.n == 0:
                            return False
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
