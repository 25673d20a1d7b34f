"""What reports measured of a call's media -> the same figures between hosts that are not told."""

from dataclasses import replace

from appliance.model.quality import QualityRow
from appliance.redaction.hiding import Hiding
from appliance.redaction.values import address, liberal, node, plain


def learn(row: QualityRow, hiding: Hiding) -> None:
    """Note the ends of the stream: of relays no message need tell."""
    for end in (row.measured.source_ip, row.measured.destination_ip):
        address(end, hiding)


def figures(row: QualityRow, number: int, hiding: Hiding) -> QualityRow:
    """The number-th row; ports, SSRC and figures stay, what an agent wrote in words goes through the hiding."""
    measured = row.measured
    shown = replace(
        measured,
        source_ip=address(measured.source_ip, hiding),
        destination_ip=address(measured.destination_ip, hiding),
        codec=liberal(measured.codec, hiding),
        mos_model=liberal(measured.mos_model, hiding),
        callid=plain(measured.callid, hiding),
    )
    return QualityRow(str(number), row.ts, plain(row.callid, hiding), node(row.node, hiding), shown)
