"""From the arguments of an address to a question, its answer, or the sentence that says what is wrong with it.

Shared by /search, its downloads and /api/v1/search.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace

from appliance.matching.filter import reads_octets
from appliance.model.rows import Page
from appliance.query.errors import QueryError, TimeError, correct
from appliance.query.parse import parse
from appliance.query.times import time_range
from appliance.storage.pinned_search import search
from appliance.storage.search import (
    MAX_ROWS,
    VIEWS,
    BadCursor,
    Limits,
    Question,
    SearchTimeout,
    Unsearchable,
    continued,
)
from appliance.web import links, sorting
from appliance.web.searches import TooMany
from appliance.web.sorting import Sort
from appliance.web.state import Request, now_us

NAMES = ("q", "from", "to", "view", "limit", "cursor", "legs", "options", "columns", "sort", "counted")
NOUNS = {"dialogs": "dialogs and transactions", "quality": "quality reports", "logs": "log lines and events"}


class BadArgument(ValueError):
    """An argument that cannot be used; `where` is its name."""

    def __init__(self, sentence: str, where: str) -> None:
        super().__init__(sentence)
        self.where = where


PROBLEMS = (QueryError, TimeError, BadCursor, SearchTimeout, BadArgument, TooMany)
"""What `resolved` and `answer` may raise because of the question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked; the range is resolved by `resolved`."""

    q: str
    from_: str
    to: str
    view: str
    limit: int
    cursor: str | None
    legs: str
    sort: Sort
    options: str = "folded"
    wrong: BadArgument | None = None
    from_us: int = 0
    to_us: int = 0

    @property
    def absolute(self) -> dict[str, str]:
        """The range as arguments that mean the same tomorrow."""
        return {"from": links.moment(self.from_us), "to": links.moment(self.to_us)}

    @property
    def words(self) -> str:
        """For the audit trail."""
        return f"{self.view} {links.moment(self.from_us)}..{links.moment(self.to_us)} {self.q}"

    @property
    def nouns(self) -> str:
        """What the view has rows of."""
        return NOUNS.get(self.view, self.view)

    @property
    def question(self) -> Question:
        """For the tables."""
        return Question(
            self.q,
            self.from_us,
            self.to_us,
            self.view,
            self.limit,
            self.cursor,
            self.legs,
            self.sort.order,
            options=self.options,
        )

    @property
    def in_order_of_time(self) -> "Asked":
        """For files: a page's own order means nothing there."""
        return self if self.sort.is_by_time else replace(self, sort=sorting.newest_first(self.view))

    def after(self, cursor: str) -> "Asked":
        return replace(self, cursor=cursor)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no answer: `position` counts characters of the query line, None when it is not about one."""

    status: int
    code: str
    sentence: str
    where: str | None
    position: int | None = None
    suggestion: str | None = None
    corrected: str | None = None
    """The query line with the suggestion in place."""


def kept(query: Mapping[str, str]) -> dict[str, str]:
    """What of an address is the state of a search."""
    return {name: value for name, value in query.items() if name in NAMES and value}


def of(query: Mapping[str, str], default_limit: int) -> Asked:
    """Never raises: what is wrong is kept and raised by `resolved`, so that the page can show what was typed."""
    view, limit, wrong = query.get("view") or "calls", 0, None
    if view not in VIEWS:
        wrong = BadArgument(f"There is no view {view!r}: ask for {' or '.join(VIEWS)}.", "view")
        view = "calls"
    if query.get("limit"):
        if query["limit"].isascii() and query["limit"].isdigit() and 1 <= int(query["limit"][:9]) <= MAX_ROWS:
            limit = int(query["limit"])
        else:
            wrong = BadArgument(f"`limit` is a number from 1 to {MAX_ROWS}.", "limit")
    legs = query.get("legs") or "joined"
    if legs not in ("joined", "apart"):
        legs, wrong = "joined", BadArgument("`legs` is `joined` or `apart`.", "legs")
    options = query.get("options") or "folded"
    if options not in ("folded", "apart"):
        options, wrong = "folded", BadArgument("`options` is `folded` or `apart`.", "options")
    sort = sorting.read(view, query.get("sort", ""))
    if sort is None:
        sort, wrong = (
            sorting.newest_first(view),
            BadArgument("`sort` is a column, with `-` before it to begin at its end.", "sort"),
        )
    limit = limit or sorting.rows_of(sort, default_limit)
    q, range_, cursor = query.get("q", "").strip(), (query.get("from", ""), query.get("to", "")), query.get("cursor")
    return Asked(q, *range_, view, limit, cursor or None, legs, sort, options, wrong)


def resolved(asked: Asked, at_us: int) -> Asked:
    """With the range in microseconds: that of the first page, which a cursor holds.

    Raises TimeError, BadArgument, BadCursor.
    """
    if asked.wrong is not None:
        raise asked.wrong
    range_ = time_range(asked.from_ or None, asked.to or None, at_us)
    question = continued(replace(asked, from_us=range_.from_us, to_us=range_.to_us).question)
    return replace(asked, from_us=question.from_us, to_us=question.to_us)


def question_of(request: Request, asked: Asked) -> Question:
    """For the tables, in the words of this appliance: its headers of choice and its aliases."""
    headers, aliases = request.state["settings"].sip.custom_headers, request.state["names"].aliases
    return replace(asked.question, custom_headers=headers, aliases=aliases)


async def answer(request: Request, asked: Asked, limits: Limits | None = None) -> Page:
    """In the turn of whoever asks. Raises one of PROBLEMS, or DatabaseError."""
    question = question_of(request, asked)
    identity, database, site = request.state["identity"], request.state["database"], request.state["site"]
    turn = request.state["searches"].turn(identity.user.id) if limits is None and identity else nullcontext()
    async with turn:
        page = await search(database, site, question, now_us(), limits or Limits.of(request.state["settings"].search))
    return sorting.in_order(page, asked.sort)


def reads_texts(line: str) -> bool:
    """Whether a query that was answered reads the octets of messages, which takes its time."""
    return reads_octets(parse(line).root)


def problem_of(error: Exception, asked: Asked) -> Problem:
    """What to tell about one of PROBLEMS."""
    match error:
        case QueryError(message=message, position=position, suggestion=suggestion):
            code = "unsearchable" if isinstance(error, Unsearchable) else "bad_query"
            corrected = error.corrected or correct(asked.q, error) if isinstance(error, QueryError) else None
            return Problem(422, code, message, f"q:{position + 1}", position, suggestion, corrected)
        case TimeError(message=message, where=where):
            return Problem(422, "bad_time", message, where)
        case BadCursor():
            return Problem(422, "bad_cursor", str(error), "cursor")
        case SearchTimeout():
            return Problem(503, "timeout", str(error), None)
        case TooMany():
            return Problem(429, "too_many_searches", str(error), None)
        case BadArgument(where=where):
            return Problem(422, "bad_argument", str(error), where)
        case _:
            raise error
