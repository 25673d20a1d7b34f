"""Calls of real phones through Kamailio and rtpengine, one with 3 % of its RTP dropped, and what is told of them.

baresip calls baresip for most of a minute; both calls are made at the same time. rtpengine sends the phones' RTCP as
JSON, Kamailio the SIP messages and a line of its log by hlog().
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.model.quality import QualityRow
from appliance.storage import daily_tables, quality
from appliance.storage.connection import Database
from tests.agents.posting import seen, shown, token
from tests.agents.rtpengine import ENGINE_ID, PROXY_ID, Relay, call, even_ports
from tests.appliance import Appliance, eventually, running
from tests.recorded.instance import Store

pytestmark = [pytest.mark.agents, pytest.mark.appliance, pytest.mark.timeout(300)]

SECONDS = 42
LOSS_PERCENT = 3
LEAST_REPORTS = 10
"""Of both directions together: the phones send one each five seconds."""


@dataclass(frozen=True)
class Made:
    """A call that is over."""

    callid: str
    relay: Relay
    reports: list[QualityRow]
    """What reports say of what arrived."""


@dataclass(frozen=True)
class Both:
    """The same call without and with loss."""

    appliance: Appliance
    secret: str
    clean: Made
    lossy: Made


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    with running() as appliance, ThreadPoolExecutor() as threads:
        secret, directory = token(appliance, "test"), tmp_path_factory.mktemp("rtpengine")
        losses = (0, LOSS_PERCENT)
        made = [
            threads.submit(call, directory / f"loss-{loss}", ports, appliance.hep_port, loss, SECONDS)
            for loss, ports in zip(losses, even_ports(2, 8), strict=True)
        ]
        relays = [each.result() for each in made]
        callids = [callid_of(directory / f"loss-{loss}") for loss in losses]
        clean, lossy = (
            Made(callid, relay, reports(appliance, callid)) for callid, relay in zip(callids, relays, strict=True)
        )
        yield Both(appliance, secret, clean, lossy)


def callid_of(directory: Path) -> str:
    """As rtpengine wrote it to its log."""
    found = re.search(r"\[([^\] ]+)\]: \[control\] Received command 'offer'", (directory / "rtpengine.log").read_text())
    assert found is not None
    return found[1]


def reports(appliance: Appliance, callid: str) -> list[QualityRow]:
    """Once they are stored: those that tell of a loss or none."""

    async def ask(database: Database) -> list[QualityRow]:
        first = await database.fetch_one("SELECT MIN(first_seen), MAX(last_seen) FROM agents")
        assert first is not None
        names = set(await daily_tables.all_names(database))
        return await quality.of_call(database, names, [callid], [], int(first[0]), int(first[1]))

    def told() -> list[QualityRow]:
        return [row for row in Store(appliance).ask(ask) if row.measured.loss_percent is not None]

    found: list[QualityRow] = eventually(lambda: rows if len(rows := told()) >= LEAST_REPORTS else None)
    return found


def by_stream(made: Made) -> dict[int | None, list[QualityRow]]:
    streams: dict[int | None, list[QualityRow]] = {}
    for row in made.reports:
        streams.setdefault(row.measured.ssrc, []).append(row)
    return streams


def test_reports_of_a_clean_and_of_a_lossy_call_say_what_was_lost(both: Both) -> None:
    assert both.lossy.relay.loss_percent == pytest.approx(LOSS_PERCENT, abs=0.1)
    assert both.clean.relay.loss_percent == 0
    for made in (both.clean, both.lossy):
        assert len(by_stream(made)) == 2, "both directions"
        for rows in by_stream(made).values():
            losses = [row.measured.loss_percent or 0.0 for row in rows]
            assert sum(losses) / len(losses) == pytest.approx(made.relay.loss_percent, abs=0.5)
            packets = 50 * (rows[-1].ts - rows[0].ts) / 1_000_000
            lost = (rows[-1].measured.lost or 0) - (rows[0].measured.lost or 0)
            assert 100 * lost / packets == pytest.approx(made.relay.loss_percent, abs=0.5)


def test_the_mos_of_the_lossy_call_is_below_that_of_the_clean_one(both: Both) -> None:
    assert max(mos(both.lossy)) < min(mos(both.clean))
    assert all("loss" in row.measured.mos_model for row in both.lossy.reports)


def mos(made: Made) -> list[float]:
    """Of each stream, over all its reports."""
    found = [[row.measured.mos for row in rows if row.measured.mos is not None] for rows in by_stream(made).values()]
    return [sum(values) / len(values) for values in found]


def test_every_report_is_stored_as_rtcp_under_its_call(both: Both) -> None:
    rows = Store(both.appliance).messages("kind:rtcp")
    assert {row.callid for row in rows} == {both.clean.callid, both.lossy.callid}
    assert len([row for row in rows if b"report_blocks" in (row.raw or b"")]) >= 2 * LEAST_REPORTS


def test_the_line_that_kamailio_logged_is_in_its_call(both: Both) -> None:
    rows = Store(both.appliance).messages("kind:log")
    assert {row.callid for row in rows} == {both.clean.callid, both.lossy.callid}
    assert {(row.raw, row.node) for row in rows} == {(b"call from alice to bob was taken", str(PROXY_ID))}


def test_rtpengine_and_kamailio_are_known_by_their_numbers(both: Both) -> None:
    agent = shown(both.appliance, both.secret, str(ENGINE_ID))
    assert (agent["program"], agent["kinds"]) == ("rtpengine", ["rtcp"])
    assert seen(both.appliance, both.secret, str(PROXY_ID))["warnings"] == []
