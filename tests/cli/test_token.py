from tests.cli.people import People


def test_a_token_is_printed_alone_and_once(people: People) -> None:
    token = people.run("token", "create", "--user", "admin", "--name", "grafana")
    assert token.startswith("hepbox_") and token.count("\n") == 1
    listed = people.run("token", "list")
    assert "grafana" in listed and "never used" in listed and token.strip() not in listed


def test_it_is_revoked_by_its_name(people: People) -> None:
    people.run("token", "create", "--user", "admin", "--name", "grafana")
    people.run("token", "revoke", "--user", "admin", "--name", "grafana")
    assert people.run("token", "list") == ""
    assert "no token named grafana" in people.fails("token", "revoke", "--user", "admin", "--name", "grafana")


def test_it_works_on_an_appliance_where_nobody_signed_in_yet(people: People) -> None:
    assert people.run("token", "create", "--user", "admin", "--name", "x").startswith("hepbox_")


def test_what_cannot_be_done_is_told_in_one_line(people: People) -> None:
    assert "there is no user bob" in people.fails("token", "create", "--user", "bob", "--name", "x")
    people.run("token", "create", "--user", "admin", "--name", "x")
    assert "already" in people.fails("token", "create", "--user", "admin", "--name", "x")
    assert "printable" in people.fails("token", "create", "--user", "admin", "--name", " ")


def test_it_is_limited_in_what_it_may_and_how_long(people: People) -> None:
    people.run("token", "create", "--user", "admin", "--name", "push", "--scope", "ingest", "--days", "2")
    listed = people.run("token", "list")
    assert "ingest only  until 20" in listed
    assert "1 to 3650 days" in people.fails("token", "create", "--user", "admin", "--name", "y", "--days", "0")
