import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.calls.negotiation import codecs_of, common, exchanges
from tests.calls.made import brief, flow


def said(*media: str) -> str:
    """The option of a line that describes these media, such as `audio A:4000 PCMA`."""
    return "sdp=" + ";".join(["1 1 10.0.0.1", *media]).replace(" ", "_")


OFFER = said("audio 10.0.0.1:4000 PCMA/PCMU/G729/telephone-event")
ANSWER = said("audio 10.0.0.2:5000 PCMU/PCMA/telephone-event")


def codecs(*lines: str) -> tuple[str, ...]:
    return codecs_of(flow(*lines))


def test_the_codecs_are_those_of_the_answer_that_were_offered_in_its_order() -> None:
    assert codecs(f"0 A>P INVITE {OFFER}", f"9 P>A 200 INVITE {ANSWER}") == ("PCMU", "PCMA")
    other = said("audio 10.0.0.2:5000 opus/g729")
    assert codecs(f"0 A>P INVITE {OFFER}", f"9 P>A 200 INVITE {other}") == ("g729",)


def test_an_offer_that_nobody_answered_is_no_agreement() -> None:
    assert codecs(f"0 A>P INVITE {OFFER}") == ()
    assert codecs(f"0 A>P INVITE {OFFER}", f"9 P>A 488 INVITE {ANSWER}") == ()
    assert codecs("0 A>P INVITE", "9 P>A 200 INVITE", "10 A>P ACK") == ()


def test_an_offer_in_the_answer_is_answered_in_the_ack() -> None:
    assert codecs("0 A>P INVITE", f"9 P>A 200 INVITE {OFFER}", f"10 A>P ACK {ANSWER}") == ("PCMU", "PCMA")
    past_the_proxy = ("0 A>P INVITE", "1 P>B INVITE", f"8 B>P 200 INVITE {OFFER}", f"9 P>A 200 INVITE {OFFER}")
    assert codecs(*past_the_proxy, f"10 A>B ACK {ANSWER}") == ("PCMU", "PCMA")


def test_an_offer_in_a_reliable_provisional_answer_is_answered_in_its_prack() -> None:
    early = ("0 A>P INVITE", f"5 P>A 183 INVITE {OFFER}", f"6 A>P PRACK cseq=2 {ANSWER}", "7 P>A 200 PRACK cseq=2")
    assert codecs(*early, "20 P>A 200 INVITE", "21 A>P ACK") == ("PCMU", "PCMA")


def test_an_offer_in_prack_or_update_is_answered_in_its_2xx() -> None:
    g722 = said("audio 10.0.0.1:4000 G722")
    for method in ("PRACK", "UPDATE"):
        lines = (
            f"0 A>P INVITE {OFFER}", f"5 P>A 183 INVITE {ANSWER}", f"6 A>P {method} cseq=2 {g722}",
            f"7 P>A 200 {method} cseq=2 {g722}", "20 P>A 200 INVITE", "21 A>P ACK",
        )  # fmt: skip
        assert codecs(*lines) == ("PCMU", "PCMA", "G722")


def test_a_fax_comes_after_the_voice_in_the_order_of_time() -> None:
    fax = said("image 10.0.0.1:4000 t38")
    lines = (
        f"0 A>P INVITE {OFFER}", f"9 P>A 200 INVITE {said('audio 10.0.0.2:5000 PCMU')}", "10 A>P ACK",
        f"3000 P>A INVITE by=callee again=1 cseq=7 {fax}", f"3010 A>P 200 INVITE by=callee cseq=7 {fax}",
    )  # fmt: skip
    assert codecs(*lines) == ("PCMU", "t38")


