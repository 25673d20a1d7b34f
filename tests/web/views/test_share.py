import re

import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import shares
from appliance.web import links
from tests.web.conftest import PASSWORD, in_database, sign_in
from tests.web.stored import Sent, sip, store

CALL = links.call("answered-1@192.0.2.1")


def test_the_call_leads_to_the_form(alice: TestClient) -> None:
    assert f'href="{CALL}/share"' in alice.get(CALL).text
    page = alice.get(f"{CALL}/share")
    assert page.status_code == 200
    assert 'value="numbers-and-addresses" checked' in page.text
    assert 'value="168" selected' in page.text


def test_the_link_is_shown_once(alice: TestClient) -> None:
    answer = alice.post(f"{CALL}/share", data={"redaction": "numbers", "hours": "1"})
    found = re.search(r'value="http://testserver/s/([\w-]{43})"', answer.text)
    assert found is not None
    assert found[1] not in alice.get("/admin/shares").text
    assert answer.headers["cache-control"] == "no-store"


def test_a_user_may_share_too(client: TestClient) -> None:
    sign_in(client, "bob", PASSWORD)
    assert "/s/" in client.post(f"{CALL}/share").text


@pytest.mark.parametrize("fields", [{"hours": "5000"}, {"redaction": "x"}, {"password": "test123"}])
def test_mistakes_are_told_beside_the_form(alice: TestClient, fields: dict[str, str]) -> None:
    answer = alice.post(f"{CALL}/share", data=fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert '<form class="card sharing"' in answer.text


def test_the_preview_is_the_page_without_a_link(alice: TestClient) -> None:
    answer = alice.post(f"{CALL}/share/preview", data={"redaction": "all", "note": "see below"})
    assert answer.status_code == 200
    assert "This is a preview" in answer.text
    assert "see below" in answer.text
    assert "30111" not in answer.text
    assert "/messages.pcap" not in answer.text
    assert alice.get("/admin/shares.csv").text.count("\n") == 1
    assert alice.post(f"{CALL}/share/preview", data={"hours": "x"}).status_code == 422


def test_which_legs_can_be_chosen_when_there_are_several(alice: TestClient, settings: Settings) -> None:
    page = alice.get(f"{CALL}/share").text
    assert 'name="leg"' not in page
    alice.post(f"{CALL}/share", data={"legs": "chosen", "leg": ["0"]})
    (share,) = in_database(settings.mysql, lambda database: shares.listed(database))
    assert share.legs == ("answered-1@192.0.2.1",)


def test_a_call_of_an_odd_call_id_is_shared_as_well(alice: TestClient, settings: Settings) -> None:
    callid = "a/b?c%\udcff"
    in_database(
        settings.mysql, lambda _: store(settings.mysql, [Sent(sip("INVITE sip:x@y SIP/2.0", callid, user="odd"))])
    )
    answer = alice.post(f"{links.call(callid)}/share")
    found = re.search(r'value="http://testserver(/s/[\w-]+)"', answer.text)
    assert found is not None
    assert alice.get(found[1]).status_code == 200


def test_nobody_shares_without_a_session(client: TestClient) -> None:
    assert client.post(f"{CALL}/share").status_code == 303
    assert client.get(f"{CALL}/share").headers["location"].startswith("/login")


def test_an_unknown_call_cannot_be_shared(alice: TestClient) -> None:
    assert alice.get("/calls/nobody/share").status_code == 404
