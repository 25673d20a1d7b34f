"""Axes of charts: round values, round times, and how a measured value is written."""

_STEPS_US = tuple(
    1_000_000 * seconds for seconds in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)
)


def written(value: float) -> str:
    """Two digits behind the point of what is small, none of what is large."""
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:.1f}".removesuffix(".0")


def nice(most: float) -> float:
    """The least of 1, 2, 5, 10, 20, 50 … that is not under `most`; at least 1."""
    scale = 1.0
    while True:
        for factor in (1, 2, 5):
            if factor * scale >= most:
                return factor * scale
        scale *= 10


def time_ticks(span_us: tuple[int, int], most: int = 5) -> list[int]:
    """Round times within the span, at most so many."""
    from_us, to_us = span_us
    step = next((step for step in _STEPS_US if (to_us - from_us) / step <= most), _STEPS_US[-1])
    while (to_us - from_us) / step > most:
        step *= 2
    first = -(-from_us // step) * step
    return list(range(first, to_us + 1, step))
