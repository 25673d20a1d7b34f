import random

from hypothesis import given
from hypothesis import strategies as st

from appliance.calls.streams import Stream, media_of
from tests.calls.made import at, flow
from tests.calls.test_negotiation import ANSWER, DESCRIBED, OFFER, said

CALLER, CALLEE = ("10.0.0.1", 4000), ("10.0.0.2", 5000)
ANSWERED = (
    f"0 A>P INVITE {OFFER}", f"1 P>B INVITE {OFFER}", f"8 B>P 200 INVITE {ANSWER}", f"9 P>A 200 INVITE {ANSWER}",
    "10 A>P ACK", "11 P>B ACK",
)  # fmt: skip


def streams(*lines: str) -> list[Stream]:
    return media_of(flow(*lines))


def test_an_agreement_is_one_stream_however_many_hops_tell_it() -> None:
    assert streams(*ANSWERED, "5000 A>P BYE cseq=2", "5001 P>A 200 BYE cseq=2") == [
        Stream("audio", CALLER, CALLEE, "PCMU", at(8), at(5000), "sendrecv")
    ]


def test_a_call_without_a_bye_streams_until_its_last_message() -> None:
    assert streams(*ANSWERED)[0].to_us == at(11)


def test_a_relay_of_media_makes_other_ends_on_each_hop() -> None:
    found = streams(
        f"0 A>P INVITE {OFFER}", f"1 P>B INVITE {said('audio 10.0.0.16:9000 PCMA')}",
        f"8 B>P 200 INVITE {said('audio 10.0.0.2:5000 PCMA')}",
        f"9 P>A 200 INVITE {said('audio 10.0.0.16:9002 PCMA')}",
    )  # fmt: skip
    assert [(stream.caller, stream.callee) for stream in found] == [
        (("10.0.0.16", 9000), CALLEE),
        (CALLER, ("10.0.0.16", 9002)),
    ]


def test_a_hold_ends_one_stream_and_begins_another_in_one_direction() -> None:
    held = (
        f"3000 A>P INVITE again=1 cseq=2 {said('audio 10.0.0.1:4000 PCMU sendonly')}",
        f"3010 P>A 200 INVITE cseq=2 {said('audio 10.0.0.2:5000 PCMU recvonly')}",
    )
    first, second = streams(f"0 A>P INVITE {OFFER}", f"9 P>A 200 INVITE {ANSWER}", *held, "9000 A>P BYE cseq=3")
    assert (first.direction, first.from_us, first.to_us) == ("sendrecv", at(9), at(3010))
    assert (second.direction, second.from_us, second.to_us) == ("sendonly", at(3010), at(9000))


def test_the_callees_hold_is_seen_from_the_caller() -> None:
    held = (
        f"3000 P>A INVITE by=callee again=1 cseq=7 {said('audio 10.0.0.2:5000 PCMU sendonly')}",
        f"3010 A>P 200 INVITE by=callee cseq=7 {said('audio 10.0.0.1:4000 PCMU recvonly')}",
    )
    found = streams(f"0 A>P INVITE {OFFER}", f"9 P>A 200 INVITE {ANSWER}", *held)
    assert [(stream.direction, stream.caller) for stream in found] == [("sendrecv", CALLER), ("recvonly", CALLER)]
    nowhere = f"9 P>A 200 INVITE {said('audio 0.0.0.0:5000 PCMU')}"
    assert streams(f"0 A>P INVITE {OFFER}", nowhere)[0].direction == "recvonly"


def test_a_late_offer_is_the_callees() -> None:
    (stream,) = streams("0 A>P INVITE", f"9 P>A 200 INVITE {ANSWER}", f"10 A>P ACK {said('audio 10.0.0.1:4000 PCMA')}")
    assert (stream.caller, stream.callee, stream.codec, stream.from_us) == (CALLER, CALLEE, "PCMA", at(10))


def test_a_fax_takes_the_place_of_the_voice() -> None:
    fax = (
        f"3000 A>P INVITE again=1 cseq=2 {said('image 10.0.0.1:4000 t38')}",
        f"3010 P>A 200 INVITE cseq=2 {said('image 10.0.0.2:5000 t38')}",
    )
    found = streams(f"0 A>P INVITE {OFFER}", f"9 P>A 200 INVITE {ANSWER}", *fax, "9000 A>P BYE cseq=3")
    assert [(stream.type, stream.codec, stream.to_us) for stream in found] == [
        ("audio", "PCMU", at(3010)),
        ("image", "t38", at(9000)),
    ]


def test_a_medium_that_is_switched_off_ends() -> None:
    off = (
        f"3000 A>P INVITE again=1 cseq=2 {said('audio 10.0.0.1:0 PCMU')}",
        f"3010 P>A 200 INVITE cseq=2 {said('audio 10.0.0.2:0 PCMU')}",
    )
    (stream,) = streams(f"0 A>P INVITE {OFFER}", f"9 P>A 200 INVITE {ANSWER}", *off, "9000 A>P BYE cseq=3")
    assert stream.to_us == at(3010)


def test_each_fork_has_its_own_end() -> None:
    found = streams(
        f"0 A>P INVITE {OFFER}", f"5 P>A 183 INVITE to_tag=b {said('audio 10.0.0.2:5000 PCMA')}",
        f"9 P>A 200 INVITE to_tag=c {said('audio 10.0.0.3:6000 PCMA')}",
    )  # fmt: skip
    assert [stream.callee for stream in found] == [CALLEE, ("10.0.0.3", 6000)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["INVITE", "ACK", "UPDATE", "200 INVITE", "183 INVITE", "200 UPDATE", "BYE"]),
            st.sampled_from(["A>P", "P>A", "P>B"]),
            st.sampled_from(DESCRIBED),
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_whatever_is_described_makes_streams_that_end_after_they_began(
    story: list[tuple[str, str, str]], random_: random.Random
) -> None:
    rows = flow(*(f"{number} {hop} {what} {sdp}" for number, (what, hop, sdp) in enumerate(story)))
    assert all(stream.from_us <= stream.to_us for stream in media_of(random_.sample(rows, len(rows))))
