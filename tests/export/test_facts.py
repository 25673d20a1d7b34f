from dataclasses import replace

from appliance.export.facts import facts, title
from tests.export.material import material


def test_every_known_fact_is_there_in_words() -> None:
    found = dict(facts(material(stored=9, cut=True)))
    assert found["Call-ID"] == "made@10.0.0.1"
    assert found["Started"] == "2026-11-23 10:11:12.000000 UTC"
    assert found["Last message"] == "2026-11-23 10:11:12.100000 UTC, 100.0 ms later"
    assert (found["State"], found["Final response"], found["Hung up by"]) == ("completed", "200 OK", "the callee")
    assert (found["Post-dial delay"], found["Setup"], found["Talk"]) == ("20.0 ms", "40.0 ms", "40.0 ms")
    assert found["Messages"] == "6, 3 copies, there are more than are read at once"
    assert "MOS" not in found and "Causes" not in found, "what is not known is not there"


def test_nothing_of_the_network_steers_a_terminal() -> None:
    call = material()
    assert call.call is not None
    hostile = material(callid="\x1b]0;x\x07\udcff", call=replace(call.call, from_user="\u202eevil"))
    assert dict(facts(hostile))["Call-ID"] == "\ufffd]0;x\ufffd\ufffd"
    assert title(hostile) == "\ufffdevil → 200"


def test_a_call_without_a_record_has_its_times_and_its_messages() -> None:
    assert [name for name, _ in facts(material(call=None))] == ["Call-ID", "Started", "Last message", "Messages"]
    assert facts(material([], call=None)) == [("Call-ID", "(none)"), ("Messages", "0")]
    assert title(material([], call=None)) == "unknown → unknown"
