"""Registrations of a recorded capture, as one agent would have told of it."""

from appliance.capture.classify import SIP
from appliance.capture.read import captured
from appliance.model.ids import HOUR_US
from appliance.model.octets import text
from appliance.model.registrations import RegistrationRow
from appliance.registrations.exchanges import Seen
from appliance.registrations.fold import fold
from appliance.registrations.merge import merge
from appliance.registrations.said import said
from appliance.sip.parse import parse
from tests.calls.recorded import TRANSPORTS
from tests.captures import CAPTURES


def registered(name: str) -> list[RegistrationRow]:
    """Each binding of each Call-ID, as it was at the end of the capture."""
    packets: dict[str, list[Seen]] = {}
    for number, packet in enumerate(captured(CAPTURES / name)):
        message = parse(packet.payload)
        if packet.protocol_type != SIP or message.cseq_method != b"REGISTER":
            continue
        callid = text(message.callid)
        packets.setdefault(callid, []).append(
            Seen(
                number, packet.time_us, message.status, text(message.reply_reason), message.cseq or 0,
                text(message.from_tag), f"{text(message.to_user)}@{text(message.to_domain).lower()}", callid,
                (packet.source_ip, packet.source_port), (packet.destination_ip, packet.destination_port),
                TRANSPORTS.get(packet.ip_protocol, "udp"), text(message.user_agent), "tap", said(packet.payload),
            )
        )  # fmt: skip
    rows = []
    for found in packets.values():
        last = max(packet.ts for packet in found)
        hours = [row for hour in {packet.ts // HOUR_US for packet in found} for row in fold(found, hour)]
        for key in {(row.aor, row.instance or row.contact) for row in hours}:
            rows.append(merge([row for row in hours if (row.aor, row.instance or row.contact) == key], last))
    return sorted(rows, key=lambda row: (row.started, row.callid, row.contact))
