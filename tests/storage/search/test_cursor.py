import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model.rows import Total
from appliance.storage.search.cursor import Cursor, read, written
from appliance.storage.search.question import BadCursor, Question

QUESTION = Question("from:\udcff", 1, 2, "messages")
CURSOR = Cursor(1, 2, (1_795_435_200_000_000, 1 << 63, "call"), Total(12, exact=True))


def test_a_cursor_is_read_as_it_was_written() -> None:
    assert read(QUESTION, written(QUESTION, CURSOR)) == CURSOR


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_every_part_of_a_cursor_is_checked() -> None:
    text = written(QUESTION, CURSOR)
    parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    assert read(QUESTION, encoded(parts)) == CURSOR
    for place in range(len(parts)):
        for wrong in (None, "x", -1, 1 << 64, [], 1.5):
            if wrong == parts[place]:
                continue
            with pytest.raises(BadCursor):
                read(QUESTION, encoded([*parts[:place], wrong, *parts[place + 1 :]]))


@given(st.one_of(st.text(), st.binary().map(lambda octets: base64.urlsafe_b64encode(octets).decode())))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        read(QUESTION, text)
