from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from appliance.calls.labels import cells, fitted, has_sdp, label, printable, shortened
from appliance.model.kinds import Kind
from tests.calls.made import flow


def text(line: str, **changes: object) -> str:
    return label(replace(flow(line)[0], **changes)).text  # type: ignore[arg-type]


def test_a_request_is_its_method_and_a_response_its_code_with_the_method() -> None:
    assert text("0 A>B INVITE") == "INVITE"
    assert text("0 A>B 183 INVITE", reply_reason="Session Progress") == "183 INVITE Session Progress"


def test_a_description_of_a_session_and_copies_are_told() -> None:
    assert text("0 A>B INVITE", content_type="Application/SDP; x=y", copies=3) == "INVITE (SDP) ×3"


def test_a_multipart_that_holds_a_description_is_known_by_its_text() -> None:
    row = replace(flow("0 A>B INVITE")[0], content_type="multipart/mixed;boundary=x")
    assert has_sdp(replace(row, raw=b"--x\r\nContent-Type: application/SDP\r\n"))
    assert not has_sdp(replace(row, raw=b"--x\r\nContent-Type: application/isup\r\n"))
    assert not has_sdp(replace(row, raw=None))


def test_what_is_no_message_is_named_by_its_kind() -> None:
    assert text("0 A>B INVITE", method="") == "malformed SIP"
    assert text("0 A>B INVITE", method="", kind=Kind.LOG) == "log"


def test_the_reason_gives_way_before_the_name() -> None:
    whole = label(replace(flow("0 A>B 407 INVITE")[0], reply_reason="Proxy Authentication Required"))
    assert fitted(whole, 40).text == "407 INVITE Proxy Authentication Required"
    assert fitted(whole, 22).text == "407 INVITE Proxy Auth…"
    assert fitted(whole, 13).text == "407 INVITE"
    assert fitted(whole, 7).text == "407 IN…"


def test_the_marks_give_way_before_the_name() -> None:
    whole = label(replace(flow("0 A>B INVITE")[0], content_type="application/sdp", copies=2))
    assert [fitted(whole, most).text for most in (15, 14, 11, 5)] == [
        "INVITE (SDP) ×2",
        "INVITE (SDP)",
        "INVITE",
        "INVI…",
    ]


def test_the_letter_of_a_fork_stays_longer_than_the_other_marks() -> None:
    whole = label(replace(flow("0 A>B 180 INVITE")[0], reply_reason="Ringing", content_type="application/sdp"), "B")
    assert whole.text == "180 INVITE Ringing [B] (SDP)"
    assert [fitted(whole, most).text for most in (27, 20, 14, 12)] == [
        "180 INVITE Ringi… [B] (SDP)",
        "180 INVITE [B] (SDP)",
        "180 INVITE [B]",
        "180 INVITE",
    ]


def test_wide_characters_take_two_cells_and_combining_ones_none() -> None:
    assert cells("日本") == 4
    assert cells("e\u0301") == 1
    assert shortened("日本語", 5) == "日本…"


def test_controls_and_surrogates_are_never_drawn() -> None:
    assert printable("a\x00b\u202ec\udcffd\x1b") == "a\ufffdb\ufffdc\ufffdd\ufffd"
    assert printable("Zoë 📞") == "Zoë 📞"


@given(st.text(), st.integers(3, 80))
def test_what_was_cut_fits(reason: str, most: int) -> None:
    whole = label(replace(flow("0 A>B 200 INVITE")[0], reply_reason=reason))
    assert cells(fitted(whole, most).text) <= most
    assert cells(shortened(reason, most)) <= most
