from appliance.export.sipp import message
from appliance.export.sipp.side import Send, Side, played
from appliance.export.sipp.steps import flow
from tests.export.sipp.made import ALICE, BOB, SDP, answered, call, contact, reply, request
from tests.export.sipp.made import message as octets


def written(which: Side, method: str, *sent: tuple[str, bytes], number: int = 0) -> list[str]:
    """The lines of a sent message, and "" between head and body."""
    made = played(flow(call(*sent)), which)
    sends = [c for c in made.commands if isinstance(c, Send) and c.step.row.method == method]
    return message.text(made, sends[number], "[branch]").split("\n")


def test_the_invite_goes_to_the_service_with_a_dialog_of_its_own() -> None:
    assert written(Side.CALLER, "INVITE", *answered())[:10] == [
        "INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0",
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport",
        'From: "Alice" <sip:100@example.com>;tag=[pid]SIPp[call_number]',
        "To: <sip:[service]@[remote_ip]:[remote_port]>",
        "Call-ID: [call_id]",
        "CSeq: 1 INVITE",
        "Contact: <sip:100@[local_ip]:[local_port];transport=[transport]>",
        "Content-Type: application/sdp",
        "Content-Length: [len]",
        "",
    ]


def test_later_requests_go_to_the_contact_over_the_routes() -> None:
    ack = written(Side.CALLER, "ACK", *answered())
    assert ack[0] == "ACK [next_url] SIP/2.0"
    assert "To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]" in ack and "[routes]" in ack
    bye = written(Side.CALLEE, "BYE", *answered())
    assert bye[0] == "BYE [next_url] SIP/2.0"
    assert bye[2:5] == ["From: [$callee];tag=[pid]SIPp[call_number]", "To: [$caller]", "Call-ID: [call_id]"]


def test_a_keyword_that_may_stand_for_nothing_is_never_the_last_line_of_the_head() -> None:
    for lines in (written(Side.CALLER, "ACK", *answered()), written(Side.CALLEE, "200", *answered())):
        assert lines[lines.index("") - 1] == "Content-Length: [len]"


def test_a_response_repeats_the_last_request() -> None:
    assert written(Side.CALLEE, "200", *answered())[:9] == [
        "SIP/2.0 200 OK",
        "[last_Via:]",
        "[last_From:]",
        "[last_To:];tag=[pid]SIPp[call_number]",
        "[last_Call-ID:]",
        "[last_CSeq:]",
        "Contact: <sip:200@[local_ip]:[local_port];transport=[transport]>",
        "Content-Type: application/sdp",
        "[last_Record-Route:]",
    ]
    assert "[last_To:]" in written(Side.CALLER, "200", *answered()), "the callee's BYE has our tag already"


def test_credentials_become_the_answer_to_the_challenge() -> None:
    secret = 'Digest username="alice", response="0123"'
    challenged = [
        ("A>B", request("INVITE", 1, ALICE)),
        ("B>A", reply("407 No", "1 INVITE", 'Proxy-Authenticate: Digest realm="r"')),
        ("A>B", request("ACK", 1, tag="bob", branch="1INVITE")),
        ("A>B", request("INVITE", 2, f"Proxy-Authorization: {secret}", f"Authorization: {secret}")),
        ("B>A", reply("486 Busy Here", "2 INVITE")),
    ]  # fmt: skip
    again = written(Side.CALLER, "INVITE", *challenged, number=1)
    assert again.count("[authentication]") == 1 and not any("0123" in line for line in again)
    unasked = written(Side.CALLER, "INVITE", *challenged[3:])
    assert not any("[authentication]" in line or "0123" in line for line in unasked)


def test_prack_acknowledges_what_came() -> None:
    ringing = reply("180 Ringing", "1 INVITE", BOB, "Require: 100rel", "RSeq: 4711")
    prack = request("PRACK", 2, "RAck: 4711 1 INVITE", tag="bob")
    lines = written(Side.CALLER, "PRACK", answered()[0], ("B>A", ringing), ("A>B", prack))
    assert "RAck: [$rseq2] 1 INVITE" in lines


def test_where_a_redirection_leads_stays_as_it_is() -> None:
    moved = reply("302 Moved", "1 INVITE", "Contact: <sip:300@192.0.2.9>")
    assert "Contact: <sip:300@192.0.2.9>" in written(Side.CALLEE, "302", answered()[0], ("B>A", moved))


def test_what_other_hops_put_in_is_left_out() -> None:
    invite = request("INVITE", 1, "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKo", "Record-Route: <sip:192.0.2.8>",
                     "Route: <sip:192.0.2.9>", "X-Seen: at 10.0.0.1")  # fmt: skip
    lines = written(Side.CALLER, "INVITE", ("A>B", invite), ("B>A", reply("486 Busy Here")))
    assert not any("192.0.2." in line for line in lines)
    assert "X-Seen: at [local_ip]" in lines


def test_what_a_message_lacks_it_gets() -> None:
    bare = (
        b"INVITE tel:200 SIP/2.0\r\nCall-ID: made@10.0.0.1\r\nCSeq: 1 INVITE\r\nf: sip:100@10.0.0.1;tag=x\r\n\r\n" + SDP
    )
    lines = written(Side.CALLER, "INVITE", ("A>B", bare), ("B>A", reply("486 Busy Here")))
    assert lines[:4] == [
        "INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0",
        "Call-ID: [call_id]",
        "CSeq: 1 INVITE",
        "From: sip:100@[local_ip];tag=[pid]SIPp[call_number]",
    ]
    assert lines[6] == "Content-Length: [len]" and lines[8] == "v=0"


def test_contacts_in_odd_forms_keep_their_user_and_parameters() -> None:
    for value, expected in (
        ("Contact: sip:100@10.0.0.1:5060;ob", "<sip:100@[local_ip]:[local_port];transport=[transport]>;ob"),
        ('m: "A" <sip:a%20b@h;ob>;+sip.instance="<urn:x>"', 
         '<sip:a%20b@[local_ip]:[local_port];transport=[transport]>;+sip.instance="<urn:x>"'),
        ("Contact: <sip:10.0.0.1>", "<sip:[local_ip]:[local_port];transport=[transport]>"),
    ):  # fmt: skip
        lines = written(Side.CALLER, "INVITE", ("A>B", request("INVITE", 1, value)), ("B>A", reply("486 Busy Here")))
        assert f"Contact: {expected}" in lines


def test_a_phone_number_says_that_it_is_one() -> None:
    invite = octets("INVITE sip:+4930@example.com;user=phone SIP/2.0", "1 INVITE", contact("1", "h"))
    lines = written(Side.CALLER, "INVITE", ("A>B", invite), ("B>A", reply("486 Busy Here")))
    assert lines[0] == "INVITE sip:[service]@[remote_ip]:[remote_port];user=phone SIP/2.0"


def test_a_contact_of_any_length_is_read_at_once() -> None:
    invite = ("A>B", request("INVITE", 1, "Contact: " + "a" * 60_000))
    lines = written(Side.CALLER, "INVITE", invite, ("B>A", reply("486 Busy Here")))
    assert len(next(line for line in lines if line.startswith("Contact: "))) > 60_000
