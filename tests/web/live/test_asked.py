import pytest

from appliance.query.errors import QueryError
from appliance.web.live import asked


@pytest.mark.parametrize(
    ("line", "view"),
    [
        ("", "messages"),
        ("from:+49*", "messages"),
        ("status:5xx OR NOT ua:x*", "messages"),
        ("text:sendonly header.Subject:x", "messages"),
        ("kind:log", "messages"),
        ("alice 10.0.0.1", "messages"),
        ("", "calls"),
        ("state:failed NOT from:+49* alice", "calls"),
        ("src:10.0.0.0/8 pdd:>3s codec:opus", "calls"),
        ("mos:<3 loss:>1 src:10.0.0.1:4000 codec:opus kind:rtcp 10.0.0.9", "quality"),
        ("text:denied kind:log node:sbc-* callid:a", "logs"),
    ],
)
def test_what_a_row_tells_can_be_watched(line: str, view: str) -> None:
    asked.read(line, view)


@pytest.mark.parametrize(
    ("line", "view", "position", "said"),
    [
        ("from:a state:busy", "messages", 7, "known of a call"),
        ("NOT (mos:<3 OR a)", "messages", 5, "known of a call"),
        ("loss:>1", "messages", 0, "known of a call"),
        ("from:a method:INVITE", "calls", 7, "known of messages"),
        ("src:10.0.0.1:5060", "calls", 0, "known of messages"),
        ("reason:busy*", "calls", 0, "known of messages"),
        ("loss:>1", "calls", 0, "known of messages"),
        ("text:a", "calls", 0, "known of messages"),
        ("mos:<3 state:busy", "quality", 7, "known of a call"),
        ("from:a", "logs", 0, "view logs"),
        ("node:a mos:<3", "logs", 7, "known of a call"),
        ("group:carriers", "messages", 0, "yet"),
        ("form:a", "messages", 0, "no field form"),
        ("from:a (", "calls", 7, "parenthesis"),
    ],
)
def test_what_cannot_be_watched_is_said_at_its_place(line: str, view: str, position: int, said: str) -> None:
    with pytest.raises(QueryError, match=said) as told:
        asked.read(line, view)
    assert told.value.position == position
