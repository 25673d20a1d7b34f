from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.calls.fold import fold
from appliance.calls.layout import layout
from appliance.export import as_json, ladder_svg, ladder_text, messages_text, pcap
from appliance.export.prepared import in_order
from appliance.model.kinds import Kind
from appliance.redaction.profile import Profile
from appliance.redaction.rows import WITHHELD, Redacted, redact
from tests.export.sharks import frames
from tests.redaction.made import AT_US, KEY, everywhere, row

NUMBER, ADDRESS = b"4930123456789", b"10.1.2.3"
INVITE = everywhere(NUMBER, ADDRESS)
RINGING = b"SIP/2.0 180 Ringing\r\n" + INVITE.split(b"\r\n", 1)[1].replace(b"Refer-To", b"X-Refer")
CALL = [row(INVITE), replace(row(RINGING, 1), source_ip="10.1.2.4", destination_ip="10.1.2.3")]
HIDING = [profile for profile in Profile if profile.hides_parties]


def made(profile: Profile = Profile.NUMBERS_AND_ADDRESSES, key: bytes = KEY) -> Redacted:
    return redact(fold(CALL, AT_US)[0], CALL, [], profile, key)


def everything_told(found: Redacted) -> list[str]:
    """All that pages and files are made of."""
    drawn = layout(found.messages)
    told = [ladder_svg.svg_file(drawn), ladder_svg.svg_file(drawn, picture=True), ladder_text.text(drawn)]
    told += [messages_text.text(found.messages), pcap.pcap(found.messages).decode("latin-1"), str(found.call)]
    return told + [str(as_json.message(one, with_raw=True)) for one in found.messages]


@pytest.mark.parametrize("profile", HIDING)
def test_nothing_hidden_is_in_anything_that_is_made_of_the_rows(profile: Profile) -> None:
    for text in everything_told(made(profile)):
        assert "30123456" not in text
        assert "30123" not in text
        if profile.hides_addresses:
            assert "10.1.2.3" not in text
            assert "10.1.2.4" not in text


@given(st.from_regex(rb"[1-9][0-9]{7,14}", fullmatch=True))
@settings(deadline=None, max_examples=20)
def test_no_row_tells_a_number(number: bytes) -> None:
    found = redact(None, [row(everywhere(number, ADDRESS))], [], Profile.NUMBERS, KEY)
    told = [value for value in asdict(found.messages[0]).values() if isinstance(value, str | bytes)]
    assert not [
        value for value in told if number.decode() in (value if isinstance(value, str) else value.decode("latin-1"))
    ]


def test_legs_and_hosts_still_match() -> None:
    first, second = made().messages
    assert first.callid == second.callid
    assert first.from_user == second.from_user
    assert (first.source_ip, first.destination_ip) == (second.destination_ip, second.source_ip)
    found = made()
    assert found.call is not None
    assert found.call.from_user == first.from_user
    assert found.call.callid == first.callid
    assert found.call.source_ip == first.source_ip


def test_what_was_sent_again_still_reads_so() -> None:
    again = replace(row(INVITE, 2), id="again", ts=CALL[0].ts + 500_000, filed_ts=CALL[0].ts + 500_000)
    rows = in_order([CALL[0], again, CALL[1]])
    found = redact(None, rows, [], Profile.ALL, KEY)
    assert [arrow.retransmission for arrow in layout(found.messages).arrows] == [
        arrow.retransmission for arrow in layout(rows).arrows
    ]
    assert any(arrow.retransmission for arrow in layout(rows).arrows)


def test_ids_are_numbers_of_the_share() -> None:
    for profile in Profile:
        assert [one.id for one in made(profile).messages] == ["1", "2"]


def test_wireshark_reads_the_capture_without_a_doubt(tmp_path: Path) -> None:
    for profile in HIDING:
        file = tmp_path / f"{profile.value}.pcap"
        file.write_bytes(pcap.pcap(made(profile).messages))
        read = frames(file)
        assert [frame.what for frame in read] == ["INVITE", "180"]
        assert not [frame.fault for frame in read if frame.fault]


