from tests.cli.people import People


def test_a_user_is_added_listed_disabled_and_deleted(people: People) -> None:
    assert people.run("user", "add", "bob", "--role", "admin", typed="violet parrot 7\n") == ""
    assert people.run("user", "list").splitlines() == ["admin  admin  must change the password", "bob    admin"]
    people.run("user", "disable", "bob")
    assert "disabled" in people.run("user", "list")
    people.run("user", "disable", "bob", "--enable")
    people.run("user", "delete", "bob")
    assert "bob" not in people.run("user", "list")


def test_the_first_password_is_replaced(people: People) -> None:
    people.run("user", "passwd", "admin", typed="violet parrot 7\n")
    assert people.run("user", "list") == "admin  admin\n"
    people.run("user", "passwd", "admin", "--must-change", typed="violet parrot 8\n")
    assert "must change" in people.run("user", "list")


def test_a_weak_password_is_refused_in_one_line(people: People) -> None:
    for weak in ("short", "Password1", "", "admin1234"):
        error = people.fails("user", "passwd", "admin", typed=f"{weak}\n", code=2)
        assert error.startswith("hepbox: ") and error.count("\n") == 1


def test_what_cannot_be_done_is_told_in_one_line(people: People) -> None:
    assert "there is no user bob" in people.fails("user", "passwd", "bob", typed="violet parrot 7\n")
    assert "last administrator" in people.fails("user", "delete", "admin")
    assert "last administrator" in people.fails("user", "disable", "admin")
    assert "already" in people.fails("user", "add", "ADMIN", typed="violet parrot 7\n")
    assert "cannot be a user's name" in people.fails("user", "add", "a b", typed="violet parrot 7\n")


def test_no_password_is_ever_printed(people: People) -> None:
    shown = people.run("user", "add", "bob", typed="violet parrot 7\n") + people.run("user", "list")
    assert "parrot" not in shown and "argon2" not in shown
