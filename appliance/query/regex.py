"""Regular expressions in a query: RE2's syntax, bounded, so that none can hold up the search.

Texts are searched by RE2 in linear time; columns by the database's own engine, which backtracks: nested
repetition is refused, look-around and back-references are not in RE2's syntax.
"""

import re2

from appliance.model.octets import octets
from appliance.query.errors import QueryError

MAX_LENGTH = 200
MAX_MEMORY = 1 << 20
_REPEATS = "*+{"


def checked(source: str, position: int) -> str:
    """`source` if it may be used. Raises QueryError."""
    if len(source) > MAX_LENGTH:
        raise QueryError(f"a regular expression may have {MAX_LENGTH} characters", position)
    if "\0" in source:
        raise QueryError("a regular expression cannot hold a zero octet", position)
    if _repeats_a_repetition(source):
        raise QueryError("a repetition inside a repetition, as in (a+)*, is not searched", position)
    try:
        compiled(octets(source))
    except re2.error as error:
        reason = error.args[0].decode("utf-8", "replace") if error.args else "not understood"
        raise QueryError(f"this regular expression cannot be used: {reason}", position) from error
    return source


def compiled(source: bytes, *, case_sensitive: bool = True) -> "re2._Regexp":
    """To search octets with; raises re2.error."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_MEMORY
    options.case_sensitive = case_sensitive
    options.dot_nl = True
    # octets, not characters: what the network sent need not be UTF-8
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(source, options)


def _repeats_a_repetition(source: str) -> bool:
    """Whether a group that holds `*`, `+` or `{` is itself followed by one."""
    groups: list[bool] = [False]
    in_class = False
    position = 0
    while position < len(source):
        character = source[position]
        if character == "\\":
            position += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "(":
            groups.append(False)
        elif character == ")" and len(groups) > 1:
            repeated = groups.pop()
            follows = source[position + 1 : position + 2]
            if repeated and follows and follows in _REPEATS:
                return True
            groups[-1] = groups[-1] or repeated
        elif character in _REPEATS:
            groups[-1] = True
        position += 1
    return False
