import pytest

from appliance.query.parse import parse
from appliance.query.printed import printed
from appliance.query.tree import Node, Query
from appliance.storage.search.beside import Beside, split


def tree(line: str) -> Node:
    root = parse(line).root
    assert root is not None
    return root


@pytest.mark.parametrize(
    ("line", "columns", "reading"),
    [
        ("from:a text:x", "from:a", "text:x"),
        ("from:a OR text:x", "", "(from:a OR text:x)"),
        ("NOT text:x", "", "NOT text:x"),
        ("from:a (to:b OR text:x) node:c", "from:a node:c", "(to:b OR text:x)"),
        ("from:a", "from:a", ""),
    ],
)
def test_what_columns_answer_alone_is_told_from_what_needs_octets(line: str, columns: str, reading: str) -> None:
    assert tuple(printed(Query(part)) if part else "" for part in split(tree(line))) == (columns, reading)


@pytest.mark.parametrize(
    ("line", "told", "read", "fulfilled"),
    [
        ("text:x from:a", [1], "x", True),
        ("text:x from:a", [0], "x", False),
        ("text:x from:a", [1], "y", False),
        ("text:x OR from:a", [1], "y", True),
        ("NOT (text:x OR from:a)", [0], "y", True),
        ("from:a text:x OR to:b text:y", [0, 1], "y", True),
        ("from:a text:x OR to:b text:y", [1, 0], "y", False),
    ],
)
def test_raw_terms_are_tried_and_the_others_are_told(line: str, told: list[int], read: str, fulfilled: bool) -> None:
    beside: Beside[str] = Beside(tree(line), lambda term: lambda octets: f"text:{octets}" == printed(Query(term)))
    assert len(beside.told) == len(told)
    assert beside.fulfilled(told, read) is fulfilled
