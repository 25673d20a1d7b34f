"""What HEP 3 says around a SIP message: chunks of the sizes that hep/decode.py expects, in any order."""

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
