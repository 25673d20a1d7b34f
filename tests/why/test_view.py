from dataclasses import replace

from appliance.model.rows import CallState
from appliance.why.view import View
from tests.why.cases import CALL
from tests.why.rules.test_sound import report
from tests.why.written import address, written

PROXIED = ("0 A>P INVITE", "5 P>B INVITE", "90 B>P 180 INVITE", "95 P>A 180 INVITE")


def view(*lines: str) -> View:
    rows = written(*lines)
    return View(rows, None, rows[-1].ts + 1_000_000)


def test_roots_are_what_clients_began_and_leaves_where_the_capture_ends() -> None:
    one = view(*PROXIED, "400 B>P 200 INVITE", "405 P>A 200 INVITE")
    assert [each.client[0] for each in one.roots] == [address("A")]
    assert [each.server[0] for each in one.leaves] == [address("B")]


def test_the_attempt_that_counts_is_the_last_one_on_the_callers_hop() -> None:
    one = view("0 A>P INVITE", "5 P>A 407 INVITE", "6 A>P ACK", "9 A>P INVITE cseq=2", "50 P>A 180 INVITE cseq=2",
               "90 P>A 486 INVITE cseq=2")  # fmt: skip
    assert one.invite is not None and one.invite.cseq == 2
    assert one.final is not None and one.final.status == 486
    assert one.ringing is one.progress is not None


def test_progress_is_not_ringing() -> None:
    one = view("0 A>P INVITE", "50 P>A 183 INVITE")
    assert one.ringing is None and one.progress is not None and one.progress.status == 183


def test_without_a_record_the_call_is_folded_here() -> None:
    assert (found := view(*CALL).call) is not None and found.state is CallState.ANSWERED
    assert view("0 A>B OPTIONS").call is None


def test_what_a_host_began_with_another_call_id_follows_its_own() -> None:
    first, second = written("0 A>P INVITE", "400 P>A 486 INVITE"), written("20 P>B INVITE via=1", callid="c2", first=50)
    one = View([first[0], second[0], first[1]], None, first[1].ts)
    assert [each.callid for each in one.after(one.roots[0])] == ["c2"]


def test_a_leg_that_began_after_the_end_of_another_does_not_follow_it() -> None:
    rows = [*written("0 A>P INVITE", "400 P>A 486 INVITE"), *written("900 P>B INVITE via=1", callid="c2", first=50)]
    one = View(rows, None, rows[-1].ts)
    assert one.after(one.roots[0]) == []


def test_byes_are_found_by_call_id_and_time() -> None:
    one = view(*CALL, "9000 A>B BYE cseq=2", "9005 B>A 200 BYE cseq=2")
    assert one.bye_after("c1@written", 0) is one.byes[0]
    assert one.bye_after("c1@written", 99) is None and one.bye_after("other", 0) is None


def test_acks_of_an_answer_are_found_on_all_hops() -> None:
    one = view(*PROXIED, "400 B>P 200 INVITE", "405 P>A 200 INVITE", "410 A>P ACK", "415 P>B ACK")
    assert [ack.row.destination_ip for ack in one.acks_for(one.roots[0])] == [address("P"), address("B")]


def test_reports_that_name_the_call_are_read() -> None:
    rows = written(*CALL)
    one = View([*rows, report("10.0.0.1", "10.0.0.2", 7, 1)], None, rows[-1].ts)
    assert [(each.source_ip, each.packets) for _, each in one.measured] == [("10.0.0.1", 7)]


def test_failures_are_those_that_the_client_saw() -> None:
    one = view(*PROXIED, "400 B>P 503 INVITE", "405 P>A 500 INVITE")
    assert [each.status for each in one.failures((500, 503))] == [500]
    assert one.failures((500,), "REGISTER") == []


def test_first_lines_made_to_look_like_codes_are_left_out() -> None:
    row = written("0 A>B INVITE")[0]
    odd = [replace(row, id=f"x{n}", method=method) for n, method in enumerate(("²", "9" * 5000, "٣٣٣"))]
    assert View(odd, None, row.ts).messages == []


def test_latest_and_accepted_tell_where_a_host_went_on() -> None:
    one = view("0 A>B INVITE", "9 B>A 491 INVITE", "50 A>B INVITE cseq=2", "60 B>A 200 INVITE cseq=2")
    assert one.latest["INVITE", address("A")] == one.accepted["INVITE", address("A")] == 2


def test_parties_are_named_by_user_else_by_domain() -> None:
    assert (view("0 A>B INVITE").caller, view("0 A>B INVITE").callee) == ("100", "200")
    assert View([], None, 0).caller == "somebody"


def test_tries_are_those_that_met_a_challenge() -> None:
    assert len(view("0 A>B INVITE", "9 B>A 401 INVITE").tries) == 1 and view("0 A>B INVITE").tries == []
