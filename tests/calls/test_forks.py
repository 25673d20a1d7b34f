from appliance.calls.forks import letters
from tests.calls.made import flow

BRANCHES = ("0 A>P INVITE", "1 P>B INVITE via_branch=z9hG4bK-1", "2 P>C INVITE via_branch=z9hG4bK-2")


def marked(*lines: str) -> list[str]:
    rows = flow(*lines)
    found = letters(rows)
    return [found.get(row.id, "") for row in rows]


def test_each_to_tag_of_a_forked_invite_has_its_letter_on_every_hop() -> None:
    lines = (
        *BRANCHES,
        "3 B>P 180 INVITE via_branch=z9hG4bK-1 to_tag=b",
        "4 P>A 180 INVITE to_tag=b",
        "5 C>P 180 INVITE via_branch=z9hG4bK-2 to_tag=c",
        "6 P>A 180 INVITE to_tag=c",
    )
    assert marked(*lines) == ["", "A", "B", "A", "A", "B", "B"]


def test_what_follows_in_the_dialog_has_the_letter_from_both_sides() -> None:
    lines = (
        *BRANCHES,
        "3 B>P 180 INVITE via_branch=z9hG4bK-1 to_tag=b",
        "5 C>P 200 INVITE via_branch=z9hG4bK-2 to_tag=c",
        "6 A>P ACK to_tag=c",
        "9 C>P BYE cseq=7 from_tag=c to_tag=caller",
    )
    assert marked(*lines)[-2:] == ["B", "B"]


def test_a_branch_that_only_fails_is_one_too() -> None:
    lines = (
        *BRANCHES,
        "3 B>P 486 INVITE via_branch=z9hG4bK-1 to_tag=b",
        "5 C>P 180 INVITE via_branch=z9hG4bK-2 to_tag=c",
    )
    assert marked(*lines) == ["", "A", "B", "A", "B"]


def test_one_tag_is_no_fork() -> None:
    assert (
        marked("0 A>P INVITE", "1 P>B INVITE", "2 B>P 180 INVITE", "3 P>A 180 INVITE", "4 P>A 200 INVITE") == [""] * 5
    )


def test_what_a_proxy_answers_by_itself_is_no_branch() -> None:
    lines = ("0 A>P INVITE", "1 P>B INVITE", "2 B>P 180 INVITE to_tag=b", "9 P>A 408 INVITE to_tag=p")
    assert marked(*lines) == [""] * 4


def test_a_challenge_and_the_next_try_are_no_fork() -> None:
    lines = ("0 A>P INVITE", "1 P>A 407 INVITE to_tag=p", "3 A>P INVITE cseq=2", "4 P>A 180 INVITE cseq=2 to_tag=b")
    assert marked(*lines) == [""] * 4


def test_more_branches_than_letters_end_with_the_last_letter() -> None:
    lines = [f"{n} P>A 180 INVITE to_tag=t{n}" for n in range(1, 40)]
    assert marked("0 A>P INVITE", *lines)[26:29] == ["Z", "", ""]
