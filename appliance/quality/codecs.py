"""Codecs: the names that reports give them, their RTP clock, and what the E-model knows of them."""

from typing import NamedTuple

from appliance.quality.figures import codec_name, integer

ASSUMED_CLOCK_HZ = 8000
"""What RTCP's jitter is divided by while nobody has told the codec; Measured.clock_rate_hz then says 8000."""


class Impairment(NamedTuple):
    """Equipment impairment factor and packet-loss robustness (G.107 section 7.5; G.113 appendix I, table I.4)."""

    ie: float
    bpl: float


G711 = Impairment(0, 4.3)
G711_PLC = Impairment(0, 25.1)

IMPAIRMENTS: dict[str, Impairment] = {
    "G729": Impairment(10, 19),
    "G729A": Impairment(11, 19),
    "G729AB": Impairment(11, 19),
    "G723": Impairment(15, 16.1),
    "GSM-EFR": Impairment(5, 10),
}
"""Codecs with both values from G.113 (G.729 without A: its own Ie, Bpl of G.729A)."""

TAKEN_FROM: dict[str, tuple[str, Impairment]] = {
    "AMR": ("GSM-EFR", Impairment(5, 10)),
    "GSM": ("Ie of G.113, Bpl of GSM-EFR", Impairment(20, 10)),
    "ILBC": ("G729A", Impairment(11, 19)),
    "G726-16": ("Ie of G.113, Bpl of G711 with PLC", Impairment(50, 25.1)),
    "G726-24": ("Ie of G.113, Bpl of G711 with PLC", Impairment(25, 25.1)),
    "G726-32": ("Ie of G.113, Bpl of G711 with PLC", Impairment(7, 25.1)),
    "G726-40": ("Ie of G.113, Bpl of G711 with PLC", Impairment(2, 25.1)),
    "G728": ("Ie of G.113, Bpl of G729A", Impairment(7, 19)),
}
"""Codecs for which G.113 tells nothing or Ie alone: whose values are used, in the words of the model. AMR's best rate
is GSM-EFR; iLBC was made to be compared with G.729A."""

WIDEBAND = frozenset({"OPUS", "G722", "EVS", "AMR-WB", "G7221", "SILK", "SPEEX", "L16"})
"""The narrowband scale has no room above G.711: they are taken as G.711 with PLC, and the model's words say so."""

CLOCKS: dict[str, int] = {"OPUS": 48000, "AMR-WB": 16000, "EVS": 16000, "G7221": 16000, "H264": 90000, "VP8": 90000}
"""RTP clocks other than 8000; G.722's is 8000 by RFC 3551 section 4.5.2."""

STATIC: dict[int, str] = {
    0: "PCMU",
    2: "G726-32",
    3: "GSM",
    4: "G723",
    8: "PCMA",
    9: "G722",
    15: "G728",
    18: "G729",
}
"""Payload types of RFC 3551 table 4."""

_SPELLINGS: dict[str, str] = {
    "G711A-LAW": "PCMA",
    "G.711A-LAW": "PCMA",
    "G.711ALAW": "PCMA",
    "G711ALAW": "PCMA",
    "G711A": "PCMA",
    "ALAW": "PCMA",
    "G.711U-LAW": "PCMU",
    "G.711MU-LAW": "PCMU",
    "G711U-LAW": "PCMU",
    "G.711ULAW": "PCMU",
    "G711ULAW": "PCMU",
    "G711U": "PCMU",
    "ULAW": "PCMU",
    "G.711": "G711",
    "G.722": "G722",
    "G.723": "G723",
    "G.723.1": "G723",
    "G723.1": "G723",
    "G7231": "G723",
    "G.729": "G729",
    "G.729A": "G729A",
    "G.729AB": "G729AB",
    "G.726-32": "G726-32",
    "AMR-NB": "AMR",
    "AMRWB": "AMR-WB",
    "GSM-FR": "GSM",
    "GSMEFR": "GSM-EFR",
    "G.722.1": "G7221",
}


def codec(name: object, payload_type: object = None) -> str:
    """The codec as SDP names it, upper case, from a name as reports write it, else from a static payload type."""
    found = codec_name(name.partition("/")[0].replace(" ", "")) if isinstance(name, str) else ""
    if found:
        return _SPELLINGS.get(found, found)
    number = integer(payload_type)
    return STATIC.get(number, "") if number is not None else ""


def clock_rate_hz(codec: str) -> int:
    """The RTP clock of a codec, 8000 where the name alone doesn't tell another."""
    return CLOCKS.get(codec, ASSUMED_CLOCK_HZ)


def is_heard_otherwise(codec: str) -> bool:
    """Whether the E-model thinks otherwise of its streams than of those whose codec is not told: G.711 is assumed."""
    return codec in IMPAIRMENTS or codec in TAKEN_FROM or clock_rate_hz(codec) != ASSUMED_CLOCK_HZ
