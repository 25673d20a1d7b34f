"""Which lines of the audit trail an address asks for, for page, files and API alike."""

from collections.abc import Mapping

from appliance.query.errors import TimeError
from appliance.query.times import time_range
from appliance.storage.audit import Action, Asked

SINCE = "-7d"
LONGEST = 200
FIELDS = ("user", "action", "object", "from", "to", "before")


class BadTrailQuery(ValueError):
    """An argument that cannot be used; `where` is its name."""

    def __init__(self, sentence: str, where: str) -> None:
        super().__init__(sentence)
        self.where = where


def asked(query: Mapping[str, str], now_us: int) -> Asked:
    """Without times the last seven days. Raises BadTrailQuery."""
    try:
        range_ = time_range(query.get("from") or SINCE, query.get("to") or None, now_us)
    except TimeError as error:
        raise BadTrailQuery(error.message, error.where) from error
    action, before = query.get("action", ""), query.get("before", "")
    if action and action not in set(Action):
        raise BadTrailQuery(f"There is no action {action[:40]}; there are {', '.join(Action)}.", "action")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise BadTrailQuery("`before` is the number of a line.", "before")
    words = {name: query.get(name, "").strip()[:LONGEST] for name in ("user", "object")}
    number = int(before) if before else None
    return Asked(range_.from_us, range_.to_us, words["user"], action, words["object"], number)
