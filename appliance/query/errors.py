"""What a person typed wrong, as one sentence that points at the place."""


class QueryError(ValueError):
    """A query line that cannot be understood.

    `position` counts characters of the line from 0; `suggestion` is what may have been meant, or None.
    """

    def __init__(self, message: str, position: int = 0, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.suggestion = suggestion

    def __str__(self) -> str:
        meant = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return f"{self.message} (at character {self.position + 1}){meant}"


class TimeError(ValueError):
    """A time that cannot be understood; `where` says which: `from` or `to`."""

    def __init__(self, message: str, where: str) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
