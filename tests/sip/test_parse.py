import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model.kinds import Kind, sip_kind
from appliance.model.message import SipMessage
from appliance.sip.parse import MAX_LINES, is_keepalive, parse
from appliance.sip.problems import PROBLEMS
from tests.sip.messages import INVITE, changed


def test_it_reads_every_field_of_a_request() -> None:
    assert parse(INVITE) == SipMessage(
        method=b"INVITE",
        ruri=b"sip:bob:secret@biloxi.example.com:5070;transport=tcp",
        ruri_user=b"bob",
        ruri_domain=b"biloxi.example.com",
        from_user=b"alice",
        from_domain=b"atlanta.example.com",
        from_tag=b"1928301774",
        to_user=b"+49301234",
        to_domain=b"biloxi.example.com",
        callid=b"a84b4c76e66710@pc33.example.com",
        cseq=314159,
        cseq_method=b"INVITE",
        via_branch=b"z9hG4bK776",
        via_transport=b"udp",
        contact_user=b"alice-here",
        pid_user=b"+4930999",
        auth_user=b"auth-alice",
        user_agent=b"Softphone/1.0",
        reason=b'SIP;cause=486, Q.850;cause=17;text="busy, sorry"',
        diversion=b"<sip:first@x>",
        content_type=b"application/sdp",
        event=b"refer;id=1",
        expires=120,
        callid_aleg=b"other-leg@host",
        leg_keys=b"x:other-leg@host",
    )


def test_it_reads_a_response() -> None:
    message = parse(changed(b"INVITE sip:", b"SIP/2.0 486 Busy Here, really"))
    assert (message.method, message.status, message.reply_reason) == (b"", 486, b"Busy Here, really")
    assert (message.ruri, message.problems) == (b"", ())


@pytest.mark.parametrize(
    ("line", "status", "phrase", "problems"),
    [
        (b"SIP/2.0 100 ", 100, b"", ()),
        (b"SIP/2.0 183 \xd0\x9e\xff", 183, b"\xd0\x9e\xff", ()),
        (b"SIP/2.0 200", 200, b"", ("bad-first-line",)),
        (b"SIP/2.0  200 OK", 200, b"OK", ("bad-first-line",)),
        (b"sip/2.0 200 OK", 200, b"OK", ()),
        (b"SIP/3.0 200 OK", 200, b"OK", ("bad-version",)),
        (b"SIP/2.0 4294967301 better not break", 0, b"better not break", ("bad-status",)),
        (b"SIP/2.0 099 low", 0, b"low", ("bad-status",)),
        (b"SIP/2.0 700 high", 0, b"high", ("bad-status",)),
    ],
)
def test_status_lines(line: bytes, status: int, phrase: bytes, problems: tuple[str, ...]) -> None:
    message = parse(changed(b"INVITE sip:", line))
    assert (message.status, message.reply_reason, message.problems) == (status, phrase, problems)
    assert message.callid == b"a84b4c76e66710@pc33.example.com"


@pytest.mark.parametrize(
    ("line", "method", "ruri", "problems"),
    [
        (b"INVITE tel:+49301234;phone-context=x SIP/2.0", b"INVITE", b"tel:+49301234;phone-context=x", ()),
        (b"INVITE sip:bob@x sip/2.0", b"INVITE", b"sip:bob@x", ()),
        (b"INVITE  sip:bob@x SIP/2.0", b"INVITE", b"sip:bob@x", ("bad-first-line",)),
        (b"INVITE sip:bob@x SIP/2.0  ", b"INVITE", b"sip:bob@x", ("bad-first-line",)),
        (b"INVITE sip:bob@x; lr SIP/2.0", b"INVITE", b"sip:bob@x; lr", ("bad-first-line",)),
        (b"INVITE sip:bob@x SIP/7.0", b"INVITE", b"sip:bob@x", ("bad-version",)),
        (b"INVITE <sip:bob@x> SIP/2.0", b"INVITE", b"<sip:bob@x>", ("bad-ruri",)),
        (b"INVITE sip:bob@x?Subject=y SIP/2.0", b"INVITE", b"sip:bob@x?Subject=y", ("bad-ruri",)),
        (b"INVITE sip: SIP/2.0", b"INVITE", b"sip:", ("bad-ruri",)),
        (b"INV{ITE sip:bob@x SIP/2.0", b"INV{ITE", b"sip:bob@x", ("bad-method", "cseq-mismatch")),
        (b"invite sip:bob@x SIP/2.0", b"invite", b"sip:bob@x", ("cseq-mismatch",)),
        (b"GET / HTTP/1.1", b"", b"", ("bad-first-line",)),
        (b"", b"", b"", ("bad-first-line",)),
    ],
)
def test_request_lines(line: bytes, method: bytes, ruri: bytes, problems: tuple[str, ...]) -> None:
    message = parse(changed(b"INVITE sip:", line) if line else b"x\r\n" + INVITE.partition(b"\r\n")[2])
    assert (message.method, message.ruri, message.problems) == (method, ruri, problems)
    assert message.from_user == b"alice"


