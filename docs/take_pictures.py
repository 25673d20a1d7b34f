"""Takes the pictures of the manual from a running appliance with made-up calls: `python -m docs.take_pictures`."""

import io
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from appliance.web import links
from tests.appliance import Appliance, running

HERE = Path(__file__).resolve().parent / "pictures"
PASSWORD = "a heron on the pier"  # noqa: S105 - of an appliance that lives for two minutes
CALLS_PER_SECOND = "1.5"
SECONDS = "90"
WIDE = {"width": 1280, "height": 760}
ZOOM = 1.5
"""Pixels of the picture for one of the page: sharp where it is shown smaller than it is."""
COLOURS = 256
MOST_OCTETS = 250_000
QUERY = "from:+4930* (talk:>4s OR NOT state:completed)"


def main() -> None:
    """Write search.png and call.png, and both dark."""
    HERE.mkdir(exist_ok=True)
    with running() as instance, sync_playwright() as playwright:
        instance.run("demo", "--cps", CALLS_PER_SECOND, "--seconds", SECONDS)
        command = [sys.executable, "-m", "appliance", "user", "passwd", "admin"]
        subprocess.run(command, input=f"{PASSWORD}\n", text=True, env=instance.environment, check=True)
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = signed_in(chromium, instance)
        page.goto(links.search(QUERY))
        take(page, "search")
        page.goto(links.call(a_call(instance)))
        page.locator("#ladder a.arrow").filter(has_text="INVITE (SDP)").nth(1).click()
        page.locator("#dock .raw").filter(has_text="Proxy-Authorization").wait_for()
        page.mouse.move(0, 0)
        take(page, "call")
        chromium.close()


def signed_in(chromium: Browser, instance: Appliance) -> Page:
    """A page of a person who has signed in."""
    page = chromium.new_page(viewport=WIDE, device_scale_factor=ZOOM, base_url=instance.url)  # type: ignore[arg-type]
    page.goto("/login")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def a_call(instance: Appliance) -> str:
    """The Call-ID of one that was challenged, answered, and ended before its first RTCP report."""
    found = instance.search("state:completed authuser:* retransmissions:0 talk:1s..4s")
    return str(found[0]["callid"])


def take(page: Page, name: str) -> None:
    """What the page shows now, light and dark, in so few colours that it loads quickly."""
    for scheme, ending in (("light", ""), ("dark", "-dark")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        file = HERE / f"{name}{ending}.png"
        few.save(file, optimize=True)
        octets = file.stat().st_size
        print(f"{file.name}: {octets} octets")  # noqa: T201
        assert octets <= MOST_OCTETS, f"{file.name} is too large: take fewer colours or a smaller zoom"


if __name__ == "__main__":
    main()
