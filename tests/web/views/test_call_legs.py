import pytest
from starlette.testclient import TestClient

from appliance.settings import Settings
from appliance.storage import audit
from appliance.web import links
from tests.web.conftest import in_database
from tests.web.stored import HOSTILE_CALLID, REPORTED, SCRIPT

ANSWERED = "answered-1@192.0.2.1"
CALL = f"/calls/{ANSWERED}"


@pytest.fixture(autouse=True)
def undecided(settings: Settings) -> None:
    """Each test begins with nothing joined by hand."""
    in_database(settings.mysql, lambda database: database.execute("DELETE FROM leg_decisions"))
    in_database(settings.mysql, lambda database: database.execute("DELETE FROM call_changes"))


def joined(client: TestClient, other: str = REPORTED) -> None:
    answer = client.post(f"{CALL}/legs", data={"callid": other})
    assert (answer.status_code, answer.headers["location"]) == (303, CALL)


def arrows(page: str) -> int:
    return page.count('class="arrow')


def test_a_leg_that_is_added_is_in_the_ladder_with_its_reason(alice: TestClient) -> None:
    alone = arrows(alice.get(CALL).text)
    joined(alice)
    page = alice.get(CALL).text
    assert "2 legs" in page and "joined by alice" in page and REPORTED in page
    other = arrows(alice.get(f"/calls/{REPORTED}?legs=one").text)
    assert arrows(page) == alone + other > alone
    assert arrows(alice.get(f"/calls/{REPORTED}").text) == alone + other


def test_ticked_legs_alone_are_shown_and_stay_chosen_from_tab_to_tab(alice: TestClient) -> None:
    alone = arrows(alice.get(CALL).text)
    joined(alice)
    page = alice.get(f"{CALL}?leg={ANSWERED}").text
    assert arrows(page) == alone
    assert "1 not shown" in page
    assert page.count(" checked>") == 1
    assert f"{CALL}/messages?leg={ANSWERED.replace('@', '%40')}" in page
    assert f"{CALL}/messages.pcap?leg={ANSWERED.replace('@', '%40')}" in page
    assert arrows(alice.get(f"{CALL}?leg=nobody").text) > alone
    assert f"{CALL}/messages?legs=one" in alice.get(f"{CALL}?legs=one").text


def test_files_have_the_messages_of_the_legs_that_are_chosen(alice: TestClient) -> None:
    joined(alice)
    both = alice.get(f"{CALL}/messages.txt").text
    assert f"Call-ID: {REPORTED}" in both and f"Call-ID: {ANSWERED}" in both
    one = alice.get(f"{CALL}/messages.txt?legs=one").text
    assert f"Call-ID: {REPORTED}" not in one and f"Call-ID: {ANSWERED}" in one
    legs = alice.get(f"{CALL}/messages.json").json()["legs"]
    assert {leg["callid"] for leg in legs} == {ANSWERED, REPORTED}


def test_a_leg_that_is_cut_is_gone_and_can_be_joined_again(alice: TestClient) -> None:
    joined(alice)
    assert alice.post(f"{CALL}/legs", data={"cut": REPORTED, "leg": [ANSWERED, REPORTED]}).status_code == 303
    assert "2 legs" not in alice.get(CALL).text
    assert alice.post(f"{CALL}/legs", data={"join": REPORTED}).status_code == 303
    assert "2 legs" in alice.get(CALL).text


def test_both_are_written_down(alice: TestClient, settings: Settings) -> None:
    joined(alice)
    alice.post(f"{CALL}/legs", data={"cut": REPORTED})
    found = [(entry.action, entry.user_name, entry.object) for entry in in_database(settings.mysql, audit.entries)]
    assert found[:2] == [
        ("leg_cut", "alice", f"{ANSWERED} {REPORTED}"),
        ("leg_joined", "alice", f"{ANSWERED} {REPORTED}"),
    ]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"callid": "nobody@nowhere"}, "There is no call with Call-ID nobody@nowhere"),
        ({"callid": ANSWERED}, "its own leg already"),
        ({"cut": ANSWERED}, "cannot be cut from itself"),
        ({}, "Name the Call-ID"),
    ],
)
def test_what_is_no_other_call_is_refused_with_a_sentence(alice: TestClient, said: dict[str, str], words: str) -> None:
    answer = alice.post(f"{CALL}/legs", data=said)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_wrong_choice_of_legs_is_refused(alice: TestClient) -> None:
    assert alice.get(f"{CALL}?legs=some").status_code == 422
    assert alice.get(f"{CALL}?leg=~!").status_code == 422


def test_nothing_changes_by_get_nor_for_somebody_unknown(client: TestClient) -> None:
    assert client.post(f"{CALL}/legs", data={"callid": REPORTED}).status_code in (303, 401)
    assert client.get(f"{CALL}/legs").status_code in (303, 401, 405)


def test_a_hostile_call_is_shown_as_text_and_can_be_joined_and_cut(alice: TestClient) -> None:
    joined(alice, HOSTILE_CALLID)
    page = alice.get(CALL).text
    assert "2 legs" in page and SCRIPT not in page
    key = links.call(HOSTILE_CALLID).removeprefix("/calls/")
    assert alice.post(f"{CALL}/legs", data={"cut": key}).status_code == 303
    assert "2 legs" not in alice.get(CALL).text
