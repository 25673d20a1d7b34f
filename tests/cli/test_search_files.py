import asyncio
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from appliance.calls.joins.edge import Edge, Ground
from appliance.calls.joins.leg import place_of
from appliance.cli import search as _  # noqa: F401  the command
from appliance.cli.app import app
from appliance.cli.instance import read_settings
from appliance.cli.search_files import asked, messages_of, save
from appliance.settings import MysqlSettings, Settings
from appliance.storage import daily_tables, leg_writes
from appliance.storage.connection import Database
from appliance.storage.leg_writes import LegWrites
from appliance.storage.migrate import migrate
from appliance.storage.search import Question
from tests.servers import mariadb
from tests.storage.search.stored import HOUR, NOON, SECOND, Sent, a_call, store, store_calls

SPAN = NOON, NOON + SECOND
LATER = NOON + HOUR
LEGS_SPAN = LATER, LATER + HOUR


async def _fill(settings: MysqlSettings) -> None:
    database = await Database.open(settings, local_infile=True)
    await store(database, [Sent(at=NOON + n, payload=f"call-{n}".encode()) for n in range(3)])
    await _fill_legs(database)
    await database.close()


async def _fill_legs(database: Database) -> None:
    """A call of two legs."""
    near, far = (
        a_call("near", started=LATER, legs=2, joined=7),
        a_call("far", started=LATER + 1, legs=2, leg=1, joined=7),
    )
    await store_calls(database, [near, far])
    await store(database, [Sent(at=LATER, callid=b"near", payload=b"of near"),
                           Sent(at=LATER + 1, callid=b"far", payload=b"of far")], block=2)  # fmt: skip
    edge = Edge(place_of(near), place_of(far), Ground.KEY, True, 1.0, "same icid-value x")
    names = await daily_tables.all_names(database)
    async with database.transaction() as cursor:
        await leg_writes.write(cursor, names, LegWrites(edges={edge.one: [edge], edge.other: [edge]}))


@pytest.fixture(scope="module")
def running() -> Iterator[Settings]:
    """Settings of a data directory whose server has three messages."""
    with mariadb() as settings, pytest.MonkeyPatch.context() as patch:
        migrate(settings)
        asyncio.run(_fill(settings))
        assert settings.socket is not None
        directory = settings.socket.parent / "hepbox"
        (directory / "run").mkdir(parents=True)
        (directory / "run" / "mysql.sock").symlink_to(settings.socket)
        patch.setenv("HEPBOX_MYSQL_USER", "root")
        patch.setenv("HEPBOX_SITE_NAME", "hep1")
        yield read_settings(None, directory)


@pytest.mark.parametrize(("form", "begin"), [("pcap", b"\xd4\xc3\xb2\xa1"), ("text", b"U 20")])
def test_the_messages_of_a_result_are_written(running: Settings, tmp_path: Path, form: str, begin: bytes) -> None:
    file = tmp_path / "found"
    assert messages_of(Question("", *SPAN, "messages"), form, file, running) == ()
    content = file.read_bytes()
    assert content.startswith(begin)
    places = [content.index(f"call-{n}".encode()) for n in range(3)]
    assert places == sorted(places), "in order of time"


@pytest.mark.parametrize(("alone", "found"), [(False, {b"of near", b"of far"}), (True, {b"of near"})])
def test_of_a_call_all_legs_are_written_or_its_own_alone(
    running: Settings, tmp_path: Path, alone: bool, found: set[bytes]
) -> None:
    file = tmp_path / "found"
    messages_of(Question("", *LEGS_SPAN, "calls"), "text", file, running, alone=alone)
    assert set(re.findall(rb"of \w+", file.read_bytes())) == found


@pytest.mark.parametrize(("legs", "rows"), [("all", ["near"]), ("one", ["near"]), ("apart", ["far", "near"])])
def test_legs_are_one_row_or_apart(running: Settings, legs: str, rows: list[str]) -> None:
    times = ("--from", str(LATER // SECOND), "--to", str((LATER + HOUR) // SECOND))
    command = ["search", "--legs", legs, *times, "--format", "csv", "--data-dir", str(running.paths.data)]
    answer = CliRunner().invoke(app, command)
    assert [row["callid"] for row in csv.DictReader(io.StringIO(answer.stdout))] == rows


def test_other_views_have_no_messages(running: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        messages_of(Question("", *SPAN, "logs"), "text", None, running)
    assert (
        capsys.readouterr().err
        == "hepbox: --format text is of messages: --view calls, messages, registrations, dialogs\n"
    )


def test_what_cannot_be_asked_is_a_sentence(running: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        messages_of(Question("form:x", *SPAN, "messages"), "text", None, running)
    assert capsys.readouterr().err.startswith("hepbox: there is no field form;")


def test_what_is_asked_gets_the_site(running: Settings) -> None:
    async def site(_database: Database, name: str) -> str:
        return name

    assert asked(site, running) == "hep1"


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        save(tmp_path / "no" / "file", "x")
    assert capsys.readouterr().err.endswith("file: cannot be written (No such file or directory)\n")
