from dataclasses import replace

from appliance.model.rows import MessageRow
from appliance.why.seen import Seen, named
from tests.why.written import written


def seen(line: str) -> Seen:
    return of(written(line)[0])


def of(row: MessageRow) -> Seen:
    return Seen(row, 0, row.ts)


def test_a_response_answers_the_method_of_its_cseq() -> None:
    answer, request = seen("0 B>A 486 INVITE"), seen("0 A>B INVITE")
    assert (answer.status, answer.verb, answer.is_request) == (486, "INVITE", False)
    assert (request.status, request.verb, request.is_request) == (0, "INVITE", True)


def test_headers_are_read_whatever_form_their_names_have() -> None:
    one = seen("0 A>B INVITE | k: timer, 100rel | Supported: path;x=1 | Session-Expires: 90;refresher=uac")
    assert one.words(b"supported") == ["timer", "100rel", "path"]
    assert one.text(b"supported") == "timer, 100rel,path;x=1"
    assert one.number(b"session-expires") == 90
    assert one.has(b"session-expires") and not one.has(b"require")
    assert one.values(b"require") == [] and one.number(b"require") is None


def test_the_session_description_is_read_once() -> None:
    one = seen("0 A>B INVITE | sdp PCMA,G729 10.0.0.1:4000 sendonly")
    assert one.audio is not None and one.sdp is one.sdp
    assert (one.audio.address, one.audio.port, one.audio.direction) == ("10.0.0.1", 4000, "sendonly")
    assert seen("0 A>B INVITE").audio is None


def test_a_contact_is_its_host_and_its_uri() -> None:
    assert seen("0 A>B INVITE | Contact: <sip:100@[2001:db8::1]:5060;ob>;q=1").contact == (
        "2001:db8::1",
        "sip:100@[2001:db8::1]:5060;ob",
    )
    assert seen("0 A>B INVITE").contact == ("", "")


def test_without_its_octets_a_message_has_no_headers() -> None:
    bare = of(replace(written("0 A>B INVITE")[0], raw=None))
    assert (bare.vias, bare.sdp, bare.text(b"via")) == ((), None, "")


def test_parameters_of_values_are_read() -> None:
    assert named(b'Q.850;cause=16;text="a \\"b\\""', b"text") == 'a "b"'
    assert named(b"Q.850", b"cause") == ""
