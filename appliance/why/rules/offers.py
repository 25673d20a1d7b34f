"""Session descriptions that do not fit each other, or were refused."""

from collections.abc import Iterator

from appliance.why import media, wording
from appliance.why.finding import Found
from appliance.why.origin import born, origin
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction
from appliance.why.view import View


def codec_mismatch(view: View) -> Iterator[Found]:
    """488 or 606: the offer was not acceptable; what was offered, and what the other side has where it says so."""
    refused = view.failures((488, 606), "INVITE")
    described = _described(view) if refused else {}
    for one in refused:
        if one.request is None or one.final is None or media.image(one.request.sdp):
            continue
        offered = media.codecs(one.request.sdp)
        born = origin(view, one)
        hop, by = (born.hop, born.host) if born else (wording.hop(one, True), wording.server(one))
        what = f"The offer has {wording.listed(map(wording.quoted, offered))}" if offered else "The offer was refused"
        has, where = _own_codecs(described, one)
        only = "" if media.common(offered, has) else "only "
        known = f"; the other side has {only}{wording.listed(has)}" if has else ""
        sentence = f"{what}{known}: {wording.response(one.final)} from {by}."
        yield Found(sentence, (one.final, one.request, where), hop)


def _own_codecs(described: dict[tuple[str, str, str], Seen], one: Transaction) -> tuple[list[str], Seen | None]:
    """What the refusing side can do: said in the refusal (RFC 3261 21.4.26), else in its own earlier description."""
    final = one.final
    if final is not None and final.sdp:
        return [wording.quoted(name) for name in media.codecs(final.sdp)], final
    own = described.get((one.callid, one.server[0], one.client[0]))
    return ([wording.quoted(name) for name in media.codecs(own.sdp)], own) if own else ([], None)


def _described(view: View) -> dict[tuple[str, str, str], Seen]:
    """The first description with codecs that went from one host to another."""
    found: dict[tuple[str, str, str], Seen] = {}
    for seen in view.messages:
        if seen.sdp is not None and media.codecs(seen.sdp):
            found.setdefault((seen.row.callid, seen.row.source_ip, seen.row.destination_ip), seen)
    return found


def body_refused(view: View) -> Iterator[Found]:
    """415: the kind of body is not understood; what was sent, and what is accepted instead."""
    for one, at in born(view, (415,)):
        sent = wording.quoted(one.request.row.content_type) if one.request else ""
        accepted = [wording.quoted(word) for word in at.response.words(b"accept")]
        instead = f"; it accepts {wording.listed(accepted)}" if accepted else ""
        sentence = f"{at.ip} does not understand {sent or 'a body without Content-Type'}{instead}."
        yield Found(sentence, (at.response, at.request), at.hop)


def answer_not_offered(view: View) -> Iterator[Found]:
    """The answer has no codec of the offer: there will be no sound, whatever the phones show."""
    for each in media.exchanges(view):
        offered, answered = media.codecs(each.offer.sdp), media.codecs(each.answer.sdp) if each.answer else []
        accepted = each.answer is not None and each.answer.audio is not None and each.answer.audio.port
        if offered and answered and accepted and not media.common(offered, answered):
            sentence = (
                f"The offer has {wording.listed(map(wording.quoted, offered))}, the answer"
                f" {wording.listed(map(wording.quoted, answered))}: no codec in common."
            )
            yield Found(sentence, (each.answer, each.offer), wording.hop(each.transaction, True))


def media_refused(view: View) -> Iterator[Found]:
    """The answer switches a media line off (port 0) that was offered."""
    for each in media.exchanges(view):
        if each.answer is None or each.answer.sdp is None or each.offer.sdp is None:
            continue
        pairs = zip(each.offer.sdp.media, each.answer.sdp.media, strict=False)
        off = [wording.quoted(asked.type, 20) for asked, told in pairs if asked.port and not told.port]
        if off:
            sentence = f"{wording.sender(each.answer)} refused {wording.listed(off)} with port 0."
            yield Found(sentence, (each.answer, each.offer), wording.hop(each.transaction, True))


def fax_refused(view: View) -> Iterator[Found]:
    """A re-INVITE to T.38 was refused; fax goes on as sound, or fails."""
    for one in view.roots:
        if one.method == "INVITE" and one.failed and one.request and media.image(one.request.sdp) and one.final:
            if one.status in (401, 407, 491):
                continue
            again = "the switch to" if one.in_dialog else "the call with"
            at = origin(view, one)
            if at is not None:
                sentence = f"{at.ip} refused {again} T.38 fax with {wording.response(at.response)}."
                yield Found(sentence, (at.response, at.request), at.hop)
