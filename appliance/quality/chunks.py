"""What HEP's own chunks say of a report's stream: MOS (0x20, hundredths), R factor (0x21) and jitter (0x23).

Agents put beside a report what they computed of it. They go with its first stream that somebody heard, whose MOS is
then the agent's and no more the model's; a packet without such a stream tells one of its own, between its addresses.
"""

from collections.abc import Sequence

from appliance.model.quality import Measured, ReportKind, Told
from appliance.quality import figures
from appliance.quality.scored import REPORTED, Ends, scored, stream, tells_something

MOS, R_FACTOR, JITTER = 0x20, 0x21, 0x23
_SIZES = {MOS: 2, R_FACTOR: 2, JITTER: 4}
_ANYBODY = 0
"""The vendor of chunks that HEP itself defines."""

Extra = Sequence[tuple[int, int, bytes]]


def with_chunks(told: tuple[Measured, ...], extra: Extra, ends: Ends) -> tuple[Measured, ...]:
    """The streams with what the chunks (vendor, type, value) add."""
    values = {type_: int.from_bytes(value, "big") for vendor, type_, value in extra
              if vendor == _ANYBODY and _SIZES.get(type_) == len(value)}  # fmt: skip
    if not values:
        return told
    heard = next((one for one in told if one.told is not Told.SENT), None)
    one = heard if heard is not None else stream(ReportKind.HEP, Told.OBSERVED, ends)
    _add(one, values)
    return told if heard is not None or not tells_something(one) else (*told, scored(one))


def _add(one: Measured, values: dict[int, int]) -> None:
    mos, r_factor = figures.opinion_of(values.get(MOS), 100), _r_factor(values.get(R_FACTOR))
    if one.jitter_ms is None:
        one.jitter_ms = figures.jitter_ms(values.get(JITTER))
    if one.mos_model == REPORTED:
        one.r_factor = r_factor if one.r_factor is None else one.r_factor
    elif mos is not None:
        one.mos, one.r_factor, one.mos_model = mos, r_factor, REPORTED
    elif one.r_factor is None:
        one.r_factor = r_factor


def _r_factor(value: int | None) -> float | None:
    """Whole, or in hundredths as the MOS is: no R factor is above 120."""
    if value is None:
        return None
    return figures.r_factor(value if value <= figures.MAX_R_FACTOR else value / 100)
