"""HOMER 5's way of searching, beside ours with the same traffic and the same questions: benchmarks/README.md."""

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import homer5
from pymysql.cursors import Cursor

from appliance.buffer.batch import Origin, Record
from appliance.cli.benchmark import steady
from appliance.cli.benchmark.filling import DAYS, Traffic
from appliance.cli.benchmark.questions import KINDS, PAGE_ROWS, Kind, Subject, percentiles, range_of, subjects
from appliance.ingest.understand import Understanding
from appliance.model.kinds import FAMILY, SIP_KINDS, day_of, day_start_us, days_between
from appliance.model.kinds import Kind as PacketKind
from appliance.storage.bundle import fields_of

AT_ONCE = 20_000
STEADY = str(Path(__file__).with_name("homer5_steady.py"))
MOST_SECONDS = 30.0
"""For the values of one question: where an answer takes long, fewer are asked."""
MOST_COUNTED = 10_000
MESSAGE_OCTETS = {PacketKind.CALL: 3000}
OTHER_OCTETS = 1400
"""HOMER 5's [MSG_TABLE_SIZE], and what it takes for a table that is not named there."""

TAIL = (
    "method", "reply_reason", "cseq_number", "cseq_method", "ruri_user", "ruri_domain", "from_user", "from_domain",
    "from_tag", "to_user", "to_domain", "to_tag", "contact_user", "pid_user", "auth_user", "callid", "callid_aleg",
    "via_1_branch", "user_agent", "reason", "diversion", "content_type", "leg_keys", "sdp", "source_ip", "source_port",
    "destination_ip", "destination_port", "transport", "node", "correlation_id",
)  # fmt: skip
"""What a row of ours holds, in the order of daily/sip.sql."""
TAKEN = tuple(name for name in TAIL if name in homer5.TEXTS or name in homer5.NUMBERS)
COLUMNS = ("date", "micro_ts", *TAKEN, "ruri", "via_1", "cseq", "proto", "family", "type", "msg")

SHOWN = ", ".join(("id", "date", "micro_ts", *(name for name in (*homer5.TEXTS, *homer5.NUMBERS) if name != "msg")))
"""What its API selects for a page of results."""

Where = tuple[str, tuple[str, ...]]


def _codes(subject: Subject) -> Where:
    return "method LIKE %s", (("5%", "4%", "6%")[subject.number % 3],)


QUESTIONS: dict[str, Callable[[Subject], Where]] = {
    "exact number": lambda s: ("from_user = %s", (s.user,)),
    "exact number, any party": lambda s: ("(from_user = %s OR to_user = %s OR ruri_user = %s)", (s.called,) * 3),
    "a bare word": lambda s: ("(from_user = %s OR to_user = %s OR ruri_user = %s OR callid = %s)", (s.user,) * 4),
    "prefix": lambda s: ("from_user LIKE %s", (f"{s.user[:8]}%",)),
    "prefix of nearly all": lambda s: ("from_user LIKE %s", (f"{s.user[:5]}%",)),
    "suffix": lambda s: ("to_user LIKE %s", (f"%{s.called[-5:]}",)),
    "Call-ID": lambda s: ("callid = %s", (s.callid,)),
    "address": lambda s: ("source_ip = %s", (s.source_ip,)),
    "response class": _codes,
    "no index: user agent": lambda s: ("user_agent LIKE %s", (f"%nobody-{s.number}%",)),
    "no index: text": lambda s: ("msg LIKE %s", (f"%nobody-{s.number}%",)),
}
"""What HOMER 5's API makes of the same question (generateWhere); it has none for the state of a call."""


def table_of(day: date, kind: PacketKind) -> str:
    return f"{FAMILY[kind]}_{day:%Y%m%d}"


def create(cursor: Cursor, day: date, kind: PacketKind) -> None:
    """One day's table with its partitions, still without indexes: loading goes quicker so, and packs them better."""
    name, end = table_of(day, kind), day_start_us(day + timedelta(days=1)) // 1_000_000
    sql = homer5.table_sql(name, keys=(), message_octets=MESSAGE_OCTETS.get(kind, OTHER_OCTETS))
    cursor.execute(
        f"{sql} PARTITION BY RANGE (UNIX_TIMESTAMP(date))"
        f" (PARTITION p{day:%Y%m%d} VALUES LESS THAN ({end}), PARTITION pmax VALUES LESS THAN MAXVALUE)"
    )


def lines(traffic: Traffic) -> Iterator[tuple[str, bytes]]:
    """(table, line of COLUMNS) of every SIP message."""
    understanding = Understanding((), 2 * DAYS)
    for time_us, datagram in traffic.datagrams():
        understood = understanding.understand(Record(time_us, "127.0.0.1", 9060, Origin.UDP, datagram))
        if understood is not None and understood.kind in SIP_KINDS:
            row = understood.row
            yield table_of(row.table.day, row.table.kind), line_of(time_us, row.tail, row.payload)


