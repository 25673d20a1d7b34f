"""The E-model (ITU-T G.107) on its narrowband scale: what listeners think of a stream with this loss and delay.

R = 93.2 - Id - Ie,eff: the defaults of G.107 table 2 leave 93.2 of R0 - Is, and A is 0 (no allowance for mobility).
Ie,eff = Ie + (95 - Ie) * Ppl / (Ppl / BurstR + Bpl), section 7.5, with codec constants of G.113 appendix I.
Id = 0.024 d + 0.11 (d - 177.3) H(d - 177.3): delay without echo, as Cole and Rosenbluth simplified it (d one way, ms).
"""

from functools import lru_cache
from typing import NamedTuple

from appliance.quality.codecs import G711, G711_PLC, IMPAIRMENTS, TAKEN_FROM, WIDEBAND, Impairment

BEST_R = 93.2
MAX_DELAY_MS = 500.0
"""G.107 table 2: the model says nothing about longer delays."""


class Opinion(NamedTuple):
    """A score with how it came about."""

    mos: float
    """1 to 4.5, hundredths."""
    r_factor: float
    model: str
    """Model, codec, loss, delay and burst ratio in words, for Measured.mos_model."""


@lru_cache(maxsize=16384)
def mos(
    codec: str,
    loss_percent: float | None,
    delay_ms: float | None = None,
    burst_ratio: float = 1.0,
    plc: bool = True,
) -> Opinion | None:
    """The opinion of a stream; None without a loss figure, for nothing can be assumed in its place.

    A codec that is not known is taken as G.711, a delay that is not known (or longer than the model reaches) is left
    out; the words say both. `burst_ratio` is 1 for losses that come at random. `plc`: does the receiver conceal losses?
    It matters for G.711 alone, the others have it built in.
    """
    if loss_percent is None or not 0 <= loss_percent <= 100:
        return None
    name, impairment = _of_codec(codec, plc)
    usable = delay_ms is not None and 0 <= delay_ms <= MAX_DELAY_MS
    r_factor = BEST_R - (_delay_impairment(delay_ms or 0.0) if usable else 0.0)
    r_factor -= effective_impairment(impairment, loss_percent, burst_ratio)
    told = f"delay {delay_ms:.0f} ms" if usable else "delay not known"
    model = f"E-model: {name}, loss {loss_percent:.2f} %, {told}, burst ratio {burst_ratio:g}"
    return Opinion(round(mos_of_r(r_factor), 2), round(max(0.0, r_factor), 1), model)


def effective_impairment(impairment: Impairment, loss_percent: float, burst_ratio: float = 1.0) -> float:
    """Ie,eff of G.107 section 7.5."""
    ie, bpl = impairment
    return ie + (95 - ie) * loss_percent / (loss_percent / burst_ratio + bpl)


def mos_of_r(r_factor: float) -> float:
    """G.107 annex B; below 6.5 the cubic dips under 1, which is nobody's opinion."""
    if r_factor <= 0:
        return 1.0
    if r_factor >= 100:
        return 4.5
    return max(1.0, 1 + 0.035 * r_factor + 7e-6 * r_factor * (r_factor - 60) * (100 - r_factor))


def _delay_impairment(delay_ms: float) -> float:
    return 0.024 * delay_ms + 0.11 * max(0.0, delay_ms - 177.3)


def _of_codec(codec: str, plc: bool) -> tuple[str, Impairment]:
    """What to call the codec's constants, and the constants."""
    if codec in IMPAIRMENTS:
        return codec, IMPAIRMENTS[codec]
    if codec in TAKEN_FROM:
        whose, impairment = TAKEN_FROM[codec]
        return f"{codec} ({whose})", impairment
    if codec in WIDEBAND:
        return f"{codec} taken as G.711 with PLC", G711_PLC
    name = codec if codec in ("PCMA", "PCMU", "G711") else "G.711 assumed"
    return f"{name} {'with' if plc else 'without'} PLC", G711_PLC if plc else G711
