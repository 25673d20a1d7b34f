"""What a search found, counted over time; of calls also answered, effective, talked and how long it took to ring.

Each table of the range is asked once or twice, GROUP BY with the same condition as the search, within one limit of
time; when that is over, nothing is told rather than a part. A query that reads texts cannot be counted so.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from appliance.model.kinds import calls_table, quality_table
from appliance.model.octets import text
from appliance.quality.grade import FAIR_LOSS, FAIR_MOS, GOOD_LOSS, GOOD_MOS
from appliance.storage import daily_tables
from appliance.storage.connection import Database
from appliance.storage.search import catalogue, plan
from appliance.storage.search.any_leg import CALL
from appliance.storage.search.ask import days_of, root_of, source_of
from appliance.storage.search.clock import Clock
from appliance.storage.search.condition import Condition
from appliance.storage.search.question import Limits, Question
from appliance.storage.search.source import Span
from appliance.storage.search.statements import TimeOver, select

SECONDS = 1.5
"""For all tables together."""
FINE_PDD_MS = 10_000
"""Up to here each millisecond of a post-dial delay is counted for itself, above in tenths of a second."""

_METHOD = (
    "CASE WHEN method = '' THEN 'other' WHEN method < '0' OR method >= ':' THEN 'request'"
    " ELSE CONCAT(LEFT(method, 1), 'xx') END"
)
_GRADE = (
    "CASE WHEN mos_hundredths IS NOT NULL THEN"
    f" CASE WHEN mos_hundredths >= {GOOD_MOS * 100:.0f} THEN 'good' WHEN mos_hundredths >= {FAIR_MOS * 100:.0f}"
    " THEN 'fair' ELSE 'bad' END"
    " WHEN loss_milli_percent IS NOT NULL THEN"
    f" CASE WHEN loss_milli_percent <= {GOOD_LOSS * 1000:.0f} THEN 'good'"
    f" WHEN loss_milli_percent <= {FAIR_LOSS * 1000:.0f} THEN 'fair' ELSE 'bad' END"
    " ELSE 'unknown' END"
)


@dataclass(frozen=True, slots=True)
class Slots:
    """Stretches of `step_us` that the range is cut into; `offset_us` after UTC their edges are whole steps."""

    step_us: int
    offset_us: int = 0

    def start(self, number: int) -> int:
        """Microseconds UTC at which a slot begins."""
        return number * self.step_us - self.offset_us

    def of(self, time_us: int) -> int:
        return (time_us + self.offset_us) // self.step_us


@dataclass(slots=True)
class Counted:
    """Rows by slot and by what colours them; of the view calls also sums over all of them."""

    slots: dict[int, Counter[str]] = field(default_factory=dict)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By state and final response, 0 without one."""
    talked_ms: int = 0
    talks: int = 0
    """Calls whose time of talk is known."""
    pdds_ms: Counter[int] = field(default_factory=Counter)


async def counted(database: Database, question: Question, slots: Slots, seconds: float = SECONDS) -> Counted | None:
    """None when it cannot be counted in time, or only by reading texts. Raises QueryError, DatabaseError.

    When it is cancelled, what it runs in the database is ended.
    """
    clock, root = Clock(seconds), root_of(question)
    span = Span(question.from_us, question.to_us, None)
    names = await catalogue.names(database)
    source, _ = source_of(database, "", question, root, plan.Tables(names, span.from_us), span, Limits())
    found = Counted()
    try:
        for day in days_of(span, names):
            places = source.places(day)
            if places is None:
                return None
            for table, where in places:
                if table == calls_table(day):
                    await _add_calls(database, table, where, slots, clock, found)
                else:
                    colour = (_colour(table, day),)
                    await _add(database, _grouped(table, "micro_ts", colour, "COUNT(*)", where, slots), clock, found)
    except TimeOver:
        return None
    return found


async def _add(database: Database, asked: Condition, clock: Clock, found: Counted) -> None:
    for slot, colour, count in await select(database, asked, clock.left):
        found.slots.setdefault(int(slot), Counter())[_word(colour)] += int(count)


async def _add_calls(
    database: Database, table: str, where: Condition, slots: Slots, clock: Clock, found: Counted
) -> None:
    sums = "COUNT(*), COALESCE(SUM(talk_ms), 0), COUNT(talk_ms)"
    groups = ("state", "COALESCE(status, 0)")
    rows = await select(database, _grouped(table, "started", groups, sums, where, slots), clock.left)
    for slot, state, status, count, talked, talks in rows:
        found.slots.setdefault(int(slot), Counter())[_word(state)] += int(count)
        found.statuses[_word(state), int(status)] += int(count)
        found.talked_ms += int(talked)
        found.talks += int(talks)
    pdd = f"IF(pdd_ms < {FINE_PDD_MS}, pdd_ms, pdd_ms DIV 100 * 100)"
    sql = f"SELECT {pdd}, COUNT(*) FROM `{table}` AS {CALL} WHERE pdd_ms IS NOT NULL AND {where.sql} GROUP BY 1"  # noqa: S608
    for delay, count in await select(database, Condition(sql, where.arguments), clock.left):
        found.pdds_ms[int(delay)] += int(count)


def _grouped(table: str, time: str, groups: Sequence[str], sums: str, where: Condition, slots: Slots) -> Condition:
    slot = f"(CAST({time} AS SIGNED) + {slots.offset_us:d}) DIV {slots.step_us:d}"
    numbers = ", ".join(str(number + 1) for number in range(len(groups) + 1))
    sql = (
        f"SELECT {slot}, {', '.join(groups)}, {sums} FROM `{table}` AS {CALL} WHERE {where.sql}"  # noqa: S608
        f" GROUP BY {numbers}"
    )
    return Condition(sql, where.arguments)


def _colour(table: str, day: date) -> str:
    """What a table's rows are told apart by; of packets that are no SIP their kind."""
    if table == quality_table(day):
        return _GRADE
    daily = daily_tables.parsed(table)
    assert daily is not None, table
    return _METHOD if daily.kind.is_sip else f"'{daily.kind}'"


def _word(value: bytes | str) -> str:
    return text(value) if isinstance(value, bytes) else value
