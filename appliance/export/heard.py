"""How good the media of a ladder's sessions arrived, from the streams that reports tell of (FEATURES E1, F1)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from appliance.calls.media import End, Heard, Session
from appliance.export.streams import Stream
from appliance.model.quality import Told
from appliance.quality.grade import grade


def with_heard(sessions: Iterable[Session], streams: Sequence[Stream]) -> list[Session]:
    """The same sessions with what is known of each way; what senders say of themselves tells nothing of arrival."""
    known = [stream for stream in streams if stream.told is not Told.SENT and stream.mos.average is not None]
    if not known:
        return list(sessions)
    return [
        replace(session, there=_heard(*session.ends, known), back=_heard(*session.ends[::-1], known))
        for session in sessions
    ]


def _heard(source: End, destination: End, streams: Sequence[Stream]) -> Heard | None:
    """By address and port, the port of RTCP being one higher; by the addresses alone when no port is known."""
    found = [
        stream for stream in streams if _is_end(stream.source, source) and _is_end(stream.destination, destination)
    ]
    if not found:
        return None
    stream = min(found, key=lambda one: one.mos.worst or 0.0)
    assert stream.mos.average is not None
    return Heard(stream.mos.average, grade(stream.mos.worst, stream.loss_percent.worst))


def _is_end(told: End, end: End) -> bool:
    return told[0] == end[0] and told[1] in (0, end[1], end[1] + 1)