def test_whatever_the_key_and_however_short_the_number(tmp_path: Path) -> None:
    """Wireshark reads what follows a + in a user as a country code."""
    payloads = [everywhere(b"4930123456789"[: 5 + n % 9], ADDRESS) for n in range(36)]
    shown = [
        replace(
            redact(None, [row(payload, n)], [], Profile.NUMBERS_AND_ADDRESSES, bytes([n]) * 32).messages[0], id=str(n)
        )
        for n, payload in enumerate(payloads)
    ]
    file = tmp_path / "keys.pcap"
    file.write_bytes(pcap.pcap(shown))
    assert [(frame.what, frame.fault) for frame in frames(file)] == [("INVITE", "")] * len(shown)


def test_what_cannot_be_read_is_withheld_whole_and_counted() -> None:
    broken = row(b"INVITE sip:4930123456789@x SIP/2.0\r\nFrom: <sip:4930123456789\r\n\r\n")
    found = redact(None, [broken], [], Profile.NUMBERS, KEY)
    assert found.messages[0].raw == WITHHELD
    assert found.messages[0].callid == found.messages[0].from_user == ""
    assert found.withheld == 1


LOG = replace(
    row(b"INFO: 4930123456789 via 10.1.2.3, and 10.9.9.9", 5),
    kind=Kind.LOG,
    protocol_type=100,
    callid="4930123456789@x",
)
EVENT = replace(row(b'{"user": "4930123456789"}', 6), kind=Kind.WEBRTC, protocol_type=20)
RTCP = replace(row(b"\x80 alice@4930123456789", 7), kind=Kind.RTCP, protocol_type=5)


def test_log_lines_stand_in_their_place_with_the_same_stand_ins() -> None:
    first, second, log = redact(None, [*CALL, LOG], [], Profile.NUMBERS_AND_ADDRESSES, KEY).messages
    assert (log.id, log.kind, log.source_ip, log.callid[-2:]) == ("3", Kind.LOG, first.source_ip, "@x")
    assert first.from_user.encode().lstrip(b"+") in (log.raw or b"")
    assert first.source_ip.encode() in (log.raw or b"")
    assert b"10.9.9.9" not in (log.raw or b"")
    assert second.kind.is_sip


def test_events_and_lines_that_cannot_be_hidden_are_left_out_and_counted() -> None:
    secret = replace(LOG, id="secret", raw=b"password=abc")
    found = redact(None, [*CALL, LOG, secret, EVENT, RTCP], [], Profile.NUMBERS, KEY)
    assert (len(found.messages), found.left_out) == (3, 2)
    assert redact(None, [*CALL, LOG], [], Profile.ALL, KEY).left_out == 1
    assert len(redact(None, [*CALL, LOG, EVENT, RTCP], [], Profile.NOTHING, KEY).messages) == 5


def test_who_is_named_in_a_log_line_alone_is_hidden_in_messages_too() -> None:
    payload = INVITE.replace(b"caf\xe9", b"of carolina")
    line = replace(LOG, raw=b"user=carolina came in")
    found = redact(None, [row(payload), line], [], Profile.NUMBERS, KEY)
    told = b"".join(one.raw or b"" for one in found.messages)
    assert b"carolina" not in told


def test_parties_of_legs_that_are_not_shown_are_hidden_too() -> None:
    other = row(b"INVITE sip:99887766554@x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z\r\nFrom: <sip:a@x>;tag=1\r\n"
                b"To: <sip:b@x>\r\nCall-ID: o\r\nCSeq: 1 INVITE\r\nUser-Agent: has 99887766554\r\n\r\n")  # fmt: skip
    shown = replace(other, raw=(other.raw or b"").replace(b"sip:99887766554@x", b"sip:c@x"))
    assert b"99887766554" in (redact(None, [shown], [], Profile.NUMBERS, KEY).messages[0].raw or b"")
    assert b"99887766554" not in (redact(None, [shown], [other], Profile.NUMBERS, KEY).messages[0].raw or b"")


def test_other_words_can_be_hidden() -> None:
    found = redact(None, CALL, [], Profile.NUMBERS, KEY, [b"cert", b"unconditional"])
    assert b"unconditional" not in (found.messages[0].raw or b"")
