from dataclasses import replace

from appliance.calls.labels import cells
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


def test_a_call_without_messages_says_so() -> None:
    assert text(prepared([]).ladder) == "no messages\n"
