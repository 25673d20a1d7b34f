"""Who may send: networks ([hep] allow) and the key that every HEP 3 packet must carry ([hep] auth_key).

What is refused is counted by reason and forgotten. The key is compared in constant time, and taken out of what is let
in before that goes anywhere.
"""

import hmac
import ipaddress
from collections.abc import Sequence

from appliance.hep.compression import GZIP, unpack
from appliance.hep.errors import HepError
from appliance.hep.key import key_of, without_key
from appliance.setting_types import Network
from appliance.settings import HepSettings

MOST_REMEMBERED = 10_000
WRONG_NETWORK = "network"
WRONG_KEY = "key"
NO_KEY = "key-missing"
"""Packets of HEP 1 and 2, which have no place for a key, too."""


class Admission:
    """The rules of one instance; asked for every datagram, so what it found of an address it remembers."""

    def __init__(self, settings: HepSettings) -> None:
        self._networks: Sequence[Network] = settings.allow
        self._key = settings.auth_key.encode()
        self._known: dict[str, bool] = {}
        self.is_open = not self._networks and not self._key

    def refusal_of_sender(self, sender_ip: str) -> str | None:
        """The reason to refuse whatever comes from an address, or None."""
        return WRONG_NETWORK if self._networks and not self._may_send(sender_ip) else None

    def examined(self, data: bytes) -> tuple[str | None, bytes]:
        """The reason to refuse a packet of a sender that may send, or None, and the packet as it is kept.

        That is without its key, and unpacked, since a packed one would hide the key in it.
        """
        if not self._key:
            return None, data
        if data[:2] == GZIP:
            try:
                data = unpack(data)
            except HepError as error:
                return error.reason, data
        key = key_of(data)
        if key is None:
            return NO_KEY, data
        if not hmac.compare_digest(key, self._key):
            return WRONG_KEY, data
        return None, without_key(data)

    def _may_send(self, sender_ip: str) -> bool:
        known = self._known.get(sender_ip)
        if known is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            address = ipaddress.ip_address(sender_ip.partition("%")[0])
            mapped = getattr(address, "ipv4_mapped", None)
            known = self._known[sender_ip] = any((mapped or address) in network for network in self._networks)
        return known
