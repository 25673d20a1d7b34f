import asyncio
import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from appliance.export.json_fields import CALL_FIELDS, MESSAGE_FIELDS
from appliance.model.rows import CallState
from appliance.settings import MysqlSettings
from appliance.storage.connection import Database
from appliance.storage.migrate import migrate
from tests.servers import mariadb
from tests.storage.search.stored import NOON, SECOND, Sent, a_call, store, store_calls

Run = Callable[..., "subprocess.CompletedProcess[str]"]
TIMES = ("--from", "2026-11-23", "--to", "2026-11-24")


async def _fill(settings: MysqlSettings) -> None:
    database = await Database.open(settings)
    await store_calls(
        database,
        [
            a_call("one", from_user="+4930123", to_user="=cmd|' /C calc'!A0"),
            a_call(
                "two", started=NOON + SECOND, ended=NOON + SECOND, state=CallState.BUSY, from_user="\x1b]0;x\x07\udcff"
            ),
        ],
    )
    await store(database, [Sent(at=NOON + n, callid=b"one") for n in range(1203)])
    await database.close()


@pytest.fixture(scope="module")
def search() -> Iterator[Run]:
    """Where two calls and 1203 messages are stored."""
    yield from running(lambda settings: asyncio.run(_fill(settings)))


def running(fill: Callable[[MysqlSettings], None]) -> Iterator[Run]:
    """Runs `hepbox search` on what was filled in."""
    with mariadb() as settings:
        migrate(settings)
        fill(settings)
        assert settings.socket is not None
        data = settings.socket.parent / "hepbox"
        (data / "run").mkdir(parents=True)
        (data / "run" / "mysql.sock").symlink_to(settings.socket)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HEPBOX_")}
        environment |= {"HEPBOX_MYSQL_USER": "root", "HEPBOX_PATHS_DATA": str(data), "HEPBOX_SITE_NAME": "hep1"}

        def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
            command = [sys.executable, "-m", "appliance", "search", *arguments]
            return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

        yield run


def test_it_prints_the_answer_of_the_api_as_json(search: Run) -> None:
    answer = json.loads(search("from:+4930123", *TIMES, "--format", "json").stdout)
    assert {name: answer[name] for name in ("query", "view", "from", "to", "next", "total")} == {
        "query": "from:+4930123",
        "view": "calls",
        "from": NOON - 12 * 3600 * SECOND,
        "to": NOON + 12 * 3600 * SECOND,
        "next": None,
        "total": {"count": 1, "exact": True},
    }
    assert [tuple(row) for row in answer["rows"]] == [CALL_FIELDS]
    assert [(site["name"], site["ok"], site["error"]) for site in answer["sites"]] == [("hep1", True, None)]


def test_more_rows_than_a_page_holds_are_all_given(search: Run) -> None:
    answer = json.loads(search("", *TIMES, "--view", "messages", "--format", "json", "--limit", "1300").stdout)
    assert len({row["id"] for row in answer["rows"]}) == 1203
    assert [row["ts"] for row in answer["rows"]] == [NOON + n for n in reversed(range(1203))]
    assert (tuple(answer["rows"][0]), answer["next"], answer["total"]["count"]) == (MESSAGE_FIELDS, None, 1203)


def test_csv_holds_no_formulas_and_numbers_that_people_dial_as_they_are(search: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(search("callid:one", *TIMES, "--format", "csv").stdout)))
    assert [(row["from_user"], row["to_user"]) for row in rows] == [("+4930123", "'=cmd|' /C calc'!A0")]


def test_a_table_is_for_people_and_cannot_steer_their_terminal(search: Run) -> None:
    shown = search(*TIMES)
    assert shown.stdout.splitlines()[0].startswith("started (UTC)")
    assert "2026-11-23 12:00:00.000" in shown.stdout
    assert "\x1b" not in shown.stdout
    assert "]0;x" in shown.stdout


def test_several_words_need_no_quotation_marks_of_the_shell(search: Run) -> None:
    answer = json.loads(search("callid:one", "OR", "state:busy", *TIMES, "--format", "json").stdout)
    assert [row["callid"] for row in answer["rows"]] == ["two", "one"]


def test_the_last_hour_may_be_written_with_a_minus(search: Run) -> None:
    done = search("--from", "-3h", "--format", "json")
    assert done.returncode == 0
    asked = json.loads(done.stdout)
    assert (asked["to"] - asked["from"]) // 1_000_000 == 3 * 3600


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("form:alice",), "hepbox: there is no field form;"),
        (("group:x",), "hepbox: there is no such group of aliases: no alias is in a group yet"),
        (("--from", "yesterday"), "hepbox: --from: 'yesterday' is not a time"),
        (("from:x", "--view", "registrations"), "hepbox: from cannot be searched in the view registrations"),
    ],
)
def test_what_was_typed_wrong_is_one_line_and_exit_2(search: Run, arguments: tuple[str, ...], said: str) -> None:
    done = search(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


def test_it_explains_where_it_looked_when_asked(search: Run) -> None:
    done = search("from:+4930123", *TIMES, "--explain")
    assert done.stderr == "calls_20261123: 1 rows by from_user, pid_user\n"
    done = search("ua:nobody", *TIMES, "--view", "messages", "--explain")
    assert "sip_capture_call_20261123: about " in done.stderr
    assert done.stderr.count("read through, 2026-11-23 00:00:00 to 2026-11-24 00:00:00 UTC (no index for ua)") == 1


def test_following_begins_now(search: Run) -> None:
    done = search("from:a", "--follow", "--from", "-1h")
    assert done.returncode == 2
    assert "leave out --from" in done.stderr
