"""The import in the browser, with the real command behind it."""

import gzip
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from tests.appliance import eventually
from tests.capture.made import BYE, INVITE, ethernet, ipv4, pcap, udp
from tests.captures import CAPTURES
from tests.web.conftest import PASSWORD, sign_in

CALL = (CAPTURES / "MichalCab-ISA/sip.pcap").read_bytes()


@pytest.fixture(autouse=True)
def own_sockets(settings: Settings) -> None:
    """Where the command looks for the servers of this data directory."""
    run = settings.paths.data / "run"
    run.mkdir()
    for name, socket in (("mysql.sock", settings.mysql.socket), ("redis.sock", settings.redis.socket)):
        assert socket is not None
        (run / name).symlink_to(Path(socket))


def give(client: TestClient, content: bytes, name: str = "trace.pcap", **headers: str):  # type: ignore[no-untyped-def]
    return client.post("/captures", files={"capture": (name, content)}, headers=headers)


def ended(client: TestClient, address: str) -> str:
    """The page of an import once it has ended."""
    eventually(lambda: "hx-trigger" not in client.get(address).text)
    return client.get(address).text


@pytest.mark.parametrize("content", [CALL, gzip.compress(CALL)], ids=["pcap", "gzip"])
def test_a_capture_is_imported_and_its_page_leads_to_what_came_in(alice: TestClient, content: bytes) -> None:
    answer = give(alice, content)
    assert answer.status_code == 303
    text = ended(alice, answer.headers["location"])
    assert "9 packets, from" in text and "2014-11-25 21:09:21" in text
    between = re.search(r"/search\?from=(\d+)&amp;to=(\d+)&amp;view=calls", text)
    assert between is not None and between[1] == "1416949761" and int(between[2]) < 1416949800
    assert "trace.pcap" in alice.get("/captures").text


def test_a_file_that_is_no_capture_says_so(alice: TestClient) -> None:
    text = ended(alice, give(alice, b"hello, world", "notes.txt").headers["location"])
    assert "Nothing was imported" in text and "notes.txt is not a capture (pcap or pcapng)" in text


def test_a_cut_off_capture_gives_what_is_there_and_says_so(alice: TestClient) -> None:
    content = pcap(ethernet(ipv4(udp(INVITE))), ethernet(ipv4(udp(BYE))))[:-5]
    text = ended(alice, give(alice, content).headers["location"])
    assert "1 packet, from" in text and "the file ends in the middle of frame 2; what lay before was used" in text


def test_a_capture_without_anything_of_ours_says_so(alice: TestClient) -> None:
    text = ended(alice, give(alice, pcap(ethernet(ipv4(udp(b"dns"))))).headers["location"])
    assert "There is no SIP, RTCP or HEP in this capture" in text


def test_a_form_without_a_file_is_told(alice: TestClient) -> None:
    answer = alice.post("/captures", files={"other": ("x", b"y")})
    assert answer.status_code == 422 and "choose one first" in answer.text


def test_a_file_that_is_too_large_is_refused_before_it_is_read(alice: TestClient) -> None:
    answer = alice.post("/captures", content=b"", headers={"content-length": str(1 << 31)})
    assert answer.status_code == 413 and "may have 1 GiB" in answer.text


def test_an_import_is_its_owners_and_is_written_down(alice: TestClient, settings: Settings) -> None:
    address = give(alice, CALL).headers["location"]
    ended(alice, address)
    alice.cookies.clear()
    assert alice.get(address).status_code == 303
    sign_in(alice, "bob", PASSWORD)
    assert alice.get(address).status_code == 404


def test_another_site_cannot_give_one(alice: TestClient) -> None:
    assert give(alice, CALL, **{"sec-fetch-site": "cross-site"}).status_code == 403


def test_one_import_at_a_time(alice: TestClient) -> None:
    frames = [ethernet(ipv4(udp(INVITE)))] * 20_000
    address = give(alice, pcap(*frames, apart_us=1)).headers["location"]
    answer = give(alice, CALL)
    assert answer.status_code == 409 and "One import at a time" in answer.text
    assert "20,000 packets, from" in ended(alice, address)


def test_the_part_that_htmx_asks_for_is_only_that(alice: TestClient) -> None:
    address = give(alice, CALL).headers["location"]
    part = alice.get(address, headers={"hx-request": "true", "hx-request-type": "partial"}).text
    assert part.lstrip().startswith("<section") and "<html" not in part
    ended(alice, address)
