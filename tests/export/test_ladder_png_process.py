import resource
import subprocess
import sys

from appliance.export.ladder_png_process import FONTS

ORDER = b'{"svg": "<svg xmlns=\\"http://www.w3.org/2000/svg\\" width=\\"1\\" height=\\"1\\"/>", "zoom": 1, %s}'
COMMAND = [sys.executable, "-m", "appliance.export.ladder_png_process"]


def test_it_reads_an_order_and_writes_a_png() -> None:
    order = ORDER % b'"memory_bytes": 1073741824, "seconds": 9'
    done = subprocess.run(COMMAND, input=order, capture_output=True, check=True)
    assert done.stdout.startswith(b"\x89PNG")


def test_its_font_and_the_fonts_licence_come_along() -> None:
    assert {path.name for path in FONTS.iterdir()} == {"DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf", "LICENSE.txt"}


def test_it_limits_itself_before_it_draws() -> None:
    script = (
        "import resource; from appliance.export.ladder_png_process import limit; limit(1 << 30, 5);"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(1 << 30), "0"]
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != 1 << 30
