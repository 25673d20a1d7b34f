"""What is asked of an instance full of traffic, and how long each first page takes.

Each question is asked with many values: of calls drawn from the traffic itself, so that something is found.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from appliance.cli.benchmark.filling import DAYS, Traffic
from appliance.hep.decode import decode
from appliance.model.ids import HOUR_US
from appliance.sip.parse import parse
from appliance.storage.connection import Database
from appliance.storage.search import Question, search

PAGE_ROWS = 100
MOST_SECONDS = 60.0
"""For the values of one question: where an answer takes long, fewer are asked."""
SITE = "bench"
AFTER_US = 150_000_000
"""What was begun at the end of the traffic ends so much later."""
CALLERS = "198.51.100."
"""Where calls of the mix come from; what comes from elsewhere is another hop or leg of theirs."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A call of the traffic; `user` is the caller's number, `called` the other's."""

    user: str
    called: str
    callid: str
    source_ip: str
    number: int
    """Of asking: 0, 1, 2 …"""


Line = Callable[[Subject], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table; `hours` is the length of the range, None for all days."""

    name: str
    view: str
    line: Line
    hours: int | None = None

    @property
    def range(self) -> str:
        return f"{DAYS} days" if self.hours is None else f"{self.hours} hour"


def _codes(s: Subject) -> str:
    return f"status:{('5xx', '4xx', '6xx')[s.number % 3]}"


def _states(s: Subject) -> str:
    return f"state:{('failed', 'completed', 'busy', 'timeout')[s.number % 4]}"


KINDS: tuple[Kind, ...] = (
    Kind("exact number", "calls", lambda s: f"from:{s.user}"),
    Kind("exact number, any party", "calls", lambda s: f"user:{s.called}"),
    Kind("a bare word", "calls", lambda s: s.user),
    Kind("prefix", "calls", lambda s: f"from:{s.user[:8]}*"),
    Kind("prefix of nearly all", "calls", lambda s: f"from:{s.user[:5]}*"),
    Kind("suffix", "calls", lambda s: f"to:*{s.called[-5:]}"),
    Kind("Call-ID", "calls", lambda s: f"callid:{s.callid}"),
    Kind("address", "calls", lambda s: f"src:{s.source_ip}"),
    Kind("response class", "calls", _codes),
    Kind("state", "calls", _states),
    Kind("Call-ID", "messages", lambda s: f"callid:{s.callid}"),
    Kind("exact number", "messages", lambda s: f"from:{s.user}", hours=1),
    Kind("address", "messages", lambda s: f"src:{s.source_ip}", hours=1),
    Kind("no index: user agent", "calls", lambda s: f"ua:*nobody-{s.number}*", hours=1),
    Kind("no index: user agent", "messages", lambda s: f"ua:*nobody-{s.number}*", hours=1),
    Kind("no index: text", "messages", lambda s: f"text:nobody-{s.number}", hours=1),
)
"""Over all days what has an index in its view, over an hour what has none."""


def subjects(traffic: Traffic, count: int, seed: int) -> Iterator[Subject]:
    """Calls drawn from the traffic, the same for the same seed."""
    draw, mix, found = random.Random(seed), traffic.mix, 0
    while found < count:
        packet = decode(mix.datagram(draw.randrange(traffic.messages), 1))
        message = parse(packet.payload)
        if message.method == b"INVITE" and not message.to_tag and packet.source_ip.startswith(CALLERS):
            yield Subject(
                message.from_user.decode(), message.to_user.decode(), message.callid.decode(), packet.source_ip, found
            )
            found += 1


def range_of(kind: Kind, traffic: Traffic, number: int) -> tuple[int, int]:
    """All of the traffic, or hours of it, others at each asking."""
    if kind.hours is None:
        return traffic.from_us, traffic.to_us + AFTER_US
    start = traffic.from_us + (number * 7 % (DAYS * 24 - kind.hours)) * HOUR_US
    return start, start + kind.hours * HOUR_US


async def ask(
    database: Database, traffic: Traffic, kinds: Iterable[Kind], times: int, tell: Callable[[str], None]
) -> list[dict[str, Any]]:
    """The rows of the table, in the order of the questions."""
    found = []
    for place, kind in enumerate(kinds):
        tell(f"{kind.name} ({kind.view})")
        asked = list(subjects(traffic, times, place))
        first: list[float] = []
        rows: list[int] = []
        questions: list[Question] = []
        begun = time.monotonic()
        for subject in asked:
            if time.monotonic() - begun > MOST_SECONDS and len(first) > 1:
                break
            question = Question(kind.line(subject), *range_of(kind, traffic, subject.number), kind.view, PAGE_ROWS)
            took_ms, count = await _timed(database, question)
            first.append(took_ms)
            rows.append(count)
            questions.append(question)
        again = [(await _timed(database, question))[0] for question in questions]
        found.append(
            {
                "query": f"{kind.name}: {kind.line(asked[0])}",
                "view": kind.view,
                "range": kind.range,
                "ms": percentiles(first),
                "ms_again": percentiles(again),
                "rows": round(statistics.mean(rows), 1),
                "asked": len(first),
            }
        )
    return found


async def _timed(database: Database, question: Question) -> tuple[float, int]:
    begun = time.perf_counter()
    page = await search(database, SITE, question)
    return (time.perf_counter() - begun) * 1000, len(page.rows)


def percentiles(times_ms: list[float]) -> dict[str, float]:
    """The median and the 95th of 100."""
    cuts = statistics.quantiles(times_ms, n=20, method="inclusive")
    return {"p50": round(statistics.median(times_ms), 1), "p95": round(cuts[18], 1)}
