"""HepError: what makes an envelope unreadable."""


class HepError(ValueError):
    """Octets that are no HEP envelope, or one that HEP 3 cannot carry.

    `reason` is one of REASONS, `offset` the octet at which it showed.
    """

    def __init__(self, reason: str, offset: int = 0) -> None:
        super().__init__(reason, offset)
        self.reason = reason
        self.offset = offset

    def __str__(self) -> str:
        return f"{self.reason} at octet {self.offset}: {REASONS.get(self.reason, self.reason)}"


REASONS = {
    "not-hep": "it starts with neither HEP3 nor the header of HEP 1 or 2",
    "truncated": "it is shorter than its header says",
    "bad-length": "the total length is less than the header's own six octets",
    "bad-chunk": "a chunk is shorter than its own header or reaches beyond the end",
    "bad-compression": "the compressed payload is neither zlib, gzip nor deflate, or is cut short",
    "payload-too-large": "the payload has more than 64 KiB when unpacked",
    "bad-address": "an address is neither IPv4 nor IPv6",
    "bad-value": "a number does not fit into its chunk",
    "too-large": "the envelope would have more than the 65,535 octets that HEP 3 can carry",
}
"""Every `reason` with the sentence for an operator."""
