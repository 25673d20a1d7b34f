import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from appliance.cli.search_files import asked, messages_of, save
from appliance.settings import MysqlSettings
from appliance.storage.connection import Database
from appliance.storage.search import Question
from tests.servers import mariadb
from tests.storage.search.stored import NOON, SECOND, Sent, store

SPAN = NOON, NOON + SECOND


async def _fill(settings: MysqlSettings) -> None:
    database = await Database.open(settings)
    await store(database, [Sent(at=NOON + n, payload=f"call-{n}".encode()) for n in range(3)])
    await database.close()


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data directory whose server has three messages."""
    with mariadb() as settings, pytest.MonkeyPatch.context() as patch:
        asyncio.run(_fill(settings))
        assert settings.socket is not None
        directory = settings.socket.parent / "hepbox"
        (directory / "run").mkdir(parents=True)
        (directory / "run" / "mysql.sock").symlink_to(settings.socket)
        patch.setenv("HEPBOX_MYSQL_USER", "root")
        patch.setenv("HEPBOX_SITE_NAME", "hep1")
        yield directory


@pytest.mark.parametrize(("form", "begin"), [("pcap", b"\xd4\xc3\xb2\xa1"), ("text", b"U 20")])
def test_the_messages_of_a_result_are_written(data: Path, tmp_path: Path, form: str, begin: bytes) -> None:
    file = tmp_path / "found"
    assert messages_of(Question("", *SPAN, "messages"), form, file, None, data) == ()
    content = file.read_bytes()
    assert content.startswith(begin)
    places = [content.index(f"call-{n}".encode()) for n in range(3)]
    assert places == sorted(places), "in order of time"


def test_other_views_have_no_messages(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        messages_of(Question("", *SPAN, "logs"), "text", None, None, data)
    assert capsys.readouterr().err == "hepbox: --format text is of messages: --view calls or --view messages\n"


def test_what_cannot_be_asked_is_a_sentence(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        messages_of(Question("form:x", *SPAN, "messages"), "text", None, None, data)
    assert capsys.readouterr().err.startswith("hepbox: there is no field form;")


def test_what_is_asked_gets_the_site(data: Path) -> None:
    async def site(_database: Database, name: str) -> str:
        return name

    assert asked(site, None, data) == "hep1"


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        save(tmp_path / "no" / "file", "x")
    assert capsys.readouterr().err.endswith("file: cannot be written (No such file or directory)\n")
