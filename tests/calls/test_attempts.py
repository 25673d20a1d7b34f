from appliance.calls.attempts import acknowledged, answered_elsewhere, attempts
from appliance.calls.order import ordered
from appliance.model.rows import MessageRow
from tests.calls.made import flow


def rows(*lines: str) -> list[MessageRow]:
    return ordered(flow(*lines))


def test_without_an_invite_there_is_no_attempt() -> None:
    assert attempts(rows("0 A>P BYE", "5 P>A 200 BYE")) == []
    assert attempts(rows("0 A>P INVITE again=1")) == []


def test_a_challenged_invite_and_the_one_with_credentials_are_two_attempts() -> None:
    found = attempts(
        rows("0 A>P INVITE", "5 P>A 407 INVITE", "6 A>P ACK", "9 A>P INVITE cseq=2", "20 P>A 180 INVITE cseq=2")
    )
    assert [attempt.status for attempt in found] == [407, None]
    assert found[1].ringing is not None


def test_what_a_proxy_relays_is_no_attempt() -> None:
    found = attempts(rows("0 A>P INVITE", "1 P>B INVITE", "9 B>P 503 INVITE", "10 P>C INVITE", "30 P>A 486 INVITE"))
    assert [attempt.status for attempt in found] == [486]


def test_a_2xx_counts_before_an_earlier_failure_and_every_2xx_is_a_dialog() -> None:
    (attempt,) = attempts(
        rows(
            "0 A>P INVITE",
            "5 P>A 486 INVITE to_tag=x",
            "9 P>A 200 INVITE to_tag=y",
            "12 P>A 200 INVITE to_tag=z",
        )
    )
    assert (attempt.status, attempt.dialogs) == (200, {"y", "z"})


def test_the_callers_cancel_counts_when_it_was_sent_before_the_answer() -> None:
    (before,) = attempts(rows("0 A>P INVITE", "5 A>P CANCEL", "9 P>A 487 INVITE"))
    (after,) = attempts(rows("0 A>P INVITE", "9 P>A 486 INVITE", "300 A>P CANCEL"))
    (other,) = attempts(rows("0 A>P INVITE", "1 P>B INVITE", "5 P>B CANCEL", "9 P>A 487 INVITE"))
    assert (before.cancelled, after.cancelled, other.cancelled) == (True, False, False)


def test_a_cancel_with_a_branch_of_its_own_is_known_by_its_socket() -> None:
    (attempt,) = attempts(rows("0 A>P INVITE", "5 A>P CANCEL via_branch=other", "9 P>A 487 INVITE"))
    assert attempt.cancelled


def test_answers_captured_at_other_addresses_are_known_by_their_branch() -> None:
    branch = "z9hG4bK-10.0.0.1-10.0.0.16-1-INVITE"
    (attempt,) = attempts(rows("0 A>P INVITE", f"9 Q>A 200 INVITE via_branch={branch}"))
    assert attempt.status == 200


def test_without_branches_the_addresses_decide() -> None:
    (attempt,) = attempts(
        rows("0 A>P INVITE via_branch=", "5 B>P 486 INVITE via_branch=", "9 P>A 200 INVITE via_branch=")
    )
    assert (attempt.status, len(attempt.dialogs)) == (200, 1)


def test_a_2xx_behind_the_proxy_tells_of_an_answer() -> None:
    found = rows("0 A>P INVITE", "1 P>B INVITE", "9 B>P 200 INVITE")
    answer = answered_elsewhere(found, found[0])
    assert answer is not None
    assert answer.method == "200"


def test_an_ack_with_a_branch_of_its_own_tells_of_a_2xx_and_that_of_a_failure_does_not() -> None:
    answered = rows("0 A>P INVITE", "9 A>P ACK")
    failed = rows("0 A>P INVITE", "5 P>A 486 INVITE", "9 A>P ACK")
    assert acknowledged(answered, answered[0])
    assert not acknowledged(failed, failed[0])


def test_an_invite_sent_with_an_old_branch_again_is_no_circle() -> None:
    found = attempts(
        flow(
            "0 A>P INVITE via_branch=one",
            "1 P>A 503 INVITE via_branch=one",
            "2 A>Q INVITE via_branch=two",
            "3 Q>A 503 INVITE via_branch=two",
            "4 A>P INVITE via_branch=one user_agent=x",
        )
    )
    assert [attempt.invite.via_branch for attempt in found] == ["one", "two", "one"]


def test_thousands_of_guessed_passwords_are_as_many_attempts() -> None:
    lines = [
        f"{n} A>P INVITE cseq={n} via_branch=b{n}|{n} P>A 401 INVITE cseq={n} via_branch=b{n}" for n in range(2500)
    ]
    found = attempts(flow(*(half for line in lines for half in line.split("|"))))
    assert len(found) == 2500
