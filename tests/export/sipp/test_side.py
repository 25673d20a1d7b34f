from appliance.export.sipp.side import MOST_PAUSE_MS, Played, Receive, Send, Side, challenge_is_known, played
from appliance.export.sipp.steps import flow
from tests.export.sipp.made import BOB, answered, call, reply, request


def side(which: Side, *sent: tuple[str, bytes], gap_ms: int = 20) -> Played:
    return played(flow(call(*sent, gap_ms=gap_ms)), which)


def optional(made: Played) -> list[str]:
    return [c.step.row.method for c in made.commands if isinstance(c, Receive) and c.optional]


def sent(made: Played, method: str) -> Send:
    return next(c for c in made.commands if isinstance(c, Send) and c.step.row.method == method)


CANCELLED = [
    ("A>B", request("INVITE")), ("B>A", reply("100 Trying", tag="")), ("B>A", reply("180 Ringing", "1 INVITE", BOB)),
    ("A>B", request("CANCEL", branch="1INVITE")), ("B>A", reply("200 OK", "1 CANCEL")),
    ("B>A", reply("487 Request Terminated")), ("A>B", request("ACK", 1, tag="bob", branch="1INVITE")),
]  # fmt: skip


def test_a_provisional_response_is_optional_before_something_that_is_waited_for() -> None:
    assert optional(side(Side.CALLER, *answered())) == ["180"]
    assert optional(side(Side.CALLER, *CANCELLED)) == ["100"], "what comes before a message to send is waited for"


def test_cancel_and_the_ack_of_a_failure_have_the_branch_of_their_invite() -> None:
    made = side(Side.CALLER, *CANCELLED)
    invite = sent(made, "INVITE")
    assert sent(made, "CANCEL").branch_of is invite and sent(made, "ACK").branch_of is invite
    assert sent(side(Side.CALLER, *answered()), "ACK").branch_of is None


def test_what_a_response_repeats_is_kept_when_something_else_came_between() -> None:
    made = side(Side.CALLEE, *CANCELLED)
    assert [c.kept for c in made.commands if isinstance(c, Receive)] == ["request1", "", ""]
    assert sent(made, "200").answers == "" and sent(made, "487").answers == "request1"


def test_the_callee_keeps_both_parties_only_to_send_requests_of_its_own() -> None:
    assert side(Side.CALLEE, *answered()).parties_kept
    assert not side(Side.CALLEE, *CANCELLED).parties_kept


def test_pauses_are_those_of_the_call_up_to_a_minute() -> None:
    assert [sent(side(Side.CALLER, *answered(), gap_ms=gap), "ACK").pause_ms for gap in (9, 300, 120_000)] == [
        0, 300, MOST_PAUSE_MS,
    ]  # fmt: skip


def test_it_sends_again_only_what_something_is_waited_for_after() -> None:
    made = side(Side.CALLEE, *answered())
    assert [c.step.row.method for c in made.commands if isinstance(c, Send) and c.again] == ["200", "BYE"]


def test_tags_of_one_side_are_numbered() -> None:
    forked = [*answered()[:1], ("B>A", reply("183 Session Progress", "1 INVITE", tag="x")), *answered()[1:3]]
    assert side(Side.CALLEE, *forked).own_tags == {"x": 1, "bob": 2}


def test_only_a_digest_with_md5_is_answered() -> None:
    for challenge, known in (
        ('Digest realm="a", nonce="b"', True), ("Digest algorithm=MD5, realm=a", True),
        ("Digest algorithm=SHA-256", False),
        ('NTLM realm="a"', False), ("", False),
    ):  # fmt: skip
        answer = reply("401 Unauthorized", "1 INVITE", *([f"WWW-Authenticate: {challenge}"] if challenge else []))
        steps = flow(call(("A>B", request("INVITE")), ("B>A", answer))).steps
        assert challenge_is_known(steps[1]) == known