@pytest.mark.parametrize(
    ("header", "line", "problems"),
    [
        (b"Call-ID", b"Call-ID:", ("no-callid",)),
        (b"CSeq", b"X: y", ("no-cseq",)),
        (b"CSeq", b"CSeq: INVITE", ("bad-cseq",)),
        (b"CSeq", b"CSeq: 1", ("bad-cseq",)),
        (b"CSeq", b"CSeq: 4294967296 INVITE", ("bad-cseq",)),
        (b"CSeq", b"CSeq: 00000000000000000009 INVITE", ()),
        (b"CSeq", b"CSeq: 1 INVITE x", ("bad-cseq", "cseq-mismatch")),
        (b"CSeq", b"CSeq: 1 BYE", ("cseq-mismatch",)),
        (b"From", b"From:  ", ("no-from",)),
        (b"From", b"From: alice", ("bad-from",)),
        (b"From", b"From: Bell, Alexander <sip:a.g.bell@x>", ("bad-from",)),
        (b"From", "From: Zoë Müller <sip:zoe@x>".encode(), ()),
        (b"To", b'To: "unbalanced <sip:bob@x>', ("bad-to",)),
        (b"To", b"To: <sip:bob@x", ("bad-to",)),
        (b"To", b"To: sip:bob@x;tag=1", ()),
        (b"Via", b"Via: nonsense", ("bad-via",)),
        (b"Via", b"Via: SIP/2.0/UDP host;;branch=z9hG4bK1", ("bad-via",)),
        (b"Via", b"Via: SIP / 2.0 / UDP host ; branch = z9hG4bK1", ()),
        (b"Contact", b"Contact: sip:bob@x?a=b", ("bad-contact",)),
        (b"Contact", b"Contact: *", ()),
        (b"Contact", b'Contact: sip:bob@x, "B" <sip:b@x>;+sip.instance="<urn:uuid:1>"', ()),
        (b"Expires", b"Expires: -1", ("bad-expires",)),
        (b"Expires", b"Expires: 4294967296", ("bad-expires",)),
        (b"Content-Length", b"Content-Length: -4", ("bad-content-length",)),
        (b"Content-Length", b"Content-Length: 5", ("short-body",)),
        (b"Content-Length", b"Content-Length: 99999999999999999999", ("short-body",)),
        (b"Content-Length", b"Content-Length: 3", ()),
        (b"Subject", b"no colon", ("bad-header",)),
        (b"Subject", b": no name", ("bad-header",)),
        (b"Subject", b"call-id : again", ("repeated-header",)),
    ],
)
def test_a_broken_header_is_named_and_loses_nothing_else(header: bytes, line: bytes, problems: tuple[str, ...]) -> None:
    whole, message = parse(INVITE), parse(changed(header + b":", line))
    assert message.problems == problems
    same = {
        "from_user",
        "to_user",
        "callid",
        "cseq",
        "cseq_method",
        "via_branch",
        "contact_user",
        "user_agent",
        "reason",
    }
    own = {b"From": {"from_user"}, b"To": {"to_user"}, b"Call-ID": {"callid"}, b"CSeq": {"cseq", "cseq_method"}}
    own |= {b"Via": {"via_branch"}, b"Contact": {"contact_user"}}
    for field in same - own.get(header, set()):
        assert getattr(message, field) == getattr(whole, field), field


def test_a_party_is_told_from_a_broken_header_as_far_as_possible() -> None:
    assert parse(changed(b"To:", b'To: "J <sip:j.user@example.com>')).to_user == b"j.user"
    assert parse(changed(b"To:", b"To: <sip:bob@x")).to_user == b"bob"
    assert parse(changed(b"From:", b"From: Bell, A <sip:bell@x>;tag=9")).from_tag == b"9"
    assert parse(changed(b"To:", b"To: < sip:bob @ x >")).to_domain == b"x"


def test_a_bad_cseq_number_keeps_the_method_that_decides_the_kind() -> None:
    message = parse(changed(b"CSeq:", b"CSeq: 36893488147419103232 INVITE"))
    assert (message.cseq, sip_kind(message.cseq_method)) == (None, Kind.CALL)


def test_compact_forms_any_case_and_blanks_before_the_colon() -> None:
    for a, b in {b"Via:": b"v\t:", b"From:": b"F:", b"To:": b"tO :", b"Call-ID:": b"i:", b"CSeq:": b"cSEQ:"}.items():
        assert parse(INVITE.replace(a, b)) == parse(INVITE)
    for a, b in {b"Contact:": b"m:", b"Content-Length:": b"L :", b"Content-Type:": b"c:", b"Event:": b"o:"}.items():
        assert parse(INVITE.replace(a, b)) == parse(INVITE)


def test_folded_lines_are_one_value() -> None:
    folded = INVITE.replace(b";branch=", b"\r\n ;branch=").replace(b"CSeq: 314159 ", b"CSeq:\r\n\t314159\r\n  ")
    folded = folded.replace(b"Max-Forwards: 70", b"Subject:\r\n Call-ID: not me\r\nMax-Forwards:\r\n 70")
    assert parse(folded) == parse(INVITE)


