from pathlib import Path

import pytest

from tests.cli.people import People


def test_names_are_set_listed_and_deleted(people: People) -> None:
    people.run("alias", "set", "10.0.0.7/8", "Carrier A", "--group", "carriers", "--colour", "red")
    people.run("alias", "set", "10.0.0.1", "proxy", "--port", "5061")
    assert people.run("alias", "list").splitlines() == [
        "10.0.0.0/8        Carrier A  carriers  red",
        "10.0.0.1    5061  proxy",
    ]
    people.run("alias", "delete", "10.0.0.1", "--port", "5061")
    assert "there is no alias of 10.0.0.1 port 5061" in people.fails("alias", "delete", "10.0.0.1", "--port", "5061")
    assert people.run("alias", "list").count("\n") == 1


def test_a_list_goes_to_another_appliance_as_a_file(people: People, tmp_path: Path) -> None:
    people.run("alias", "set", "10.0.0.0/8", "Carrier A")
    file = tmp_path / "aliases.csv"
    file.write_text(people.run("alias", "list", "--format", "csv"))
    people.run("alias", "set", "10.0.0.1", "proxy")
    assert people.run("alias", "import", str(file)) == "1 named\n"
    assert people.run("alias", "list").count("\n") == 2
    assert people.run("alias", "import", "--replace", str(file)) == "1 named\n"
    assert people.run("alias", "list").count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("set", "host", "a"), "host is no address or network", 2),
        (("set", "10.0.0.1", "a", "--port", "x"), "x is no port", 2),
        (("delete", "host"), "no address", 2),
        (("import", "/nothing.csv"), "No such file", 1),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(people: People, words: tuple[str, ...], said: str, code: int) -> None:
    assert said in people.fails("alias", *words, code=code)


def test_a_file_with_a_wrong_line_names_nothing(people: People, tmp_path: Path) -> None:
    file = tmp_path / "aliases.csv"
    file.write_text("address,name\n10.0.0.1,a\n10.0.0.256,b\n")
    assert "line 3: 10.0.0.256 is no address" in people.fails("alias", "import", str(file))
    assert people.run("alias", "list") == ""
