"""A link without a login: made, opened, ended; and what it does not tell."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from starlette.testclient import TestClient

from appliance import log
from appliance.export import ladder_png
from appliance.settings import Settings
from appliance.storage import audit
from appliance.storage.connection import Database
from appliance.web import links, share_gate
from tests.export.sharks import frames
from tests.web.conftest import browser, in_database, sign_in
from tests.web.stored import SITE, Sent, answered, report, store

CALL = links.call("answered-1@192.0.2.1")
FILES = ("flow.svg", "flow.txt", "messages.txt", "messages.pcap")
SECRETS = (b"4930111", b"4930222", b"30111", b"30222", b"Alice", b"192.0.2.1", b"192.0.2.2", SITE.encode() + b"-call-")

Made = Callable[..., str]


@pytest.fixture
def make(alice: TestClient) -> Made:
    """Makes a link to CALL and gives its path."""

    def made(**fields: str) -> str:
        answer = alice.post(f"{CALL}/share", data=fields)
        assert answer.status_code == 200, answer.text
        found = re.search(r'value="http://testserver(/s/[\w-]+)"', answer.text)
        assert found is not None
        return found[1]

    return made


@pytest.fixture
def stranger(settings: Settings, alice: TestClient) -> Iterator[TestClient]:
    """A browser that nobody signed in, beside the one of alice."""
    with browser(settings) as opened:
        yield opened


def test_a_link_shows_the_call_to_whoever_has_it(make: Made, stranger: TestClient) -> None:
    answer = stranger.get(make(note="look at the answer"))
    assert answer.status_code == 200
    assert "Shared by <strong>alice</strong>" in answer.text
    assert "look at the answer" in answer.text
    assert answer.text.count('class="raw"') == 7
    assert "hepbox_session" not in answer.headers.get("set-cookie", "")


def test_nothing_hidden_is_on_the_page_or_in_a_file(make: Made, stranger: TestClient) -> None:
    path = make()
    for address in (path, *(f"{path}/{file}" for file in FILES)):
        answer = stranger.get(address)
        assert answer.status_code == 200
        assert not [secret for secret in SECRETS if secret in answer.content], address


def test_the_stand_ins_are_the_same_on_the_page_and_in_the_files(make: Made, stranger: TestClient) -> None:
    path = make()
    user = re.search(r"From: .*?sip:(x[a-z]+)@", stranger.get(f"{path}/messages.txt").text)
    assert user is not None
    assert user[1] in stranger.get(path).text


def test_another_link_has_other_stand_ins(make: Made, stranger: TestClient) -> None:
    one, other = (stranger.get(f"{make()}/messages.txt").text for _ in range(2))
    assert one != other


def test_the_picture_is_made_of_the_same(make: Made, stranger: TestClient) -> None:
    answer = stranger.get(f"{make()}/flow.png")
    assert answer.content.startswith(b"\x89PNG")
    assert stranger.get(f"{make()}/flow.png?page=2").status_code == 404


def test_wireshark_reads_the_pcap_without_a_doubt(make: Made, stranger: TestClient, tmp_path: Path) -> None:
    file = tmp_path / "shared.pcap"
    file.write_bytes(stranger.get(f"{make()}/messages.pcap").content)
    read = frames(file)
    assert [frame.what for frame in read] == ["INVITE", "100", "180", "200", "ACK", "BYE", "200"]
    assert not [frame.fault for frame in read if frame.fault]


def test_nothing_inside_is_linked_to(make: Made, stranger: TestClient) -> None:
    path = make()
    page = stranger.get(path).text
    led = set(re.findall(r'(?:href|src|action)="([^"#]+)"', page))
    assert all(address.startswith(("/static/", f"{path}/")) for address in led), led
    assert not re.findall(r'href="(?!#)', stranger.get(f"{path}/flow.svg").text)


def test_the_addresses_tell_no_others_and_are_not_indexed(make: Made, stranger: TestClient) -> None:
    path = make()
    for answer in (stranger.get(path), stranger.get(f"{path}/messages.txt"), stranger.get("/s/wrong")):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert answer.headers["cache-control"] == "no-store"


def test_links_that_show_nothing_are_all_alike(
    make: Made, stranger: TestClient, settings: Settings, alice: TestClient
) -> None:
    expired, gone, revoked, disabled = (make() for _ in range(4))

    async def change(database: Database) -> None:
        await database.execute("UPDATE shares SET expires_at = 1 WHERE id = (SELECT MIN(id) FROM shares)")
        await database.execute("UPDATE shares SET callid = 'gone' WHERE id = (SELECT MIN(id) + 1 FROM shares)")
        await database.execute("UPDATE shares SET revoked_at = 1 WHERE id = (SELECT MIN(id) + 2 FROM shares)")
        await database.execute("UPDATE users SET disabled = TRUE WHERE name = 'alice'")

    in_database(settings.mysql, change)
    answers = []
    for path in ("/s/wrong", "/s/" + "x" * 500, expired, gone, revoked, disabled, f"{disabled}/flow.svg", "/s/a/b/c"):
        began = time.monotonic()
        answer = stranger.get(path)
        assert time.monotonic() - began >= share_gate.REFUSAL_SECONDS
        answers.append((answer.status_code, answer.content, sorted(answer.headers.items())))
    assert answers[0][0] == 404
    assert all(answer == answers[0] for answer in answers)


def test_an_unknown_file_of_a_link_is_answered_like_a_wrong_link(make: Made, stranger: TestClient) -> None:
    assert stranger.get(f"{make()}/messages.json").content == stranger.get("/s/wrong").content


def test_a_link_opens_nothing_else(make: Made, stranger: TestClient) -> None:
    path = make(password="a quiet violet owl")
    stranger.post(path, data={"password": "a quiet violet owl"})
    assert stranger.get(path).status_code == 200
    for inside in (CALL, "/", "/search", f"/api/v1{CALL}", "/admin/shares"):
        assert stranger.get(inside).status_code in (303, 401)


def test_a_password_is_asked_for_and_opens_this_link_alone(make: Made, stranger: TestClient) -> None:
    path, other = (make(password="a quiet violet owl") for _ in range(2))
    asked = stranger.get(path)
    assert "with a password" in asked.text
    assert 'class="raw"' not in asked.text
    assert stranger.get(f"{path}/messages.txt").status_code == 404
    assert stranger.post(path, data={"password": "another one"}).status_code == 403
    right = stranger.post(path, data={"password": "a quiet violet owl"})
    assert (right.status_code, right.headers["location"]) == (303, path)
    assert f"Path={path}" in right.headers["set-cookie"]
    assert "HttpOnly" in right.headers["set-cookie"]
    assert 'class="raw"' in stranger.get(path).text
    assert stranger.get(f"{path}/messages.txt").status_code == 200
    assert "with a password" in stranger.get(other).text


def test_the_cookie_of_one_link_does_not_open_another(make: Made, stranger: TestClient) -> None:
    path, other = (make(password="a quiet violet owl") for _ in range(2))
    given = stranger.post(path, data={"password": "a quiet violet owl"}).cookies[share_gate.COOKIE]
    answer = stranger.get(other, headers={"cookie": f"{share_gate.COOKIE}={given}"})
    assert "with a password" in answer.text


def test_passwords_cannot_be_tried_without_end(make: Made, stranger: TestClient) -> None:
    path = make(password="a quiet violet owl")
    statuses = [stranger.post(path, data={"password": f"guess {n}"}).status_code for n in range(5)]
    assert statuses[:3] == [403, 403, 403]
    assert statuses[-1] == 429
    assert stranger.post(path, data={"password": "a quiet violet owl"}).status_code == 429


def test_who_opened_it_when_and_from_where_is_written_down_without_the_token(
    make: Made, stranger: TestClient, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    path = make()
    stranger.get(path)
    stranger.get(f"{path}/messages.txt")
    entries = in_database(settings.mysql, lambda database: audit.entries(database, limit=50))
    told = [(entry.action, entry.user_name) for entry in entries if entry.action.startswith("share")]
    assert told == [("share_opened", ""), ("share_opened", ""), ("share_made", "alice")]
    assert all(entry.address for entry in entries if entry.action == "share_opened")
    token = path.removeprefix("/s/")
    assert not [entry for entry in entries if token in entry.object]
    assert token not in "".join(capfd.readouterr())


def test_a_fault_does_not_write_the_token_to_the_log(
    make: Made, stranger: TestClient, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    path = make()
    log.configure("web")

    async def breaks(database: Database) -> None:
        await database.execute("UPDATE shares SET redaction = 'broken'")

    in_database(settings.mysql, breaks)
    assert stranger.get(path).status_code == 500
    structlog.reset_defaults()
    logged = "".join(capfd.readouterr())
    assert "request_failed" in logged
    assert path.removeprefix("/s/") not in logged


def test_a_signed_in_person_is_nobody_here(make: Made, alice: TestClient) -> None:
    assert "Sign out" not in alice.get(make()).text


def test_without_redaction_the_messages_are_as_they_were(make: Made, stranger: TestClient) -> None:
    path = make(redaction="nothing")
    page = re.sub(r"</?(?:span|dfn)[^>]*>", "", stranger.get(path).text)
    assert "From: &#34;Alice&#34; &lt;sip:+4930111@example.com&gt;" in page
    assert SITE + "-call-" not in stranger.get(path).text


def test_hostile_content_stays_text(alice: TestClient, stranger: TestClient) -> None:
    from tests.web.stored import HOSTILE_CALLID

    for redaction in ("nothing", "numbers", "all"):
        answer = alice.post(f"{links.call(HOSTILE_CALLID)}/share", data={"redaction": redaction})
        found = re.search(r'value="http://testserver(/s/[\w-]+)"', answer.text)
        assert found is not None
        assert "<script>alert" not in stranger.get(found[1]).text


def test_whoever_must_change_the_first_password_makes_no_link(settings: Settings) -> None:
    from appliance.web.auth import first_user

    in_database(settings.mysql, lambda database: first_user.ensure(database, time.time_ns() // 1000))
    with browser(settings) as client:
        sign_in(client, "admin", "test123")
        assert client.post(f"{CALL}/share").status_code == 303


ONLY_BESIDE = (b"4930777", b"198.51.100.77", b"198.51.100.78", b"carolina", b"+491701234567", b"hunter2")


def _heard(callid: str) -> list[Sent]:
    """A call whose reports and lines tell more hosts and people than its messages do."""
    tag = callid.encode()
    beside = {"correlation": tag, "source": "198.51.100.77", "destination": "198.51.100.78"}
    lines = (
        b"INFO: user=carolina from 198.51.100.77, +4930777 to +4930222 at 192.0.2.2, not +491701234567",
        b"password=hunter2 of +4930777",
    )
    return [
        *answered(callid, "+4930777"),
        Sent(report(13), 5000, **beside, protocol_type=5, ports=(20001, 30001)),  # type: ignore[arg-type]
        *(Sent(line, 1500 + n, **beside, protocol_type=100) for n, line in enumerate(lines)),  # type: ignore[arg-type]
        Sent(b'{"display": "carolina"}', 1600, **beside, protocol_type=20),  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize("profile", ["numbers", "numbers-and-addresses", "all"])
def test_reports_and_log_lines_are_shown_and_tell_nobody(
    profile: str, alice: TestClient, stranger: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = ladder_png.draw
    monkeypatch.setattr(ladder_png, "draw", lambda svg, *more: drawn.append(svg) or draw(svg, *more))
    callid = f"heard-{profile}@192.0.2.1"
    in_database(settings.mysql, lambda _: store(settings.mysql, _heard(callid)))
    answer = alice.post(f"{links.call(callid)}/share", data={"redaction": profile})
    found = re.search(r'value="http://testserver(/s/[\w-]+)"', answer.text)
    assert found is not None
    path = found[1]
    told = {file: stranger.get(f"{path}/{file}") for file in (*FILES, "quality.csv", "flow.png")}
    told["page"] = stranger.get(path)
    told["preview"] = alice.post(f"{links.call(callid)}/share/preview", data={"redaction": profile})
    assert {file for file, answer in told.items() if answer.status_code != 200} == set()
    hidden = [*SECRETS, *ONLY_BESIDE]
    if profile == "numbers":
        hidden = [secret for secret in hidden if not re.match(rb"\d+\.", secret)]
    texts = {**{file: answer.content for file, answer in told.items()}, "picture": "".join(drawn).encode()}
    leaks = [(file, secret) for file, content in texts.items() for secret in hidden if secret in content]
    assert leaks == []
    assert drawn and "Quality of the media" in told["page"].text
    assert told["quality.csv"].text.count("\n") == 2
    lines = 0 if profile == "all" else 1
    assert told["messages.txt"].text.count("INFO: user=") == lines
    assert f"{3 - lines} log lines and events are left out" in told["page"].text
