import pytest

from appliance.export.report import content as content_
from appliance.export.report.content import ARROWS, content
from tests.calls.made import START_US, at, flow
from tests.export.material import HOSTILE, material, reported, told
from tests.export.sipp.made import call, reply, request


def test_each_message_stands_with_its_envelope_and_its_text() -> None:
    found = content(material(), START_US)
    assert [(one.number, one.name, one.reason, one.kind) for one in found.texts][:3] == [
        (1, "INVITE", "", "request"), (2, "180 INVITE", "Ringing", "r1"), (3, "200 INVITE", "OK", "r2"),
    ]  # fmt: skip
    assert (found.texts[1].way, found.texts[1].since) == ("10.0.0.2:5060 → 10.0.0.1:5060", "+20.0 ms")
    envelope = dict(found.texts[0].envelope)
    assert (envelope["Agent"], envelope["Transport"], envelope["HEP protocol type"]) == ("tap", "udp", "1")
    joined = "".join(piece for _, piece in found.texts[0].tokens)
    assert joined.startswith("INVITE sip:200@10.0.0.2 SIP/2.0\nVia: ") and joined.endswith("RTP/AVP 31")
    assert ("name", "Via") in found.texts[0].tokens


def test_the_ladder_comes_in_parts_and_leads_to_the_messages() -> None:
    rows = call(*[("A>B", request("OPTIONS", n)) for n in range(ARROWS + 1)])
    found = content(material(rows), START_US)
    assert len(found.ladder) == 2
    assert 'href="#message-1"' in found.ladder[0].body and f'href="#message-{ARROWS + 1}"' in found.ladder[1].body
    assert "10.0.0.1" in found.ladder[1].heads


def test_what_is_too_much_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in (("MOST_DRAWN", 4), ("MOST_TEXTS", 2), ("MOST_LINES", 0)):
        monkeypatch.setattr(content_, name, most)
    found = content(reported(), START_US)
    assert (found.not_drawn, len(found.texts), found.texts_left) == (2, 2, 4)
    assert (found.lines, found.lines_left) == ((), 1)
    assert 'href="#lines"' in found.ladder[0].body, "an arrow without its text"


def test_the_reasons_and_the_facts_come_first() -> None:
    found = content(material(why=told("The callee hung up.")), START_US)
    assert found.sentences == ("The callee hung up.",)
    assert (found.title, found.state, found.began) == ("100 → 200", "completed", "2026-11-23 10:11:12 UTC")
    assert "State" not in dict(found.facts), "it stands beside the title"


def test_every_leg_is_told_with_where_it_began() -> None:
    rows = [
        *flow("0 A>P INVITE", "9 P>A 486 INVITE"),
        *flow("2 P>B INVITE id=x", "8 B>P 486 INVITE id=y", callid="c2@made"),
    ]
    legs = content(material(rows), at(0)).legs
    assert [(leg.callid, leg.parties, leg.ends, leg.messages) for leg in legs] == [
        ("c1@made", "100 → 200", "10.0.0.1 → 10.0.0.16", 2), ("c2@made", "100 → 200", "10.0.0.16 → 10.0.0.2", 2),
    ]  # fmt: skip
    assert content(material(callid="x"), at(0)).legs[0].messages == 0


def test_a_line_of_a_log_keeps_its_lines_and_loses_its_controls() -> None:
    (line,) = content(reported(), START_US).lines
    assert (line.text, line.node, line.kind) == (f"a\nb \ufffd {HOSTILE}", HOSTILE, "log")


def test_controls_in_a_message_are_shown_as_what_they_are_not() -> None:
    rows = call(("A>B", request("INVITE", 1, "Subject: \x1b[2J\x01\u202e\udcff")), ("B>A", reply("486 \x07")))
    found = content(material(rows), START_US)
    assert "Subject: \ufffd[2J\ufffd\ufffd\ufffd" in "".join(piece for _, piece in found.texts[0].tokens)
    assert found.texts[1].reason == "\ufffd"
