"""Who may send: networks ([hep] allow) and the key that every HEP 3 packet must carry ([hep] auth_key).

What is refused is counted by reason and forgotten; the key is compared in constant time and never written anywhere.
"""

import hmac
import ipaddress
from collections.abc import Sequence

from appliance.hep.decode import decode
from appliance.hep.errors import HepError
from appliance.settings import HepSettings, Network

MOST_REMEMBERED = 10_000
WRONG_NETWORK = "network"
WRONG_KEY = "key"


class Admission:
    """The rules of one instance; asked for every datagram, so what it found of an address it remembers."""

    def __init__(self, settings: HepSettings) -> None:
        self._networks: Sequence[Network] = settings.allow
        self._key = settings.auth_key.encode()
        self._known: dict[str, bool] = {}
        self.is_open = not self._networks and not self._key

    def refusal(self, sender_ip: str, data: bytes) -> str | None:
        """The reason to refuse a packet, or None."""
        return self.refusal_of_sender(sender_ip) or self.refusal_of_packet(data)

    def refusal_of_sender(self, sender_ip: str) -> str | None:
        """The reason to refuse whatever comes from an address, or None."""
        return WRONG_NETWORK if self._networks and not self._may_send(sender_ip) else None

    def refusal_of_packet(self, data: bytes) -> str | None:
        """The reason to refuse a packet of a sender that may send, or None."""
        return WRONG_KEY if self._key and not self._has_key(data) else None

    def _may_send(self, sender_ip: str) -> bool:
        known = self._known.get(sender_ip)
        if known is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            address = ipaddress.ip_address(sender_ip.partition("%")[0])
            mapped = getattr(address, "ipv4_mapped", None)
            known = self._known[sender_ip] = any((mapped or address) in network for network in self._networks)
        return known

    def _has_key(self, data: bytes) -> bool:
        try:
            key = decode(data).auth_key
        except HepError:
            return False
        return key is not None and hmac.compare_digest(key, self._key)
