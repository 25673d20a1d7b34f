from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import audit
from appliance.web import links
from tests.web.conftest import PASSWORD, browser, in_database, sign_in
from tests.web.stored import ALICE, BOB, PROXY

PAGE = "/admin/aliases"
CALL = "answered-1@192.0.2.1"


@pytest.fixture
def bob(settings: Settings, alice: TestClient) -> Iterator[TestClient]:
    """In another browser, while alice is signed in."""
    with browser(settings) as other:
        sign_in(other, "bob", PASSWORD)
        yield other


def put(client: TestClient, address: str, name: str, **more: str) -> None:
    answer = client.post(f"{PAGE}/put", data={"address": address, "name": name, **more})
    assert answer.status_code == 303, answer.text


def test_an_administrator_names_changes_and_forgets(alice: TestClient, settings: Settings) -> None:
    put(alice, ALICE, "alice's desk", group="Desks", colour="teal")
    page = unescape(alice.get(PAGE).text)
    assert "1 name in 1 group" in page and 'class="swatch c-teal"' in page
    assert 'href="/search?q=group%3ADesks&from=-1h&view=calls"' in page
    put(alice, ALICE, "desk")
    assert "alice's desk" not in unescape(alice.get(PAGE).text)
    assert alice.post(f"{PAGE}/delete", data={"address": ALICE, "port": "0"}).status_code == 303
    assert "None yet" in alice.get(PAGE).text
    assert alice.post(f"{PAGE}/delete", data={"address": ALICE, "port": ""}).status_code == 404
    trail = [(entry.action, entry.object) for entry in in_database(settings.mysql, audit.entries)]
    assert {("alias_set", f"{ALICE} desk"), ("alias_deleted", ALICE)} <= set(trail)


def test_what_is_wrong_is_said_and_what_was_typed_stays(alice: TestClient) -> None:
    answer = alice.post(f"{PAGE}/put", data={"address": "10.0.0.256", "name": "<b>a"})
    assert answer.status_code == 422
    assert "10.0.0.256 is no address or network" in answer.text
    assert 'value="&lt;b&gt;a"' in answer.text and "<b>a" not in answer.text
    assert alice.post(f"{PAGE}/delete", data={"address": "x"}).status_code == 422


def test_users_read_them_and_do_not_change_them(alice: TestClient, bob: TestClient) -> None:
    put(alice, ALICE, "desk")
    page = bob.get(PAGE)
    assert page.status_code == 200 and "desk" in page.text and "Name an address" not in page.text
    for path in ("put", "delete", "file"):
        assert bob.post(f"{PAGE}/{path}", data={"address": ALICE, "name": "x"}).status_code == 403
    assert bob.get(f"{PAGE}.csv").text.splitlines()[1] == f"{ALICE},,desk,,"


def test_a_file_names_many_or_none(alice: TestClient) -> None:
    def sent(body: bytes, **data: str) -> int:
        return alice.post(f"{PAGE}/file", data=data, files={"file": ("a.csv", body)}).status_code

    assert sent(b"address,name\n10.0.0.1,one\n10.0.0.2,two\n") == 303
    assert sent(b"address,name\n10.0.0.3,three\nx,four\n") == 422
    assert sent(b"address,name\n10.0.0.3,\xff\n") == 422
    assert sent(b"") == 422
    assert alice.get(f"{PAGE}.csv").text.count("\n") == 3
    assert sent(b"address,name\n10.0.0.9,nine\n", replace="1") == 303
    assert alice.get(f"{PAGE}.csv").text.splitlines()[1:] == ["10.0.0.9,,nine,,"]
    assert sent(b"address,name\n") == 303, "a file without names changes nothing"


def test_names_stand_in_place_of_addresses_on_every_page(alice: TestClient) -> None:
    put(alice, ALICE, "Desk <1>", group="desks", colour="red")
    put(alice, PROXY, "proxy", port="5060")
    for path in (
        "/search?q=callid:answered-1*&view=messages",
        "/search?q=callid:answered-1*",
        links.call(CALL),
        links.call(CALL, "messages"),
        f"{links.call(CALL)}/flow.svg",
        f"{links.call(CALL)}/report.html",
    ):
        page = alice.get(path)
        assert page.status_code == 200 and "Desk &lt;1&gt;" in page.text, path
        assert "<1>" not in page.text, path
    assert "Desk <1>" in alice.get(f"{links.call(CALL)}/flow.txt").text
    rows = alice.get("/search?q=callid:answered-1*&view=messages").text
    assert f'title="{ALICE} · desks"' in rows and ">proxy</span>" in rows


@pytest.mark.parametrize(
    ("query", "found"),
    [("src:desk", True), ("src:DESKS", True), ("group:desks", True), ("dst:desk", False), ("NOT group:desks", False)],
)
@pytest.mark.parametrize("view", ["calls", "messages"])
def test_searches_take_names(alice: TestClient, query: str, found: bool, view: str) -> None:
    put(alice, ALICE, "desk", group="desks")
    asked = f"callid:answered-1* method:INVITE {query}" if view == "messages" else f"callid:answered-1* {query}"
    answer = alice.get("/api/v1/search", params={"q": asked, "view": view, "from": "-1d"})
    assert answer.status_code == 200, answer.text
    assert bool(answer.json()["rows"]) is found


def test_a_name_that_nothing_has_is_a_sentence(alice: TestClient) -> None:
    put(alice, BOB, "desk")
    answer = alice.get("/api/v1/search?q=src:dsk")
    assert answer.status_code == 422
    assert "dsk is none, and no alias" in answer.json()["error"]["message"]
    page = alice.get("/search?q=src:dsk")
    assert page.status_code == 422 and "src:desk" in page.text
    assert alice.get("/live?q=src:desk&view=calls").status_code == 200


def test_names_are_offered_while_one_types(alice: TestClient) -> None:
    put(alice, BOB, "Desk 7", group="desks")
    assert 'src:"Desk 7"' in unescape(alice.get("/search/complete?before=src:de").text)
    assert "group:desks" in alice.get("/search/complete?before=group:").text
