from dataclasses import replace

from appliance.calls.labels import cells
from appliance.calls.picture import WHOLE, Times
from appliance.export.ladder_text import text
from appliance.export.prepared import prepared
from tests.calls.made import flow
from tests.calls.recorded import recorded


def test_a_ladder_reads_as_drawn() -> None:
    rows = flow("0 A>B INVITE", "0.5 B>A 100 INVITE reply_reason=Trying", "500 A>B INVITE", "700 B>B INFO")
    assert text(prepared(rows).ladder).splitlines() == [
        "                            10.0.0.1                      10.0.0.2",
        "2026-11-23 UTC                :5060                         :5060",
        "   1 10:11:12.000000            |-----------INVITE----------->|",
        "   2 10:11:12.000500            |<-----100 INVITE Trying------|",
        "   3 10:11:12.500000            |-----------INVITE--------->>>|",
        "   4 10:11:12.700000            |                             |<-.INFO",
        "",
        "Call-ID c1@made",
    ]


def test_three_hosts_with_long_addresses_fit_a_ticket() -> None:
    drawn = text(prepared(recorded("irontec-sngrep/tests/ipv6frag.pcap")).ladder)
    assert max(cells(line) for line in drawn.splitlines()) <= 100
    assert "183 INVITE Sess" in drawn


def test_every_line_is_as_long_as_its_neighbours_whatever_the_labels() -> None:
    rows = flow("0 A>P INVITE", "1 P>B 200 INVITE reply_reason=日本語の長い理由の文章です", "2 B>A 500 INVITE")
    lines = text(prepared(rows).ladder).splitlines()[2:5]
    assert len({cells(line) for line in lines}) == 1


def test_each_call_id_is_named() -> None:
    other = replace(flow("5 P>B INVITE")[0], callid="second", id="x")
    assert "Call-ID 1: c1@made\nCall-ID 2: second\n" in text(prepared([*flow("0 A>P INVITE"), other]).ladder)


def test_legs_are_numbered_on_their_lines() -> None:
    other = replace(flow("5 P>B INVITE")[0], callid="second", id="x")
    lines = text(prepared([*flow("0 A>P INVITE"), other]).ladder).splitlines()
    assert "10:11:12.000000 [1]" in lines[2] and "10:11:12.005000 [2]" in lines[3]


def test_the_times_are_those_that_were_asked_for() -> None:
    rows = flow("0 A>B INVITE", "1.5 B>A 100 INVITE")
    for times, words in ((Times.DELTA, ("0 ", "+1.5 ms")), (Times.RELATIVE, ("+0 µs", "+1.5 ms"))):
        lines = text(prepared(rows, None, replace(WHOLE, time=times)).ladder).splitlines()[2:4]
        assert all(f" {word}" in line for word, line in zip(words, lines, strict=True))


SDP = b"INVITE sip:a SIP/2.0\r\n\r\nv=0\r\nc=IN IP4 %s\r\nm=audio %d RTP/AVP 8\r\n"


def test_media_and_descriptions_have_lines_of_their_own() -> None:
    rows = flow("0 A>P INVITE", "1 P>A 200 INVITE")
    rows = [replace(rows[0], raw=SDP % (b"10.0.0.1", 4000)), replace(rows[1], raw=SDP % (b"10.0.0.16", 6000))]
    lines = text(prepared(rows, None, replace(WHOLE, sdp=True)).ladder).splitlines()
    assert "|     PCMA 10.0.0.1:4000      |" in lines[3]
    assert "|<==PCMA · :4000 ↔ :6000==>|" in lines[6].replace("====", "==").replace("===", "==")
    assert len({cells(line) for line in lines[2:7]}) == 1


def test_what_is_hidden_is_said() -> None:
    rows = flow("0 A>P INVITE", "1 P>A 100 INVITE")
    one = text(prepared(rows, None, replace(WHOLE, hide=frozenset({"100"}))).ladder)
    assert one.endswith("1 message is hidden\n") and "   1 10:11" in one
    assert text(prepared(rows, None, replace(WHOLE, hide=frozenset({"INVITE"}))).ladder) == (
        "no messages\n2 messages are hidden\n"
    )


def test_seven_hosts_fit_a_ticket_and_more_take_what_they_need() -> None:
    def width(hosts: int) -> int:
        lines = flow(*[f"{n} {chr(65 + n)}>{chr(66 + n)} INVITE" for n in range(hosts - 1)])
        return max(cells(line) for line in text(prepared(lines).ladder).splitlines())

    assert width(4) <= 100
    assert width(7) <= 120
    assert width(12) > 120


def test_a_call_without_messages_says_so() -> None:
    assert text(prepared([]).ladder) == "no messages\n"