@pytest.mark.parametrize("held", ["audio 10.0.0.1:4000 G722 sendonly", "audio 0.0.0.0:4000 G722"])
def test_a_hold_changes_no_codec(held: str) -> None:
    answer = said("audio 10.0.0.2:5000 G722 recvonly") if "sendonly" in held else said("audio 10.0.0.2:5000 G722")
    lines = (
        f"0 A>P INVITE {OFFER}", f"9 P>A 200 INVITE {ANSWER}", "10 A>P ACK",
        f"3000 A>P INVITE again=1 cseq=7 {said(held)}", f"3010 P>A 200 INVITE cseq=7 {answer}",
    )  # fmt: skip
    assert codecs(*lines) == ("PCMU", "PCMA")


def test_a_call_that_begins_with_an_announcement_has_its_codec() -> None:
    answer = said("audio 10.0.0.2:5000 PCMA sendonly")
    assert codecs(f"0 A>P INVITE {OFFER}", f"9 P>A 183 INVITE {answer}") == ("PCMA",)


def test_refused_media_have_no_codec_and_the_others_keep_their_places() -> None:
    offer = said("video 10.0.0.1:4002 VP8", "audio 10.0.0.1:4000 opus")
    assert codecs(
        f"0 A>P INVITE {offer}", f"9 P>A 200 INVITE {said('video 10.0.0.2:0 VP8', 'audio 10.0.0.2:9 opus')}"
    ) == ("opus",)
    both = said("video 10.0.0.2:5002 VP8", "audio 10.0.0.2:5000 opus")
    assert codecs(f"0 A>P INVITE {offer}", f"9 P>A 200 INVITE {both}") == ("VP8", "opus")


def test_every_fork_answers_the_offer() -> None:
    lines = (
        f"0 A>P INVITE {OFFER}", f"5 P>A 183 INVITE to_tag=b {said('audio 10.0.0.2:5000 G729')}",
        f"9 P>A 200 INVITE to_tag=c {said('audio 10.0.0.3:5000 PCMA')}",
    )  # fmt: skip
    assert codecs(*lines) == ("G729", "PCMA")


def test_a_description_told_on_every_hop_counts_once() -> None:
    lines = (
        f"0 A>P INVITE {OFFER}", f"1 P>B INVITE {OFFER}", f"8 B>P 200 INVITE {ANSWER}", f"9 P>A 200 INVITE {ANSWER}",
    )  # fmt: skip
    rows = flow(*lines)
    assert codecs_of(rows) == ("PCMU", "PCMA")
    assert [brief(pair) for pair in exchanges(rows, rows)] == [
        ["P>B INVITE", "B>P 200 INVITE"],
        ["A>P INVITE", "P>A 200 INVITE"],
    ]


def test_an_answer_whose_invite_nobody_saw_tells_of_itself() -> None:
    assert codecs(f"9 P>A 200 INVITE {ANSWER}", "10 A>P ACK") == ("PCMU", "PCMA")


def test_what_goes_along_with_a_codec_counts_when_it_is_alone() -> None:
    assert common(["PCMA", "CN"], ["pcma", "CN", "telephone-event"]) == ("pcma",)
    assert common(["telephone-event"], ["telephone-event"]) == ("telephone-event",)
    assert common(["PCMA"], ["G722", "telephone-event"]) == ("G722",)
    assert common(["PCMA"], ["-"]) == ()


DESCRIBED = [OFFER, ANSWER, "sdp=;", "sdp=a;b", "sdp=1_1_h;audio_x_y", "sdp=1_1_h;audio_[::]:4_-_inactive", ""]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["INVITE", "ACK", "PRACK", "UPDATE", "200 INVITE", "183 INVITE", "200 UPDATE", "404 INVITE"]
            ),
            st.sampled_from(["A>P", "P>A"]),
            st.sampled_from(DESCRIBED),
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_whatever_is_described_gives_names(story: list[tuple[str, str, str]], random_: random.Random) -> None:
    rows = flow(*(f"{number} {hop} {what} {sdp}" for number, (what, hop, sdp) in enumerate(story)))
    found = codecs_of(random_.sample(rows, len(rows)))
    assert len({name.lower() for name in found}) == len(found)
    assert all(found)
