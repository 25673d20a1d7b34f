"""What is odd about how an agent sends, in sentences that say what to do."""

from appliance.storage.agents import AgentFigures
from appliance.web.wording import span

LEAST = 20
"""Fewer messages than this say nothing about how an agent sends."""
TWICE_SHARE = 0.1
"""Kamailio with sip_trace() beside trace_mode 1 sends the requests that it receives twice: a fifth of its messages."""
MALFORMED_SHARE = 0.05
CLOCK_US = 1_000_000
SILENT_US = 300 * 1_000_000


def warnings(figures: AgentFigures) -> list[str]:
    """Of one agent, from what it sent in the last hour; the worst first."""
    return [
        sentence for sentence in (_one_way(figures), _twice(figures), _malformed(figures), _clock(figures)) if sentence
    ]


def is_silent(figures: AgentFigures, now_us: int) -> bool:
    return now_us - figures.agent.last_seen > SILENT_US


def _one_way(figures: AgentFigures) -> str:
    if figures.requests >= LEAST and not figures.responses:
        return (
            "Sends requests only: no response came in the last hour. In Kamailio set trace_mode to 1 instead of calling"
            " sip_trace() in the request route; in OpenSIPS trace the dialog (d), not the message (m)."
        )
    if figures.responses >= LEAST and not figures.requests:
        return "Sends responses only: no request came in the last hour. Trace both directions of a transaction."
    return ""


def _twice(figures: AgentFigures) -> str:
    messages = figures.requests + figures.responses
    if messages < LEAST or figures.repeated < TWICE_SHARE * messages:
        return ""
    return (
        f"Sends messages twice: {figures.repeated} of {messages} in the last hour came again within 50 ms."
        " In Kamailio take out sip_trace() beside trace_mode 1; with a sniffer name one interface instead of any."
    )


def _malformed(figures: AgentFigures) -> str:
    messages = figures.requests + figures.responses
    if figures.malformed < 5 or figures.malformed < MALFORMED_SHARE * messages:
        return ""
    return f"{figures.malformed} of {messages} SIP messages of the last hour have something wrong with them."


def _clock(figures: AgentFigures) -> str:
    if figures.clock_us is None or abs(figures.clock_us) < CLOCK_US:
        return ""
    where = "behind" if figures.clock_us > 0 else "ahead"
    return f"Its clock is about {span(abs(figures.clock_us) / 1000)} {where}: let it keep time by NTP."
