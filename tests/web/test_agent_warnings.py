from appliance.storage.agents import Agent, AgentFigures
from appliance.web.agent_warnings import SILENT_US, is_silent, warnings

NOW = 1_700_000_000_000_000
AGENT = Agent("2001", "192.0.2.1", 3, NOW - 10, NOW, 100)


def of(**values: int) -> list[str]:
    return warnings(AgentFigures(AGENT, **values))  # type: ignore[arg-type]


def test_an_agent_that_sends_both_ways_once_is_fine() -> None:
    assert of(packets=100, requests=50, responses=50, clock_us=20_000, repeated=2) == []


def test_requests_only_is_said_with_what_to_do() -> None:
    (sentence,) = of(requests=40)
    assert "requests only" in sentence and "trace_mode" in sentence
    assert "responses only" in of(responses=40)[0]
    assert of(requests=10) == [], "ten say nothing"


def test_everything_twice_is_said_with_what_to_do() -> None:
    (sentence,) = of(requests=50, responses=50, repeated=50)
    assert "twice" in sentence and "sip_trace()" in sentence


def test_a_clock_that_is_off_is_told_with_its_direction() -> None:
    assert "2.00 s behind" in of(clock_us=2_000_000)[0]
    assert "3.00 s ahead" in of(clock_us=-3_000_000)[0]


def test_many_malformed_messages_are_told() -> None:
    assert "20 of 100" in of(requests=50, responses=50, malformed=20)[0]


def test_an_agent_is_silent_after_five_minutes() -> None:
    assert not is_silent(AgentFigures(AGENT), NOW + SILENT_US)
    assert is_silent(AgentFigures(AGENT), NOW + SILENT_US + 1)
