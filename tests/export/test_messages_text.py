from dataclasses import replace

from appliance.export.messages_text import body, envelope, text
from tests.calls.made import flow

ROW = replace(flow("0.123 A>B INVITE")[0], raw=b"INVITE sip:b SIP/2.0\r\nTo: b\r\n\r\nv=0\r\n")


def test_a_message_has_its_envelope_above_it() -> None:
    assert text([ROW, ROW]).startswith(
        "U 2026-11-23 10:11:12.000123 UTC 10.0.0.1:5060 -> 10.0.0.2:5060\nINVITE sip:b SIP/2.0\nTo: b\n\nv=0\n\nU 2026"
    )


def test_the_transport_is_the_true_one_and_ipv6_stands_in_brackets() -> None:
    six = replace(ROW, proto="tls", source_ip="2001:db8::1", source_port=5061)
    assert envelope(six).startswith("TLS 2026-11-23 10:11:12.000123 UTC [2001:db8::1]:5061 -> ")
    assert [envelope(replace(ROW, proto=proto))[0] for proto in ("udp", "tcp", "sctp")] == ["U", "T", "S"]


def test_controls_that_could_steer_a_terminal_are_replaced_and_tabs_stay() -> None:
    odd = replace(ROW, raw=b"A\tB \x1b[31m \x00 \xff caf\xc3\xa9\n")
    assert body(odd) == "A\tB \ufffd[31m \ufffd \ufffd café"


def test_a_message_without_text_has_an_empty_one() -> None:
    assert body(replace(ROW, raw=None)) == ""
    assert text([]) == ""
