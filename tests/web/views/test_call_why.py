from starlette.testclient import TestClient

from appliance.web import links
from appliance.web.found_call import FoundCall
from appliance.web.views.call_why import address, shown_findings
from appliance.why.finding import Finding, Severity
from tests.web.stored import HOSTILE_CALLID, REPORTED, SCRIPT
from tests.why.cases import CALL
from tests.why.rules.test_sound import report
from tests.why.written import written

ANSWERED = "answered-1@192.0.2.1"
SENTENCE = "+4930111 called +4930222, who answered after 2.0 s; they talked 7.0 s, then the caller (+4930111) hung up."


def test_what_happened_stands_in_the_head_of_every_tab(alice: TestClient) -> None:
    for tab in ("", "messages", "why", "quality", "logs", "export"):
        page = alice.get(links.call(ANSWERED, tab)).text
        assert page.count(SENTENCE) == 1, tab
        assert f'href="{links.call(ANSWERED, "why")}"' in page


def test_each_finding_leads_to_its_message_and_to_its_section(alice: TestClient) -> None:
    page = alice.get(links.call(ANSWERED, "why")).text
    assert "The caller (+4930111) hung up after 7.0 s: BYE from 192.0.2.1." in page
    (message,) = [row["id"] for row in _call(alice)["messages"] if row["method"] == "BYE"]
    assert f'href="{links.call(ANSWERED, message=message)}#m-{message}"' in page
    assert 'href="https://www.rfc-editor.org/rfc/rfc3261#section-15.1.1" rel="external noreferrer"' in page
    assert "192.0.2.1 → 192.0.2.2" in page and "hung-up" in page


def test_a_call_without_findings_says_where_to_look(alice: TestClient) -> None:
    page = alice.get(links.call("many-1", "why"))
    assert page.status_code == 200
    assert "OPTIONS of 192.0.2.1 to 192.0.2.2 got no final answer" in page.text


def test_hostile_names_are_shown_as_text(alice: TestClient) -> None:
    page = alice.get(links.call(HOSTILE_CALLID, "why")).text
    assert SCRIPT not in page and "found the line busy: 486 &lt;script&gt;alert(1)&lt;/script&gt; from" in page


def test_a_call_that_is_not_there_is_not_found(alice: TestClient) -> None:
    assert alice.get("/calls/nobody@nowhere/why").status_code == 404


def test_nobody_reads_it_without_signing_in(client: TestClient) -> None:
    assert client.get(links.call(ANSWERED, "why"), follow_redirects=False).status_code in (302, 303, 401)


def test_the_part_for_htmx_has_no_head(alice: TestClient) -> None:
    page = alice.get(links.call(REPORTED), headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "called" not in page.text


def test_the_api_tells_the_same_first_the_summary(alice: TestClient) -> None:
    why = _call(alice)["why"]
    assert (why[0]["rule"], why[0]["sentence"], why[0]["severity"]) == ("summary", SENTENCE, "info")
    assert [list(each) for each in why] == [["rule", "severity", "sentence", "rfc", "messages", "hop"]] * len(why)
    assert [each["rule"] for each in why[1:]] == ["hung-up"]


def test_evidence_has_the_number_of_its_arrow_and_reports_have_none() -> None:
    rows = (*written(*CALL), report("10.0.0.1", "10.0.0.2", 0, 1))
    finding = Finding("x", Severity.INFO, "So.", "RFC 3261", (rows[2].id, rows[-1].id, "hep1-rtcp-1"), "")
    (shown,) = shown_findings((finding,), FoundCall("c1", None, rows, 5, (), False), 7)
    assert [(one.number, one.words) for one in shown.evidence] == [
        (3, "200 INVITE"),
        (None, "RTCP"),
        (None, "report"),
    ]
    assert shown.evidence[-1].href == "/messages/hep1-rtcp-1"
    assert shown.evidence[0].href == f"/calls/c1?at=7&message={rows[2].id}#m-{rows[2].id}"
    assert shown.evidence[1].href == links.message(rows[-1].id)


def test_only_rfcs_have_an_address() -> None:
    assert address("RFC 3261 16.7") == "https://www.rfc-editor.org/rfc/rfc3261#section-16.7"
    assert address("RFC 6314") == "https://www.rfc-editor.org/rfc/rfc6314"
    assert address("ITU-T Q.850") == ""


def _call(person: TestClient) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = person.get(f"/api/v1{links.call(ANSWERED)}").json()
    return found
