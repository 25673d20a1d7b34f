from dataclasses import replace

from appliance.calls.media import Description, Line, Session, sessions, socket
from appliance.model.rows import MessageRow
from tests.calls.made import flow

A, B, R = ("10.0.0.1", 4000), ("10.0.0.2", 6000), ("10.0.0.9", 8000)


def described(end: tuple[str, int], *codecs: str, way: str = "sendrecv", kind: str = "audio") -> Description:
    return Description((Line(kind, end, codecs or ("PCMA",), way),))


def told(rows: list[MessageRow], **by_line: Description) -> dict[str, Description]:
    """By the number of the line: `n0=…`."""
    return {rows[int(name[1:])].id: description for name, description in by_line.items()}


def brief(found: list[Session], rows: list[MessageRow]) -> list[tuple[int, str, bool, str]]:
    places = {row.id: place for place, row in enumerate(rows)}
    return [(places[one.after], one.codec, one.early, one.hold) for one in found]


RELAYED = flow("0 A>P INVITE", "1 P>B INVITE", "2 B>P 200 INVITE", "3 P>A 200 INVITE", "4 A>P ACK")


def test_an_offer_and_its_answer_are_a_session_behind_the_last_that_told_it() -> None:
    offer, answer = described(A, "PCMU", "PCMA"), described(B, "PCMA")
    found = sessions(RELAYED, told(RELAYED, n0=offer, n1=offer, n2=answer, n3=answer))
    assert brief(found, RELAYED) == [(3, "PCMA", False, "")]
    assert found[0].ends == (A, B)
    assert [teller[0] for teller in found[0].tellers] == ["10.0.0.1", "10.0.0.2"]


def test_tones_are_not_what_a_session_speaks_whatever_stands_first() -> None:
    offer, answer = described(A, "G722", "telephone-event"), described(B, "telephone-event", "CN", "G722")
    assert sessions(RELAYED, told(RELAYED, n0=offer, n3=answer))[0].codec == "G722"
    tones = described(A, "telephone-event")
    assert sessions(RELAYED, told(RELAYED, n0=tones, n3=described(B, "telephone-event")))[0].codec == "telephone-event"


def test_a_relay_makes_a_session_for_each_side() -> None:
    relayed = ("10.0.0.9", 8002)
    given = told(RELAYED, n0=described(A), n1=described(relayed), n2=described(B), n3=described(R))
    assert [one.ends for one in sessions(RELAYED, given)] == [(relayed, B), (A, R)]


def test_an_offer_in_the_answer_is_answered_by_the_ack() -> None:
    found = sessions(RELAYED, told(RELAYED, n3=described(B), n4=described(A)))
    assert brief(found, RELAYED) == [(4, "PCMA", False, "")]


def test_early_media_is_told_apart_from_the_answer() -> None:
    rows = flow("0 A>B INVITE", "1 B>A 183 INVITE", "2 B>A 200 INVITE")
    found = sessions(rows, told(rows, n0=described(A), n1=described(B), n2=described(B)))
    assert brief(found, rows) == [(1, "PCMA", True, ""), (2, "PCMA", False, "")]


def test_a_refresh_tells_nothing_new_and_a_hold_does() -> None:
    rows = flow(
        "0 A>B INVITE", "1 B>A 200 INVITE",
        "9000 A>B INVITE cseq=2 again=1", "9001 B>A 200 INVITE cseq=2",
        "19000 A>B INVITE cseq=3 again=1", "19001 B>A 200 INVITE cseq=3",
    )  # fmt: skip
    held = described(A, way="sendonly"), described(B, way="recvonly")
    given = told(rows, n0=described(A), n1=described(B), n2=described(A), n3=described(B), n4=held[0], n5=held[1])
    assert brief(sessions(rows, given), rows) == [(1, "PCMA", False, ""), (5, "PCMA", False, "hold (sendonly)")]


def test_what_is_refused_or_nowhere_is_no_session() -> None:
    rows = flow("0 A>B INVITE", "1 B>A 200 INVITE")
    for nowhere in (("10.0.0.2", 0), ("0.0.0.0", 4000), ("", 4000)):
        assert sessions(rows, told(rows, n0=described(A), n1=described(nowhere))) == []
    assert sessions(rows, told(rows, n0=described(A), n1=described(B, kind="video"))) == []
    assert sessions(rows, told(rows, n1=described(B))) == []


def test_the_same_media_behind_a_b2bua_is_told_once() -> None:
    legs = flow("0 A>P INVITE", "30 P>A 200 INVITE")
    others = [replace(row, callid="other", id=f"o{row.id}") for row in flow("10 P>B INVITE", "20 B>P 200 INVITE")]
    rows = [legs[0], *others, legs[1]]
    given = told(rows, n0=described(A), n1=described(A), n2=described(B), n3=described(B))
    assert brief(sessions(rows, given), rows) == [(3, "PCMA", False, "")]


def test_a_line_says_codecs_and_address_and_names_a_hold() -> None:
    line = Line("audio", A, ("PCMA", "G729", "telephone-event"), "sendrecv")
    assert line.words == "PCMA G729 10.0.0.1:4000"
    assert replace(line, direction="inactive").words == "hold (inactive) PCMA G729 10.0.0.1:4000"
    assert replace(line, type="video").words == "video PCMA G729 10.0.0.1:4000"
    assert replace(line, end=("10.0.0.1", 0)).words == "audio refused"
    assert replace(line, end=("0.0.0.0", 4000)).words.startswith("hold (0.0.0.0)")
    assert Description((line, replace(line, end=("::1", 8)))).words.endswith("; PCMA G729 [::1]:8")


def test_what_the_network_sent_is_drawn_as_text() -> None:
    assert socket(("\x1b\u202e", 5)) == "\ufffd\ufffd:5"
    assert "\x1b" not in Line("\x1b", A, ("\x1b[31m",), "sendrecv").words
