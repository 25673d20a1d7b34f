"""Takes the pictures of the manual from a running appliance with made-up calls: `python -m docs.take_pictures`."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.appliance import Appliance, running

HERE = Path(__file__).resolve().parent / "pictures"
PASSWORD = "a heron on the pier"  # noqa: S105 - of an appliance that lives for a minute


def main() -> None:
    HERE.mkdir(exist_ok=True)
    with running() as instance, sync_playwright() as playwright:
        instance.run("demo", "--cps", "3", "--seconds", "45")
        command = [sys.executable, "-m", "appliance", "user", "passwd", "admin"]
        subprocess.run(command, input=f"{PASSWORD}\n", text=True, env=instance.environment, check=True)
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        take(instance, page)
        chromium.close()


def take(instance: Appliance, page: Page) -> None:
    """The results of a search, and an answered call."""
    page.goto(f"{instance.url}/login")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{instance.url}/search?q=")
    page.screenshot(path=HERE / "search.png")
    answered = next(row for row in instance.search("state:completed") if row["retransmissions"] == 0)
    page.goto(f"{instance.url}/search?q=callid:{answered['callid']}")
    page.locator("table a[href^='/calls/']").first.click()
    page.wait_for_load_state()
    page.screenshot(path=HERE / "call.png")


if __name__ == "__main__":
    main()
