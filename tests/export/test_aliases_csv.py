import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.export import aliases_csv
from appliance.model.aliases import COLOURS, Alias, AliasError

SOME = [Alias("10.0.0.0/8", "=cmd|x", 0, "+49 trunks", "red"), Alias("2001:db8::1", "B, c", 5061)]


def test_what_is_written_is_read_again() -> None:
    text = aliases_csv.written(SOME)
    assert text.splitlines()[:2] == ["address,port,name,group,colour", "10.0.0.0/8,,'=cmd|x,'+49 trunks,red"]
    assert aliases_csv.read(text) == SOME


def test_homers_names_of_columns_are_known_and_others_are_left() -> None:
    text = "\ufeffIP, Port ,Alias,capture_id\r\n10.0.0.1,5060,proxy01,7\r\n10.0.0.1,5060,proxy02,8\r\n10.0.0.2\r\n"
    with pytest.raises(AliasError, match="line 4: an alias has a name"):
        aliases_csv.read(text)
    assert aliases_csv.read(text.removesuffix("10.0.0.2\r\n")) == [Alias("10.0.0.1", "proxy02", 5060)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the first line names"),
        ("a,b\n1,2\n", "the first line names"),
        ("address,name\nx,y\n", "line 2: x is no address"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(AliasError, match=said):
        aliases_csv.read(text)


NAMES = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters='*%;"\\/'), min_size=1, max_size=20)


@given(NAMES, NAMES, st.sampled_from(COLOURS), st.integers(0, 65535))
def test_every_alias_comes_back(name: str, group: str, colour: str, port: int) -> None:
    alias = Alias("10.0.0.1", name, port, group, colour)
    assert aliases_csv.read(aliases_csv.written([alias])) == [alias]


@given(st.text())
def test_whatever_a_file_holds_is_aliases_or_an_error(text: str) -> None:
    with contextlib.suppress(AliasError):
        assert all(alias.name for alias in aliases_csv.read(text))
