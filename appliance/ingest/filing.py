"""When a packet happened, as far as we believe it: its own time is not trusted (FEATURES A6).

A packet from the network whose time is missing or lies outside [now - retention, now + 1 h] is filed under its time
of receipt and marked; its own time is kept for order and differences. NTP seconds sent as Unix seconds are
recognised. Imported packets keep the times of their capture.
"""

from dataclasses import dataclass

FUTURE_US = 3_600_000_000
DAY_US = 86_400_000_000
_NTP_OFFSET_US = 2_208_988_800_000_000
_LARGEST_US = (1 << 63) - 1
CLOCK_PROBLEM = b"clock"
"""The word in `problems` of a packet whose own time was absurd."""


@dataclass(slots=True)
class Filed:
    """`own_us` is None when it is the same as `filed_us` or there was none."""

    filed_us: int
    own_us: int | None
    suspect: bool


def filed(time_us: int | None, received_us: int, oldest_days: int) -> Filed:
    """Where a packet from the network belongs."""
    if time_us is None:
        return Filed(received_us, None, False)
    if received_us - oldest_days * DAY_US <= time_us <= received_us + FUTURE_US:
        return Filed(time_us, None, False)
    since_1970 = time_us - _NTP_OFFSET_US
    if received_us - oldest_days * DAY_US <= since_1970 <= received_us + FUTURE_US:
        return Filed(since_1970, min(time_us, _LARGEST_US), True)
    return Filed(received_us, min(time_us, _LARGEST_US), True)
