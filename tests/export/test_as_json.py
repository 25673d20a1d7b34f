import json
from dataclasses import replace

from appliance.calls import dialogs
from appliance.calls.fold import fold
from appliance.export import as_json
from appliance.model.octets import text
from appliance.registrations.fold import fold as bindings
from appliance.registrations.merge import merge
from appliance.why.explain import explain
from tests.calls.made import at, flow, seen_by
from tests.registrations.made import HOUR, seen
from tests.registrations.made import told as registers

MESSAGE_ROW = (
    "id, ts, method, reply_reason, cseq, cseq_method, ruri_user, ruri_domain, from_user, from_domain, from_tag, "
    "to_user, to_domain, to_tag, contact_user, pid_user, auth_user, callid, callid_aleg, correlation_id, user_agent, "
    "reason, source_ip, source_port, destination_ip, destination_port, proto, node, kind, copies, problems"
)
CALL_ROW = (
    "callid, started, ended, state, status, reply_reason, from_user, from_domain, to_user, to_domain, ruri_user, "
    "source_ip, destination_ip, user_agent, pdd_ms, setup_ms, talk_ms, hung_up_by, causes, messages, copies, "
    "retransmissions, legs, codecs, mos, nodes"
)
ROWS = flow("0 A>P INVITE", "9 P>A 486 INVITE reason=SIP;cause=486")


def test_a_message_row_has_the_names_of_the_interface_in_their_order() -> None:
    assert list(as_json.message(ROWS[0])) == MESSAGE_ROW.split(", ")
    assert list(as_json.call(fold(ROWS, at(0))[0])) == [
        *CALL_ROW.split(", "),
        "from_country",
        "to_country",
        "countries",
    ]


def test_unknown_is_null_and_lists_are_arrays() -> None:
    message = as_json.message(replace(ROWS[0], cseq=None, problems=("no-via",)))
    assert (message["cseq"], message["to_tag"], message["problems"], message["kind"]) == (
        None,
        None,
        ["no-via"],
        "call",
    )
    call = as_json.call(fold(ROWS, at(0))[0])
    assert (call["talk_ms"], call["hung_up_by"], call["mos"], call["codecs"]) == (None, None, None, [])
    assert (call["state"], call["status"], call["causes"], call["nodes"]) == ("busy", 486, ["SIP/486"], ["tap"])


def test_a_response_has_its_code_as_text() -> None:
    assert as_json.message(ROWS[1])["method"] == "486"


def test_the_text_of_a_message_is_given_as_it_is_or_as_base64() -> None:
    assert as_json.message(replace(ROWS[0], raw="Zoë\r\n\0".encode()), with_raw=True)["raw"] == "Zoë\r\n\0"
    octets = as_json.message(replace(ROWS[0], raw=b"\xff"), with_raw=True)
    assert octets["raw_base64"] == "/w=="
    assert "raw" not in octets
    assert as_json.message(replace(ROWS[0], raw=None), with_raw=True)["raw"] is None
    assert "raw" not in as_json.message(ROWS[0])


def test_no_lone_surrogate_leaves_the_process() -> None:
    odd = replace(ROWS[0], user_agent=text(b"\xff\xfe"), problems=(text(b"x\xff"),), callid=text(b"\xc0@x"))
    whole = as_json.whole_call(fold([odd], at(0))[0], odd.callid, [odd], (5,), with_raw=True)
    assert "\ufffd@x" in json.dumps(whole, ensure_ascii=False).encode("utf-8").decode("utf-8")


def test_why_is_a_list_with_the_summary_first() -> None:
    why = explain(ROWS, None, at(0))
    whole = as_json.whole_call(None, "c1@made", ROWS, why=why)
    assert [list(each) for each in whole["why"]] == [["rule", "severity", "sentence", "rfc", "messages", "hop"]] * 4
    first, born = whole["why"][:2]
    assert (first["rule"], first["severity"], first["rfc"], first["messages"]) == (
        "summary",
        "warning",
        None,
        [ROWS[1].id],
    )
    assert (born["rule"], born["rfc"], born["hop"]) == ("failure-origin", "RFC 3261 16.7", "10.0.0.16 → 10.0.0.1")
    assert as_json.whole_call(None, "c1@made", ROWS)["why"] == []


def test_a_whole_call_is_the_answer_of_the_api() -> None:
    whole = as_json.whole_call(None, "c1@made", ROWS)
    assert list(whole) == [
        *("call", "legs", "messages", "quality", "logs", "why", "others", "possible", "notes", "hops", "clocks")
    ]
    assert (whole["call"], len(whole["messages"]), whole["legs"][0]["callid"]) == (None, 2, "c1@made")
    assert list(whole["messages"][0]) == [*MESSAGE_ROW.split(", "), "raw", "fields"]


def test_a_whole_message_has_its_headers_in_their_order() -> None:
    raw = b"OPTIONS sip:a SIP/2.0\r\nVia: x\r\nX-Odd: \xff\r\nv: y\r\n\r\n"
    found = as_json.whole_message(replace(ROWS[0], raw=raw))
    assert found["fields"] == [
        {"name": "Via", "value": "x"}, {"name": "X-Odd", "value": "\ufffd"}, {"name": "v", "value": "y"},
    ]  # fmt: skip


def test_what_is_written_for_people_can_always_be_encoded() -> None:
    assert as_json.written({"a": "\udcff"}) == '{\n  "a": "\ufffd"\n}\n'


def test_a_whole_call_has_its_hops_and_the_clocks_of_its_agents() -> None:
    rows = flow("0 A>P INVITE", "1 P>B INVITE", "9 B>P 486 INVITE", "10 P>A 486 INVITE")
    whole = as_json.whole_call(None, "c1@made", [*rows, *seen_by(rows[:3], "edge", 2_000_000)])
    assert [(hop["source_ip"], hop["destination_ip"], hop["status"], hop["nodes"]) for hop in whole["hops"]] == [
        ("10.0.0.1", "10.0.0.16", 486, ["edge", "tap"]),
        ("10.0.0.16", "10.0.0.2", 486, ["edge", "tap"]),
    ]
    assert (whole["hops"][0]["first"], whole["hops"][0]["answer_ms"]) == (at(0), 10)
    assert whole["clocks"] == [
        {"node": "edge", "against": "tap", "offset_us": 2_000_000, "samples": 3, "by_copies": True}
    ]


REGISTRATION_ROW = (
    "aor, contact, instance, reg_id, path, source_ip, source_port, proto, user_agent, expires_at, state, status, "
    "rrd_ms, refreshes, flaps, callid, started, ended, nodes"
)
DIALOG_ROW = (
    "callid, method, event, started, ended, status, reply_reason, response_ms, from_user, to_user, source_ip, "
    "destination_ip, messages, nodes"
)


def test_registrations_and_dialogs_have_the_names_of_the_interface_in_their_order() -> None:
    packets = registers("0 A>R REGISTER", "9 R>A 200 for=60")
    (hour,) = bindings(seen(packets), HOUR)
    told = as_json.registration(merge([hour], hour.ended))
    assert list(told) == [*REGISTRATION_ROW.split(", "), "expires_seconds"]
    assert (told["state"], told["instance"], told["reg_id"], told["nodes"]) == ("registered", None, None, ["tap"])
    row = dialogs.fold(flow("0 A>P OPTIONS", "9 P>A 200 OPTIONS"))
    assert row is not None
    assert list(as_json.dialog(row)) == [*DIALOG_ROW.split(", "), "dialogs", "failed"]
    assert as_json.dialog(row)["event"] is None
