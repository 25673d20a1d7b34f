from starlette.testclient import TestClient

from appliance.model.ids import call_key
from appliance.settings import Settings
from appliance.storage import audit
from appliance.web import links
from tests.web.conftest import in_database
from tests.web.stored import REGISTERED, SCRIPT

AOR = "reg-1@example.com"


def test_the_rows_lead_to_the_page_of_their_binding(alice: TestClient) -> None:
    found = alice.get(f"/search?view=registrations&q=aor:{AOR}").text
    address = found.split('data-href="')[1].split('"')[0].replace("&amp;", "&")
    assert address.startswith("/registrations/reg-1@example.com?binding=")
    page = alice.get(address)
    assert page.status_code == 200
    assert AOR in page.text and "urn:uuid:reg-1" in page.text and "reg-id 1" in page.text


def test_it_tells_each_attempt_with_the_ladder_of_its_messages(alice: TestClient) -> None:
    page = alice.get(f"/registrations/{AOR}").text
    steps = [part.split("<")[0] for part in page.split('<span class="what m-')[1:]]
    assert [step.split(">")[1] for step in steps] == ["moved", "registered"]
    assert "+1 challenge" in page and "20 ms" in page
    ladder = links.call(REGISTERED)
    assert f'href="{ladder}?at=' in page
    at = page.split(f'href="{ladder}')[1].split('"')[0]
    assert alice.get(ladder + at).status_code == 200
    assert alice.get(ladder + at).text.count("REGISTER") > 2


def test_the_ladder_of_a_register_leads_back(alice: TestClient) -> None:
    page = alice.get(links.call(REGISTERED)).text
    address = page.split('href="/registrations/')[1].split('"')[0].replace("&amp;", "&")
    assert address.startswith("reg-1@example.com?from=")
    assert alice.get(f"/registrations/{address}").status_code == 200


def test_the_strip_shows_when_it_was_registered(alice: TestClient) -> None:
    page = alice.get(f"/registrations/{AOR}?from=-1h").text
    assert page.count('<rect class="on"') == 1
    assert page.count('<line class="mark m-flap"') == page.count('<line class="mark m-good"') == 1
    assert 'role="img" aria-label="Registered ' in page and "1 × moved" in page


def test_its_address_means_the_same_tomorrow(alice: TestClient) -> None:
    page = alice.get(f"/registrations/{AOR}").text
    address = page.split('title="The same tomorrow')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    again = alice.get(address)
    assert again.status_code == 200
    assert again.text.count('class="what m-') == 2


def test_a_time_in_which_nothing_registered_says_so(alice: TestClient) -> None:
    assert alice.get(f"/registrations/{AOR}?from=-3d&to=-2d").status_code == 404
    assert "Nothing registered" in alice.get("/registrations/nobody@example.com").text
    assert alice.get(f"/registrations/{AOR}?binding=zz").status_code == 404
    assert alice.get("/registrations/~!!").status_code == 404
    assert alice.get(f"/registrations/{AOR}?from=yesterday").status_code == 422
    assert alice.get(f"/registrations/{AOR}?from=0001-01-01&to=9999-12-31").status_code in (200, 422)


def test_a_binding_that_lasts_into_a_time_without_attempts(alice: TestClient) -> None:
    page = alice.get(f"/registrations/{AOR}?from=-2m").text
    assert "made before, and lasts" in page and "Registered 100.0 %" in page


def test_what_the_network_sent_is_text(alice: TestClient) -> None:
    (row,) = alice.get("/api/v1/search?view=registrations&q=callid:register-3").json()["rows"]
    page = alice.get(f"/registrations/{call_key((row['aor'] or '').encode())}")
    assert page.status_code == 200
    assert "rejected" in page.text and "403" in page.text
    assert SCRIPT not in page.text and "&lt;script&gt;" in page.text


def test_looking_is_written_down(alice: TestClient, settings: Settings) -> None:
    alice.get(f"/registrations/{AOR}")
    entry = in_database(settings.mysql, audit.entries)[0]
    assert entry.action == "searched" and f"registration {AOR}" in str(entry)