def line_of(time_us: int, tail: bytes, payload: bytes) -> bytes:
    held = dict(zip(TAIL, fields_of(tail)[: len(TAIL)], strict=True))
    first, _, rest = payload.partition(b"\r\n")
    via = rest[5 : rest.find(b"\r\n")] if rest.startswith(b"Via: ") else b""
    reply = first.startswith(b"SIP/2.0")
    values = [b"%d" % (time_us // 1_000_000), b"%d" % time_us]
    values += [(held[name] or b"")[: homer5.TEXTS.get(name, 10)] for name in TAKEN]
    values += [
        b"" if reply else first.split(b" ")[1],
        via,
        b"%b %b" % (held["cseq_number"] or b"", held["cseq_method"] or b""),
    ]
    values += [b"17", b"2", b"2" if reply else b"1", payload[:OTHER_OCTETS]]
    return (
        b"\t".join(value.replace(b"\\", b"\\\\").replace(b"\t", b"\\t").replace(b"\n", b"\\n") for value in values)
        + b"\n"
    )


def load(cursor: Cursor, table: str, rows: list[bytes]) -> None:
    memory = os.memfd_create("rows")
    os.write(memory, b"".join(rows))
    names = ", ".join(("@seconds", *COLUMNS[1:]))
    cursor.execute(
        f"LOAD DATA LOCAL INFILE '/proc/self/fd/{memory}' INTO TABLE {table} CHARACTER SET utf8 ({names})"
        " SET date = FROM_UNIXTIME(@seconds)"
    )
    os.close(memory)


def fill(cursor: Cursor, traffic: Traffic) -> int:
    """Load all of it and make the indexes; returns the number of rows."""
    for day in days_between(traffic.from_us, traffic.to_us):
        for kind in SIP_KINDS:
            create(cursor, day, kind)
    waiting: dict[str, list[bytes]] = defaultdict(list)
    count = 0
    for table, line in lines(traffic):
        waiting[table].append(line)
        if len(waiting[table]) == AT_ONCE:
            load(cursor, table, waiting.pop(table))
            count += AT_ONCE
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{count:,} rows")
    for table, rest in waiting.items():
        load(cursor, table, rest)
        count += len(rest)
    for day in days_between(traffic.from_us, traffic.to_us):
        for kind in SIP_KINDS:
            cursor.execute(
                f"ALTER TABLE {table_of(day, kind)} " + ", ".join(f"ADD KEY {name} ({name})" for name in homer5.KEYS)
            )
            cursor.execute(f"ANALYZE TABLE {table_of(day, kind)}")
            cursor.fetchall()
    return count


def ask(cursor: Cursor, traffic: Traffic, kind: Kind, subject: Subject, how: str) -> tuple[float, int]:
    """(milliseconds, rows) of a first page.

    `whole` is what we answer: the newest rows, and how many there are, up to 10,000. `newest` leaves the number out.
    `any` is what its API asked: whatever rows the tables give first, of the last day, then from the oldest day on.
    """
    condition, values = QUESTIONS[kind.name](subject)
    from_us, to_us = range_of(kind, traffic, subject.number)
    days = [day for day in days_between(from_us, to_us) if day <= day_of(traffic.to_us)]
    days = [days[0], *reversed(days[1:])] if how == "any" else days
    kinds = (PacketKind.CALL,) if kind.view == "calls" else SIP_KINDS
    where = f"(date BETWEEN FROM_UNIXTIME(%s) AND FROM_UNIXTIME(%s)) AND ({condition})"
    arguments = (from_us // 1_000_000, to_us // 1_000_000, *values)
    begun, found = time.perf_counter(), 0
    for day in days:
        of_day = 0
        for each in kinds:
            most = PAGE_ROWS - found - (of_day if how == "any" else 0)
            if most <= 0:
                break
            order = "" if how == "any" else "ORDER BY date DESC"
            cursor.execute(f"SELECT {SHOWN} FROM {table_of(day, each)} WHERE {where} {order} LIMIT {most}", arguments)  # noqa: S608
            of_day += len(cursor.fetchall())
        found = min(PAGE_ROWS, found + of_day)
    if how == "whole" and found == PAGE_ROWS:
        count(cursor, [table_of(day, each) for day in days for each in kinds], where, arguments)
    return (time.perf_counter() - begun) * 1000, found


def count(cursor: Cursor, tables: list[str], where: str, arguments: tuple[object, ...]) -> int:
    """How many rows there are, as far as our own total goes."""
    total = 0
    for table in tables:
        if total <= MOST_COUNTED:
            inner = f"SELECT 1 FROM {table} WHERE {where} LIMIT {MOST_COUNTED + 1 - total}"  # noqa: S608
            cursor.execute(f"SELECT COUNT(*) FROM ({inner}) AS counted", arguments)  # noqa: S608
            (counted,) = cursor.fetchone() or (0,)
            total += int(counted)
    return total


def times_of(cursor: Cursor, traffic: Traffic, kind: Kind, drawn: list[Subject], how: str) -> dict[str, Any]:
    first: list[tuple[float, int]] = []
    begun = time.monotonic()
    for subject in drawn:
        if time.monotonic() - begun < MOST_SECONDS or len(first) < 2:
            first.append(ask(cursor, traffic, kind, subject, how))
    again = [ask(cursor, traffic, kind, subject, how)[0] for subject in drawn[: len(first)]]
    return {
        "ms": percentiles([ms for ms, _ in first]),
        "ms_again": percentiles(again),
        "rows": round(sum(count for _, count in first) / len(first), 1),
        "asked": len(first),
    }


def homer(traffic: Traffic, asked: int, rate: int) -> dict[str, Any]:
    """HOMER 5's times by question while it captures as ours did, and what storing took."""
    with tempfile.TemporaryDirectory(prefix="homer5-") as name, contextlib.ExitStack() as stack:
        directory, port = Path(name), homer5.free_port(socket.SOCK_STREAM)
        _, cursor = stack.enter_context(homer5.database(directory, port, local_infile=True))
        begun = time.monotonic()
        rows = fill(cursor, traffic)
        filled = round(time.monotonic() - begun, 1)
        today = table_of(day_of(traffic.to_us), PacketKind.CALL)
        before = homer5.stored(cursor, today)
        with homer5.kamailio(directory, port, today) as (_, hep):
            with steady.sending(hep, rate, (STEADY,)) as sender:
                found = answers(cursor, traffic, asked)
            stored = homer5.until_at_rest(cursor, today) - before
        octets = sum(f.stat().st_blocks * 512 for f in (directory / "mysql" / homer5.DATABASE).glob("*.ibd"))
    capture = {"rate": rate, "sent": sender.sent, "stored": stored}
    return {"rows": rows, "filled_seconds": filled, "octets": octets, "capture": capture, "found": found}


def answers(cursor: Cursor, traffic: Traffic, asked: int) -> dict[tuple[str, str], dict[str, Any]]:
    """Each with other values, so that none finds its pages in memory because of another."""
    return {
        (kind.name, kind.view): {
            how: times_of(cursor, traffic, kind, list(subjects(traffic, asked, place + 1000 * turn)), how)
            for turn, how in enumerate(("whole", "newest", "any"))
        }
        for place, kind in enumerate(KINDS)
        if kind.name in QUESTIONS
    }


def hepbox(rows: int, asked: int) -> dict[str, Any]:
    """Ours, by its own command."""
    command = ["-m", "appliance", "bench", "search", "--rows", str(rows), "--asked", str(asked)]
    answer = subprocess.run([sys.executable, *command], check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(answer.stdout))


def row_of(kind: Kind, ours: dict[str, Any], theirs: dict[str, Any] | None) -> dict[str, Any]:
    """One question, both answers; HOMER 5 is None where it has no such question."""
    whole = theirs["whole"] if theirs else None
    return {
        "query": kind.name,
        "view": kind.view,
        "range": kind.range,
        "hepbox": ours["ms"],
        "homer5": whole and whole["ms"],
        "ahead": whole is None or ours["ms"]["p95"] <= whole["ms"]["p95"],
        "again": {"hepbox": ours["ms_again"], "homer5": whole and whole["ms_again"]},
        "homer5_without_total": theirs and theirs["newest"]["ms"],
        "homer5_any_rows": theirs and theirs["any"]["ms"],
        "rows": {"hepbox": ours["rows"], "homer5": whole and whole["rows"]},
    }


def without(told: dict[str, Any], left_out: str) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key != left_out}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000, help="messages")
    parser.add_argument("--asked", type=int, default=30, help="values for each question")
    parser.add_argument("--ours", type=Path, help="what `hepbox bench search` printed; without it that runs first")
    asked = parser.parse_args()
    ours = dict(json.loads(asked.ours.read_text())) if asked.ours else hepbox(asked.rows, asked.asked)
    theirs = homer(Traffic(asked.rows, time.time_ns() // 1000), asked.asked, ours["capture"]["rate"])
    table = [
        row_of(kind, row, theirs["found"].get((kind.name, kind.view)))
        for kind, row in zip(KINDS, ours["queries"], strict=True)
    ]
    whole = {"rows": asked.rows, "table": table, "hepbox": without(ours, "queries"), "homer5": without(theirs, "found")}
    sys.stdout.write(json.dumps(whole, indent=2) + "\n")


if __name__ == "__main__":
    main()
