"""Offers and answers of session descriptions (RFC 3264), paired on the hop of the one who asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from appliance.sip.sdp import Media, Sdp
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction
from appliance.why.view import View

NOT_SPEECH = frozenset({"telephone-event", "cn"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """An offer, and its answer when one came."""

    transaction: Transaction
    offer: Seen
    answer: Seen | None


def exchanges(view: View) -> Iterator[Exchange]:
    """Each offer of INVITE, UPDATE and PRACK with its answer, in their order."""
    for one in view.roots:
        if one.method not in ("INVITE", "UPDATE", "PRACK") or one.request is None:
            continue
        told = _answers(one)
        if one.request.sdp:
            yield Exchange(one, one.request, told)
        elif told is not None:
            # an INVITE without an offer: the 2xx offers and the ACK answers (RFC 3261 13.2.1)
            acks = view.acks_for(one)
            yield Exchange(one, told, next((ack for ack in acks if ack.sdp), None))


def _answers(one: Transaction) -> Seen | None:
    """The final answer's description, else the first early one."""
    described = [seen for seen in one.responses if seen.status < 300 and seen.sdp]
    return next((seen for seen in described if seen.status >= 200), described[0] if described else None)


def codecs(description: Sdp | None) -> list[str]:
    """Names of what is offered for speech, as sent."""
    lines = description.media if description else ()
    return list(dict.fromkeys(name for media in lines if media.type == "audio" for name in speech(media)))


def speech(media: Media) -> Iterable[str]:
    return (name for name in media.codecs if name.lower() not in NOT_SPEECH)


def common(offered: Iterable[str], answered: Iterable[str]) -> set[str]:
    return {name.lower() for name in offered} & {name.lower() for name in answered}


def image(description: Sdp | None) -> bool:
    """Whether fax over T.38 is offered."""
    return any(media.type == "image" and media.port for media in description.media) if description else False
