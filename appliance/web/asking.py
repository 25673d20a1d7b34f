"""From the arguments of an address to a question, its answer, or the sentence that says what is wrong with it.

Shared by /search, its downloads and /api/v1/search.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from appliance.model.rows import Page
from appliance.query.errors import QueryError, TimeError
from appliance.query.parse import parse
from appliance.query.times import time_range
from appliance.storage.search import (
    MAX_ROWS,
    VIEWS,
    BadCursor,
    Limits,
    Question,
    SearchTimeout,
    Unsearchable,
    continued,
    search,
)
from appliance.storage.search.scan import is_needed
from appliance.web import links
from appliance.web.state import Request

NAMES = ("q", "from", "to", "view", "limit", "cursor", "legs")
LATER = ("registrations", "dialogs")
NOUNS = {"quality": "quality reports", "logs": "log lines and events"}


class BadArgument(ValueError):
    """An argument that cannot be used; `where` is its name."""

    def __init__(self, sentence: str, where: str) -> None:
        super().__init__(sentence)
        self.where = where


PROBLEMS = (QueryError, TimeError, BadCursor, SearchTimeout, BadArgument)
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
        return Question(self.q, self.from_us, self.to_us, self.view, self.limit, self.cursor, self.legs)

    def after(self, cursor: str) -> "Asked":
        return replace(self, cursor=cursor)

    def with_limit(self, rows: int) -> "Asked":
        return replace(self, limit=rows)


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


def of(query: Mapping[str, str], default_limit: int) -> Asked:
    """Never raises: what is wrong is kept and raised by `resolved`, so that the page can show what was typed."""
    view, limit, wrong = query.get("view") or "calls", default_limit, None
    if view not in VIEWS:
        later = " yet" if view in LATER else ""
        wrong = BadArgument(f"There is no view {view!r}{later}: ask for {' or '.join(VIEWS)}.", "view")
        view = "calls"
    if query.get("limit"):
        if query["limit"].isascii() and query["limit"].isdigit() and 1 <= int(query["limit"][:9]) <= MAX_ROWS:
            limit = int(query["limit"])
        else:
            wrong = BadArgument(f"`limit` is a number from 1 to {MAX_ROWS}.", "limit")
    legs = query.get("legs") or "joined"
    if legs not in ("joined", "apart"):
        legs, wrong = "joined", BadArgument("`legs` is `joined` or `apart`.", "legs")
    q = query.get("q", "").strip()
    return Asked(q, query.get("from", ""), query.get("to", ""), view, limit, query.get("cursor") or None, legs, wrong)


def resolved(asked: Asked, now_us: int) -> Asked:
    """With the range in microseconds: that of the first page, which a cursor holds.

    Raises TimeError, BadArgument, BadCursor.
    """
    if asked.wrong is not None:
        raise asked.wrong
    range_ = time_range(asked.from_ or None, asked.to or None, now_us)
    question = continued(replace(asked, from_us=range_.from_us, to_us=range_.to_us).question)
    return replace(asked, from_us=question.from_us, to_us=question.to_us)


async def answer(request: Request, asked: Asked, limits: Limits | None = None) -> Page:
    """Raises one of PROBLEMS, or DatabaseError."""
    return await search(request.state["database"], request.state["site"], asked.question, limits or Limits())


def reads_texts(line: str) -> bool:
    """Whether a query that was answered reads the octets of messages, which takes its time."""
    return is_needed(parse(line).root)


def problem_of(error: Exception, asked: Asked) -> Problem:
    """What to tell about one of PROBLEMS."""
    match error:
        case QueryError(message=message, position=position, suggestion=suggestion):
            code = "unsearchable" if isinstance(error, Unsearchable) else "bad_query"
            corrected = _corrected(asked.q, position, suggestion)
            return Problem(422, code, message, f"q:{position + 1}", position, suggestion, corrected)
        case TimeError(message=message, where=where):
            return Problem(422, "bad_time", message, where)
        case BadCursor():
            return Problem(422, "bad_cursor", str(error), "cursor")
        case SearchTimeout():
            return Problem(503, "timeout", str(error), None)
        case BadArgument(where=where):
            return Problem(422, "bad_argument", str(error), where)
        case _:
            raise error


def _corrected(q: str, position: int, suggestion: str | None) -> str | None:
    """The line with the word at `position` replaced by what was probably meant."""
    if not suggestion:
        return None
    end = position
    while end < len(q) and (q[end].isalnum() or q[end] in "_-."):
        end += 1
    return q[:position] + suggestion + q[end:]
