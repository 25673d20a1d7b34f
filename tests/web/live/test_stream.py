"""A real appliance: what is sent is on the stream within a second or so, and nothing is told while nobody watches."""

import json
import re
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from appliance.buffer.live import Channel
from appliance.capture.mixture import Mix
from appliance.cli.benchmark import sending
from appliance.hep.encode import encode
from appliance.model.packet import Packet
from tests.appliance import Appliance, eventually, running
from tests.browser.traffic import datagram, sip
from tests.listeners import heard, redis_of

pytestmark = [pytest.mark.appliance, pytest.mark.timeout(300)]

SOON_SECONDS = 6.0
"""From sending to the stream: a batch's 200 ms, a transaction, an update, on a slow machine with other work."""
RECEIVER_REPORT = struct.pack(">BBHIIB3sIIII", 0x81, 201, 7, 1, 2, 13, b"\0\0\5", 1000, 80, 0, 0)
"""RFC 3550 6.4.2: 13 of 256 packets of 192.0.2.2's stream were lost."""


@pytest.fixture(scope="module")
def appliance() -> Iterator[Appliance]:
    with running({"HEPBOX_HEP_WRITERS": "2"}) as instance:
        yield instance


@pytest.fixture(scope="module")
def bearer(appliance: Appliance) -> dict[str, str]:
    token = appliance.run("token", "create", "--user", "admin", "--name", "live").strip()
    return {"Authorization": f"Bearer {token}"}


class Stream:
    """One who watches, in a thread: the events with the time at which each came."""

    def __init__(self, appliance: Appliance, bearer: dict[str, str], query: str, view: str = "messages") -> None:
        self.events: list[tuple[float, str, dict[str, Any]]] = []
        self._stop = threading.Event()
        self._address, self._headers = f"{appliance.url}/live/rows", bearer
        self._query = {"q": query, "view": view}
        self._thread = threading.Thread(target=self._read)

    def __enter__(self) -> "Stream":
        self._thread.start()
        eventually(lambda: len(self.events) >= 3)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)

    def _read(self) -> None:
        asked = httpx2.stream("GET", self._address, params=self._query, headers=self._headers, timeout=60)
        name = ""
        with asked as answer:
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    self.events.append((time.monotonic(), name, json.loads(line.removeprefix("data: "))))
                if self._stop.is_set():
                    return

    def tables(self) -> list[tuple[float, str]]:
        return [(at, data["html"]) for at, name, data in list(self.events) if name == "rows"]

    def rows(self) -> int:
        return sum(html.count("<tr data-href=") for _, html in self.tables())


