from typing import Any

from appliance.web.posted.janus import Handles, callid, is_event

SIP = "INVITE sip:bob@example.com SIP/2.0\r\nCall-ID: abc@host\r\nCSeq: 1 INVITE\r\n\r\n"


def event(type_: int, handle: int = 7, session: int = 1, **data: Any) -> dict[str, Any]:
    body = {"plugin": "janus.plugin.sip", "data": data} if data else {"media": "audio", "lost": 3}
    return {
        "emitter": "one",
        "type": type_,
        "timestamp": 1_700_000_000_000_000,
        "session_id": session,
        "handle_id": handle,
        "event": body,
    }


def test_events_are_told_from_other_items() -> None:
    assert is_event(event(32))
    assert is_event({"emitter": "one", "type": 256, "event": {"status": "started"}})
    assert not is_event({"type": 100, "payload": "x"}) and not is_event({"type": "log", "event": 1, "emitter": 2})


def test_a_call_is_named_by_the_plugin_or_by_the_message_itself() -> None:
    assert callid(event(64, event="calling", **{"call-id": "xyz"})) == b"xyz"
    assert callid(event(64, event="sip-out", sip=SIP)) == b"abc@host"
    for odd in ({}, {"event": 5}, {"event": {"data": []}}, {"event": {"data": {"call-id": 5}}}):
        assert callid(odd) == b""


def test_later_events_of_a_handle_are_of_its_call() -> None:
    handles = Handles()
    assert handles.call_of(event(64, event="sip-out", sip=SIP)) == b"abc@host"
    assert handles.call_of(event(32)) == b"abc@host"
    assert handles.call_of(event(32, handle=8)) == b"janus-1", "another handle of the same session is no part of it"
    assert handles.call_of(event(64, event="calling", **{"call-id": "next"})) == b"next"
    assert handles.call_of(event(32)) == b"next", "a handle makes one call after another"


def test_events_ahead_of_the_one_that_names_the_call_are_of_it_too() -> None:
    handles, group = Handles(), [event(8), event(16), event(64, event="sip-out", sip=SIP)]
    handles.learn([*group, "a line", 5])
    assert [handles.call_of(one) for one in group] == [b"abc@host"] * 3


def test_the_oldest_handles_are_forgotten() -> None:
    handles = Handles(most=2)
    for handle in (1, 2, 3):
        handles.call_of(event(64, handle, event="calling", **{"call-id": f"call-{handle}"}))
    assert [handles.call_of(event(32, handle)) for handle in (1, 2, 3)] == [b"janus-1", b"call-2", b"call-3"]


def test_numbers_that_are_none_do_no_harm() -> None:
    odd = {"type": 32, "emitter": [], "session_id": "x", "handle_id": -5, "event": None}
    assert Handles().call_of(odd) == b""
