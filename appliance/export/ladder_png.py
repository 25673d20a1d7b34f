"""The ladder as PNG pages, each drawn by resvg in a process of its own with bounded memory and time.

Whatever the drawing does with a hostile call, only that process ends. Light colours, bundled font.
"""

import io
import json
import math
import os
import subprocess
import sys
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from appliance.calls.ladder import Ladder
from appliance.calls.ladder import page as cut
from appliance.export import moments
from appliance.export.ladder_svg import svg_file

PAGE = 200
"""Arrows on one page."""
MEMORY_BYTES = 640 << 20
"""The largest picture (MOST_PIXELS) took less than 384 MiB; 2,000 arrows in one took 618 MiB, so there are pages."""
AT_ONCE = 2
"""Pages of an archive that are drawn beside each other, where there are so many cores."""
SECONDS = 30
MOST_PIXELS = 40_000_000
"""A picture with more is drawn smaller."""
ZOOM = 1.5
_ZIP_BEGINS_US = 315_532_800_000_000
"""1980-01-01."""


class PictureError(RuntimeError):
    """The ladder could not be drawn within its limits; the sentence says what to take instead."""


def pages(ladder: Ladder) -> int:
    """How many pages the PNG of this ladder has, at least one."""
    return max(1, -(-len(ladder.arrows) // PAGE))


def png(ladder: Ladder, page: int = 0, title: str = "", memory_bytes: int = MEMORY_BYTES) -> bytes:
    """One page (from 0) as PNG; blocks until it is drawn. Raises PictureError, IndexError beyond the last page."""
    if page >= pages(ladder):
        raise IndexError(page)
    shown = cut(ladder, page * PAGE, PAGE)
    return draw(svg_file(shown, title=title, picture=True), _zoom(shown), memory_bytes)


def drawings(ladder: Ladder, title: str = "") -> Iterator[Callable[[], bytes]]:
    """For each page in its order what waits for its PNG, or raises PictureError; those that follow are drawn meanwhile.

    Small pages are drawn several at once, which then share the memory of one; large ones one after another.
    """
    shown = cut(ladder, 0, PAGE)
    is_small = _pixels(shown) * _zoom(shown) ** 2 <= MOST_PIXELS // (2 * AT_ONCE)
    at_once = min(AT_ONCE, os.cpu_count() or 1) if is_small else 1
    with ThreadPoolExecutor(at_once) as pool:
        started: deque[Future[bytes]] = deque()
        for number in range(pages(ladder)):
            started.append(pool.submit(png, ladder, number, title, MEMORY_BYTES // at_once))
            if len(started) > at_once:
                yield started.popleft().result
        while started:
            yield started.popleft().result


def archive(ladder: Ladder, name: str, title: str = "") -> bytes:
    """All pages in a zip. Raises PictureError."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as pictures:
        for number, drawn in enumerate(drawings(ladder, title), 1):
            entry = zipfile.ZipInfo(f"{name}.page-{number}.png", moments.moment(_started(ladder)).timetuple()[:6])
            entry.external_attr = 0o644 << 16
            pictures.writestr(entry, drawn())
    return file.getvalue()


def _started(ladder: Ladder) -> int:
    """Microseconds UTC; a zip knows nothing before 1980."""
    return max(ladder.arrows[0].ts if ladder.arrows else 0, _ZIP_BEGINS_US)


def draw(svg: str, zoom: float = 1.0, memory_bytes: int = MEMORY_BYTES, seconds: int = SECONDS) -> bytes:
    """Any SVG as PNG in a process of its own. Raises PictureError."""
    order = json.dumps({"svg": svg, "zoom": zoom, "memory_bytes": memory_bytes, "seconds": seconds}).encode()
    command = [sys.executable, "-P", "-m", "appliance.export.ladder_png_process"]
    try:
        done = subprocess.run(command, input=order, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise PictureError(
            f"the picture took longer than {seconds} s; the SVG or the text has the same call"
        ) from error
    if done.returncode or not done.stdout.startswith(b"\x89PNG"):
        raise PictureError(
            "the picture could not be drawn in the memory it may use; the SVG or the text has the same call"
        )
    return done.stdout


def _zoom(ladder: Ladder) -> float:
    return min(ZOOM, math.sqrt(MOST_PIXELS / max(1, _pixels(ladder))))


def _pixels(ladder: Ladder) -> int:
    return ladder.width * (ladder.head_height + ladder.body_height + 8)
