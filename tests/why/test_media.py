from appliance.why import media
from appliance.why.seen import Seen
from appliance.why.view import View
from tests.why.written import written

OFFER = "0 A>B INVITE | sdp PCMA,telephone-event 10.0.0.1:4000"


def view(*lines: str) -> View:
    return View(written(*lines), None, 0)


def test_an_offer_is_paired_with_the_final_answer() -> None:
    one = view(OFFER, "9 B>A 183 INVITE | sdp PCMA 10.0.0.2:5", "90 B>A 200 INVITE | sdp PCMA 10.0.0.2:6")
    (pair,) = media.exchanges(one)
    assert pair.offer.status == 0 and pair.answer is not None and pair.answer.status == 200


def test_an_invite_without_an_offer_is_answered_by_the_ack() -> None:
    one = view("0 A>B INVITE", "90 B>A 200 INVITE | sdp PCMA 10.0.0.2:6", "95 A>B ACK | sdp PCMA 10.0.0.1:4")
    (pair,) = media.exchanges(one)
    assert pair.offer.status == 200 and pair.answer is not None and pair.answer.row.method == "ACK"


def test_an_offer_that_was_refused_has_no_answer() -> None:
    (pair,) = media.exchanges(view(OFFER, "90 B>A 486 INVITE"))
    assert pair.answer is None


def test_codecs_are_those_for_speech() -> None:
    row = written(OFFER)[0]
    assert media.codecs(Seen(row, 0, 0).sdp) == ["PCMA"]
    assert media.codecs(None) == []
    assert media.common(["PCMA", "opus"], ["OPUS"]) == {"opus"}


def test_fax_is_an_image_line() -> None:
    assert media.image(Seen(written("0 A>B INVITE | image")[0], 0, 0).sdp)
    assert not media.image(Seen(written(OFFER)[0], 0, 0).sdp) and not media.image(None)
