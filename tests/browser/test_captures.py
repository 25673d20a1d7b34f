"""A capture given in Chromium: chosen, dropped, wrong, and large."""

import re
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.appliance import Appliance, eventually
from tests.browser.conftest import Watched
from tests.capture.made import BYE, INVITE, ethernet, ipv4, pcap, udp
from tests.captures import CAPTURES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CALL = CAPTURES / "MichalCab-ISA/sip.pcap"
DROP = """({name, octets}) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(octets)], name));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def ended(page: Page) -> None:
    page.wait_for_url(re.compile(r"/captures/[0-9a-f]{16}$"), timeout=60_000)
    expect(page.get_by_role("link", name="import another")).to_be_visible(timeout=120_000)


def test_a_chosen_capture_leads_to_its_call(person: Watched) -> None:
    page = person.open("/captures")
    page.get_by_label(re.compile("A pcap or pcapng file")).set_input_files(CALL)
    page.get_by_role("button", name="Import").click()
    ended(page)
    expect(page.get_by_role("heading", level=2)).to_contain_text("9 packets, from")
    address = page.get_by_role("link", name="See the messages").get_attribute("href")
    assert address is not None

    def found() -> bool:
        person.open(address)
        return page.locator("table[data-rows] tbody tr").count() == 9

    eventually(found)
    assert person.complaints == []


def test_a_dropped_file_that_is_no_capture_says_so(person: Watched) -> None:
    page = person.open("/captures")
    page.evaluate(DROP, {"name": "notes.txt", "octets": list(b"hello, world")})
    ended(page)
    expect(page.get_by_role("alert")).to_contain_text("notes.txt is not a capture")


def test_200_mb_pass_and_the_web_process_keeps_small(person: Watched, appliance: Appliance, tmp_path: Path) -> None:
    media = ethernet(ipv4(udp(b"\x80\x08" + bytes(1400), 30000, 30002)))
    file = tmp_path / "large.pcap"
    head = pcap(*[media] * 1000, apart_us=100)
    with file.open("wb") as out:
        out.write(head + (head[24:] * (200_000_000 // len(head))))
        out.write(pcap(ethernet(ipv4(udp(INVITE))), ethernet(ipv4(udp(BYE))))[24:])
    web = psutil.Process(appliance.pid("web"))
    before = web.memory_info().rss
    page = person.open("/captures")
    page.get_by_label(re.compile("A pcap or pcapng file")).set_input_files(file)
    page.get_by_role("button", name="Import").click()
    ended(page)
    expect(page.get_by_role("heading", level=2)).to_contain_text("2 packets, from")
    assert web.memory_info().rss - before < 32 << 20
    assert not list(appliance.data_dir.glob("imports/*/capture"))
