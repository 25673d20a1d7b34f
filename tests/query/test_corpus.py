"""Every line of corpus.toml still is what people read and found right. SQL: tests/storage/search/test_corpus.py."""

import pytest

from appliance.query.parse import parse
from tests.query.corpus import Entry, entries, said

ENTRIES = entries()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.get('view', 'wrong')} {entry['q']}")
def test_a_line_is_what_the_corpus_says(entry: Entry) -> None:
    assert said(entry) == entry


def test_there_are_many_of_both_sorts() -> None:
    wrong = [entry for entry in ENTRIES if "wrong" in entry]
    assert len(ENTRIES) >= 150 and len(wrong) >= 50
    lines = {(entry["q"], entry.get("view")) for entry in ENTRIES}
    assert len(lines) == len(ENTRIES)


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if "corrected" in entry], ids=lambda entry: entry["q"])
def test_what_may_be_meant_can_be_read(entry: Entry) -> None:
    parse(entry["corrected"])


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if "printed" in entry], ids=lambda entry: entry["q"])
def test_the_printed_line_means_the_same(entry: Entry) -> None:
    assert parse(entry["printed"]) == parse(entry["q"])