def invite(callid: str, user: str, *more: str) -> bytes:
    return datagram(sip("INVITE sip:b SIP/2.0", callid, "1 INVITE", *more, user=user), time.time_ns() // 1000)


def published(appliance: Appliance) -> int:
    stats = redis_of(appliance).info("commandstats")
    assert isinstance(stats, dict)
    return int(stats.get("cmdstat_publish", {}).get("calls", 0))


def test_nothing_is_told_while_nobody_watches(appliance: Appliance) -> None:
    before = published(appliance)
    with redis_of(appliance).monitor() as monitor:
        for number in range(40):
            appliance.send(invite(f"unwatched-{number}", "alice"))
            time.sleep(0.02)
        eventually(lambda: len(appliance.search("callid:unwatched-*", "messages")) == 40)
        redis_of(appliance).echo("over")
        sent: list[str] = []
        while not sent or not sent[-1].startswith("ECHO"):
            sent.append(monitor.next_command()["command"])
    assert [command for command in sent if "hepbox:live" in command and not command.startswith("PUBSUB NUMSUB")] == []
    assert published(appliance) == before


def test_what_fits_is_on_the_stream_within_a_second_and_nothing_else(
    appliance: Appliance, bearer: dict[str, str]
) -> None:
    streams = [Stream(appliance, bearer, query) for query in ("from:carol ua:/snom/", "text:secret-7")]
    with streams[0] as stream, streams[1] as reads:
        heard(appliance, Channel.TEXTS)
        delays = []
        for number in range(5):
            sent = time.monotonic()
            appliance.send(
                invite(f"fits-{number}", "carol", "User-Agent: Snom/1", f"X: secret-{number}"),
                invite(f"not-{number}", "carol", "User-Agent: Yealink"),
                invite(f"neither-{number}", "dave", "User-Agent: Snom/1", "X: SECRET-7" if number == 3 else "X: 1"),
            )
            eventually(lambda number=number: stream.rows() > number, every=0.02)
            delays.append(stream.tables()[-1][0] - sent)
        eventually(lambda: reads.rows() == 1)
        time.sleep(1)
    shown = "".join(html for _, html in stream.tables())
    assert stream.rows() == 5
    assert all(f"fits-{number}" in shown for number in range(5))
    assert "not-" not in shown and "neither-" not in shown
    assert "neither-3" in reads.tables()[0][1]
    print("seconds to the stream:", [round(delay, 2) for delay in delays])
    assert sorted(delays)[2] < SOON_SECONDS


def test_the_rows_lead_to_their_messages(appliance: Appliance, bearer: dict[str, str]) -> None:
    with Stream(appliance, bearer, "callid:linked") as stream:
        heard(appliance, Channel.ROWS)
        appliance.send(invite("linked", "erin"))
        eventually(lambda: stream.rows() == 1)
    address = stream.tables()[0][1].split('data-href="')[1].split('"')[0]
    found = httpx2.get(f"{appliance.url}/api/v1{address}", headers=bearer).json()
    assert found["callid"] == "linked" and "sip:erin@" in found["raw"]


def test_calls_come_as_they_change(appliance: Appliance, bearer: dict[str, str]) -> None:
    with Stream(appliance, bearer, "from:frank NOT state:busy", "calls") as stream:
        heard(appliance, Channel.CALLS)
        appliance.send(invite("ringing", "frank"), invite("other", "grace"), invite("busy", "frank"))
        busy = sip("SIP/2.0 486 Busy Here", "busy", "1 INVITE", user="frank")
        appliance.send(datagram(busy, time.time_ns() // 1000, back=True))
        eventually(lambda: stream.rows() == 1)
        answer = sip("SIP/2.0 200 OK", "ringing", "1 INVITE", user="frank")
        appliance.send(datagram(answer, time.time_ns() // 1000, back=True))
        eventually(lambda: stream.rows() == 2)
    first, last = (html for _, html in stream.tables())
    assert "s-setup" in first and "s-answered" in last
    assert first.split('data-href="')[1].split('"')[0] == last.split('data-href="')[1].split('"')[0]


def test_the_command_follows_until_it_is_interrupted(appliance: Appliance) -> None:
    command = [sys.executable, "-m", "appliance", "search", "from:heidi", "--view", "messages", "--follow"]
    with subprocess.Popen([*command, "--format", "json"], stdout=subprocess.PIPE, env=appliance.environment) as follows:
        assert follows.stdout is not None
        heard(appliance, Channel.ROWS)
        appliance.send(invite("followed", "heidi"), invite("not followed", "ivan"))
        assert json.loads(follows.stdout.readline())["callid"] == "followed"
        follows.send_signal(signal.SIGINT)
        assert follows.wait(60) == 0
        assert follows.stdout.read() == b""


def test_reports_and_lines_of_logs_are_on_streams_of_their_own(appliance: Appliance, bearer: dict[str, str]) -> None:
    at_us = time.time_ns() // 1000
    ends = (3, 100, 17, "192.0.2.1", 30001, "192.0.2.2", 40001, at_us, 7, b"", b"call-9")
    line, report = Packet(*ends, b"denied <b>1001</b>"), replace(Packet(*ends, RECEIVER_REPORT), protocol_type=5)
    with (
        Stream(appliance, bearer, "text:denied", "logs") as logs,
        Stream(appliance, bearer, "loss:>1 src:192.0.2.2", "quality") as reports,
        Stream(appliance, bearer, "loss:>90", "quality") as others,
    ):
        heard(appliance, Channel.TEXTS, Channel.REPORTS)
        appliance.send(encode(line), encode(report), invite("call-9", "alice"))
        eventually(lambda: logs.rows() and reports.rows())
    assert "denied &lt;b&gt;1001" in logs.tables()[0][1]
    assert "call-9" in reports.tables()[0][1] and (logs.rows(), reports.rows(), others.rows()) == (1, 1, 0)


@pytest.mark.alone
def test_a_flood_is_shown_in_part_and_counted(appliance: Appliance, bearer: dict[str, str]) -> None:
    mix = Mix(encode, "f10d")
    with Stream(appliance, bearer, "") as stream:
        sending.send(mix, appliance.hep_port, 600, 8)
        time.sleep(0.5)
        rates = [data["words"] for _, name, data in stream.events if name == "rates"]
    shown = [int(found[1]) for words in rates if (found := re.match(r"showing (\d+) of ", words))]
    assert 0 < max(shown) <= 60, rates
    tables = stream.tables()
    times = [at for at, _ in tables]
    assert all(sum(begun <= at < begun + 1 for at in times) <= 5 for begun in times), "more than four updates a second"
    assert max(html.count("<tr data-href=") for _, html in tables) <= 100


def test_a_stream_does_not_hold_up_the_end(bearer: dict[str, str]) -> None:
    with running() as instance:
        token = instance.run("token", "create", "--user", "admin", "--name", "end").strip()
        with Stream(instance, {"Authorization": f"Bearer {token}"}, "") as stream:
            begun = time.monotonic()
            assert instance.stop() == 0
            assert time.monotonic() - begun < 9
    assert stream.events[-1][1:] == ("over", {"words": "hepbox restarts.", "again": True})
