"""`python -m appliance.export.ladder_png_process`: draws the SVG of a JSON order on stdin as PNG on stdout.

The order is {"svg", "zoom", "memory_bytes", "seconds"}. Started by export.ladder_png. It limits itself before it looks
at the drawing, and imports nothing else of the appliance, so that it starts quickly. Text is set in the bundled font;
for characters that it has not (Chinese, Japanese, Korean) the system's fonts are asked, if there are any.
"""

import json
import resource
import sys
from pathlib import Path

import resvg_py

FONTS = Path(__file__).parent / "fonts"


def main() -> None:
    """Draw what stdin asks for."""
    order = json.load(sys.stdin.buffer)
    limit(order["memory_bytes"], order["seconds"])
    picture = resvg_py.svg_to_bytes(
        svg_string=order["svg"],
        zoom=order["zoom"],
        font_files=[str(path) for path in sorted(FONTS.glob("*.ttf"))],
        font_family="DejaVu Sans Mono",
        monospace_family="DejaVu Sans Mono",
    )
    sys.stdout.buffer.write(bytes(picture))


def limit(memory_bytes: int, seconds: int) -> None:
    """Bound address space and CPU time of this process; no core file with somebody's call in it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