def test_a_folded_line_of_a_second_via_does_not_reach_the_first() -> None:
    assert parse(INVITE.replace(b"Via: SIP/2.0/TCP far", b"Via: SIP/2.0/TCP\r\n far")) == parse(INVITE)


def test_leading_empty_lines_are_fine_and_other_junk_is_named() -> None:
    assert parse(b"\r\n\r\n\n" + INVITE) == parse(INVITE)
    for junk in (b"\0\0\0\0", b"\r\n\0 ", b"\xef\xbb\xbf", b"\t"):
        message = parse(junk + INVITE)
        assert message.problems == ("leading-junk",)
        assert (message.method, message.callid) == (b"INVITE", b"a84b4c76e66710@pc33.example.com")


def test_bare_line_feeds_are_named_and_read() -> None:
    for bare in (INVITE.replace(b"\r\n", b"\n"), INVITE.replace(b"\r\nTo:", b"\nTo:")):
        message = parse(bare)
        assert message.problems == ("bare-lf",)
        message.problems = ()
        assert message == parse(INVITE)


def test_line_feeds_and_empty_lines_of_the_body_do_not_matter() -> None:
    assert parse(INVITE + b"a=1\n\n\r\n\r\nFrom: <sip:mallory@x>\r\n") == parse(INVITE)


def test_a_message_without_the_empty_line_is_read_to_its_end() -> None:
    cut = INVITE.partition(b"Content-Length")[0]
    assert parse(cut).problems == ("no-end-of-headers",)
    assert parse(cut).content_type == b"application/sdp"


def test_the_first_correlation_header_in_the_order_of_the_setting_counts() -> None:
    assert parse(INVITE, (b"Session-ID", b"X-CID")).callid_aleg == b"1234"
    assert parse(INVITE, (b"x-none",)).callid_aleg == b""
    assert parse(INVITE, ()).callid_aleg == b""
    assert parse(INVITE.replace(b"X-CID", b"x-cid")).callid_aleg == b"other-leg@host"


@pytest.mark.parametrize(
    ("value", "user"),
    [
        (b'Digest username="bob", realm="x"', b"bob"),
        (b'Digest realm="x",username = "bob"', b"bob"),
        (b"Digest username=bob", b"bob"),
        (b"Digest", b""),
        (b"NoOneKnows opaque-data=here", b""),
    ],
)
def test_the_user_of_credentials(value: bytes, user: bytes) -> None:
    assert parse(changed(b"Proxy-Authorization:", b"Authorization: " + value)).auth_user == user


def test_a_server_is_the_user_agent_where_there_is_none() -> None:
    assert parse(changed(b"User-Agent:", b"Server: gateway")).user_agent == b"gateway"
    assert parse(changed(b"Subject:", b"Server: gateway")).user_agent == b"Softphone/1.0"


def test_the_preferred_identity_stands_in_for_the_asserted() -> None:
    assert parse(changed(b"P-Asserted-Identity:", b'P-Preferred-Identity: "x" <sip:pref@x>')).pid_user == b"pref"


@pytest.mark.parametrize("payload", [b"", b"\r\n\r\n", b"\0\0\0\0", b"\r\n\0", b" \t\r\n"])
def test_a_keep_alive_is_blank(payload: bytes) -> None:
    assert is_keepalive(payload)
    assert parse(payload).problems == ("not-sip",)


@pytest.mark.parametrize("payload", [b"x", b"\0\0a", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x80\xc8\0\6" * 7, b":"])
def test_what_is_no_sip_is_called_so(payload: bytes) -> None:
    assert not is_keepalive(payload)
    assert parse(payload) == SipMessage(problems=("not-sip",))


def test_headers_beyond_the_limit_are_not_looked_at_and_that_is_said() -> None:
    start, _, rest = INVITE.partition(b"Max-Forwards")
    message = parse(start + b"X: y\r\n" * MAX_LINES + b"Max-Forwards" + rest)
    assert "too-many-headers" in message.problems
    assert (message.via_branch, message.callid) == (b"z9hG4bK776", b"")


def test_a_long_value_is_kept_whole() -> None:
    callid = b"c" * 60_000
    assert parse(changed(b"Call-ID:", b"Call-ID: " + callid)).callid == callid


PIECES = '\r\n|\n|\r|\r\n\r\n| |\t|"|\\|<|>|;|,|=|:|@|\0|SIP/2.0|From|To:|sip:|tel:|tag=|branch=|CSeq:|Contact: '
FRAGMENTS = st.sampled_from([*INVITE.split(b"\r\n"), b"\xff", *PIECES.encode().split(b"|")])


@given(st.lists(FRAGMENTS | st.binary(max_size=5)).map(b"".join))
def test_no_octets_make_it_raise_or_use_an_unknown_word(payload: bytes) -> None:
    assert set(parse(payload).problems) <= set(PROBLEMS)


@given(st.integers(0, len(INVITE)), st.integers(0, 40), st.binary(max_size=8))
def test_no_change_of_a_message_makes_it_raise(at: int, size: int, octets: bytes) -> None:
    assert set(parse(INVITE[:at] + octets + INVITE[at + size :]).problems) <= set(PROBLEMS)
