from dataclasses import replace

import pytest

from appliance.export.prepared import in_order
from appliance.model.rows import CallState
from appliance.why.explain import explain
from tests.why.cases import CALL, Case
from tests.why.written import call_of, told, written

RELIABLE = "B>A 180 INVITE | Require: 100rel | RSeq: 1"
CASES = [
    Case(
        "unknown-dialog",
        "10.0.0.2 knows nothing of what BYE belongs to: a BYE of 10.0.0.2 had ended the call before.",
        written(*CALL, "9000 B>A BYE by=callee cseq=7", "9001 A>B BYE cseq=2", "9002 A>B 200 BYE by=callee cseq=7",
                "9003 B>A 481 BYE cseq=2"),
        written(*CALL, "9001 A>B BYE cseq=2", "9003 B>A 200 BYE cseq=2"),
    ),
    Case(
        "cancel-crossed-answer",
        "200 OK came 20 ms after the CANCEL: they crossed, and the call was answered.",
        written("0 A>B INVITE", "90 B>A 180 INVITE", "5000 A>B CANCEL", "5020 B>A 200 INVITE", "5030 B>A 481 CANCEL"),
        written("0 A>B INVITE", "90 B>A 180 INVITE", "5000 A>B CANCEL", "5020 B>A 487 INVITE", "5030 B>A 200 CANCEL"),
    ),
    Case(
        "bye-crossing",
        "Both sides hung up within 10 ms: their BYEs crossed.",
        written(*CALL, "9000 A>B BYE cseq=2", "9010 B>A BYE by=callee cseq=7", "9020 B>A 200 BYE cseq=2"),
        written(*CALL, "9000 A>B BYE cseq=2", "9005 B>A 200 BYE cseq=2", "9010 B>A BYE by=callee cseq=7"),
    ),
    Case(
        "glare",
        "Both sides changed the session at once (491 Request Pending); a later try succeeded.",
        written(*CALL, "5000 A>B INVITE again=1 cseq=2", "5010 B>A 491 INVITE cseq=2", "8000 A>B INVITE again=1 cseq=3",
                "8010 B>A 200 INVITE cseq=3"),
        written(*CALL, "5000 A>B INVITE again=1 cseq=2", "5010 B>A 488 INVITE cseq=2"),
    ),
    Case(
        "prack-missing",
        "180 Ringing wants a PRACK (100rel) and was sent 3 times: none was captured.",
        written("0 A>B INVITE", f"90 {RELIABLE}", f"590 {RELIABLE}", f"1590 {RELIABLE}"),
        written("0 A>B INVITE", f"90 {RELIABLE}", f"590 {RELIABLE}", "600 A>B PRACK cseq=2"),
    ),
    Case(
        "bye-missing",
        "No BYE was captured in 13 h 00 min since the last message: lost, or sent past the capture.",
        written(*CALL),
        written(*CALL, "9000 A>B BYE cseq=2"),
        after_ms=13 * 3_600_000,
    ),
    Case(
        "not-captured",
        "180 Ringing answers an INVITE that was not captured.",
        written("90 B>A 180 INVITE"),
        written("0 A>B INVITE", "90 B>A 180 INVITE"),
    ),
    Case(
        "malformed",
        "Malformed INVITE: The Expires header is not a number below 2^32.",
        written("0 A>B INVITE | Expires: tomorrow"),
        written("0 A>B INVITE | X-Expires: tomorrow"),
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_tells_what_the_messages_say_and_no_more(case: Case) -> None:
    case.check()


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("5000 A>B CANCEL", "5001 B>A 481 CANCEL"), "its INVITE had been answered 200 OK"),
        (("5000 A>B CANCEL cseq=9", "5001 B>A 481 CANCEL cseq=9"), "no INVITE with its branch is under way there"),
        (
            ("5000 A>B INFO cseq=2", "5001 B>A 481 INFO cseq=2"),
            "it has forgotten the call, or never had it (restarted, another host, other tags)",
        ),
    ],
)
def test_why_the_call_is_unknown_is_told_as_far_as_it_shows(lines: tuple[str, ...], why: str) -> None:
    (sentence,) = told("unknown-dialog", written(*CALL, *lines))
    assert sentence.endswith(f"belongs to: {why}.")


def test_a_cancel_long_after_the_answer_did_not_cross_it() -> None:
    assert told("cancel-crossed-answer", written(*CALL, "5000 A>B CANCEL")) == []


def test_a_session_timer_that_ran_out_is_told_with_the_bye_that_never_came() -> None:
    timed = written(
        "0 A>B INVITE",
        "90 B>A 200 INVITE | Session-Expires: 1800;refresher=uac",
        "95 A>B ACK",
        "9000 A>B INVITE again=1 cseq=2",
        "9010 B>A 200 INVITE cseq=2 | Session-Expires: 600;refresher=uac",
    )
    ran = ", and the session timer of 600 s (10 min) has run out: lost, or sent past the capture."
    assert told("bye-missing", timed, after_ms=13 * 3_600_000) == [
        f"No BYE was captured in 13 h 00 min since the last message{ran}"
    ]
    now_us = timed[-1].ts + 700_000_000
    call = call_of(timed, now_us)
    assert call is not None and call.state is CallState.ANSWERED
    found = explain(in_order(timed), replace(call, state=CallState.LOST), now_us)
    (missing,) = [each for each in found.all if each.rule == "bye-missing"]
    assert missing.sentence.startswith(
        "No BYE was captured in 11 min 40 s since the last message, and the session timer"
    )
    assert missing.messages == (timed[-1].id,)
