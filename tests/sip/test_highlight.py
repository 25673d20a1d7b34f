from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.highlight import MAX_PIECES, body_tokens, tokens
from tests.captures import CAPTURES, load_json
from tests.sip.messages import INVITE


def joined(pieces: list[tuple[str, str]]) -> str:
    return "".join(text for _, text in pieces)


def test_the_parts_of_a_request_have_their_classes() -> None:
    pieces = tokens(INVITE.decode())
    assert pieces[0] == ("method", "INVITE")
    assert ("uri", "sip:bob:secret@biloxi.example.com:5070;transport=tcp") in pieces
    assert ("version", "SIP/2.0") in pieces
    assert ("name", "From") in pieces
    assert ("string", '"Alice \\"<sip:mallory@x>\\""') in pieces
    assert ("uri", "<sip:alice@atlanta.example.com>") in pieces
    assert ("parameter", ";tag") in pieces
    assert pieces[-2:] == [("type", "v="), ("body", "0\n")]


def test_the_parts_of_a_response_have_their_classes() -> None:
    pieces = tokens("SIP/2.0 486 Busy Here\r\nTo: x\r\n\r\n")
    assert pieces[:5] == [
        ("version", "SIP/2.0"),
        ("text", " "),
        ("status", "486"),
        ("text", " "),
        ("reason", "Busy Here"),
    ]


def test_recorded_messages_join_again() -> None:
    for entry in load_json("torture_index")["rfc4475"]:
        payload = (CAPTURES / entry["file"]).read_bytes().decode("utf-8", "surrogateescape")
        assert joined(tokens(payload)) == payload


ODD = [
    "\r\n",
    "\n",
    "\r",
    "\x0b",
    "\u2028",
    " ",
    "\t",
    '"',
    "\\",
    "<",
    ">",
    ";",
    ":",
    "=",
    "\0",
    "\udcff",
    "a",
    "SIP/2.0 200 OK",
]


@given(st.lists(st.sampled_from(ODD)).map("".join) | st.text())
def test_the_pieces_of_any_text_join_to_it_again(payload: str) -> None:
    assert joined(tokens(payload)) == payload
    assert joined(tokens("INVITE sip:a SIP/2.0\r\n" + payload)) == "INVITE sip:a SIP/2.0\r\n" + payload


def test_their_number_is_bounded() -> None:
    payload = "INVITE sip:a SIP/2.0\r\n" + "a:b\r\n" * 10_000
    assert len(tokens(payload)) == MAX_PIECES + 1
    assert joined(tokens(payload)) == payload


@given(st.lists(st.sampled_from(ODD)).map("".join) | st.text())
def test_the_pieces_of_a_body_join_to_it_again(payload: str) -> None:
    assert joined(body_tokens(payload)) == payload


def test_the_lines_of_a_description_have_their_classes() -> None:
    assert body_tokens("v=0\nx") == [("type", "v="), ("body", "0\n"), ("body", "x")]
    assert len(body_tokens("v=0\n" * 9000)) == MAX_PIECES + 1
