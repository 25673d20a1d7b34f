"""Call-IDs of calls that a writer has seen in SIP: a report with one of them is never looked for by its addresses."""

from appliance.model.ids import callid_hash

MOST = 100_000
"""Call-IDs of each half; a set of so many hashes holds about 10 MB."""


class CallIds:
    """The newest MOST to 2 * MOST; of one that was forgotten only more is stored than must be."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._newer: set[int] = set()
        self._older: set[int] = set()

    def seen(self, callid: bytes) -> bytes:
        """Remember it, and hand it on."""
        if len(self._newer) >= self._most:
            self._older, self._newer = self._newer, set()
        self._newer.add(callid_hash(callid))
        return callid

    def __contains__(self, callid: object) -> bool:
        if not isinstance(callid, bytes) or not callid:
            return False
        hash_ = callid_hash(callid)
        return hash_ in self._newer or hash_ in self._older
