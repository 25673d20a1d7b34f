"""What a person typed wrong, as one sentence that points at the place."""


class QueryError(ValueError):
    """A query line that cannot be understood.

    `position` counts characters of the line from 0; `suggestion` is what may have been meant instead of `instead_of`,
    which stands there (None: of the word there), or None. `corrected` is the whole line that may have been meant.
    """

    def __init__(
        self, message: str, position: int = 0, suggestion: str | None = None, instead_of: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.suggestion = suggestion
        self.instead_of = instead_of
        self.corrected: str | None = None

    def __str__(self) -> str:
        meant = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return f"{self.message} (at character {self.position + 1}){meant}"


def correct(line: str, error: QueryError) -> str | None:
    """The line with what was probably meant in place of what is wrong."""
    if not error.suggestion:
        return None
    rest = line[error.position :]
    wrong = error.instead_of
    if wrong is None:
        wrong = rest[
            : next((place for place, one in enumerate(rest) if not one.isalnum() and one not in "_-."), len(rest))
        ]
    return line[: error.position] + error.suggestion + rest[len(wrong) :]


def pointed(line: str, position: int) -> str:
    """Two lines for a terminal: the query, and under it a sign at the character."""
    # an odd character may be wider or narrower than one column: each is shown as one
    shown = "".join(one if one.isprintable() else "·" for one in line)
    return f"{shown}\n{' ' * position}^"


class TimeError(ValueError):
    """A time that cannot be understood; `where` says which: `from` or `to`."""

    def __init__(self, message: str, where: str) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
