"""Single values of rows as they may be told."""

from appliance.model.octets import octets, text
from appliance.redaction.hiding import Hiding


def address(value: str, hiding: Hiding) -> str:
    return text(hiding.addresses(octets(value))) if hiding.profile.hides_addresses else value


def plain(value: str, hiding: Hiding) -> str:
    """What a message says."""
    return text(hiding.text(octets(value)))


def liberal(value: str, hiding: Hiding) -> str:
    """What an agent wrote in words."""
    return text(hiding.text(octets(value), liberal=True))


def node(value: str, hiding: Hiding) -> str:
    return "" if hiding.profile.hides_all else liberal(value, hiding)
