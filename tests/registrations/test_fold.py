import random
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from appliance.model.ids import HOUR_US
from appliance.model.packet import Packet
from appliance.model.registrations import BindingHour
from appliance.registrations.fold import MOST_BINDINGS, fold
from tests.registrations.made import HOUR, START_US, at, seen, told

REGISTRATION = (
    "0 A>R REGISTER expires=300",
    "8 R>A 401",
    "20 A>R REGISTER cseq=2 expires=300 agent=Phone/1",
    "50 R>A 200 cseq=2 for=250",
)
"""RFC 3665 2.1, with a registrar that grants less than was asked for."""


def folded(*lines: str) -> list[BindingHour]:
    return fold(seen(told(*lines)), HOUR)


def one(*lines: str) -> BindingHour:
    (row,) = folded(*lines)
    return row


def test_a_registration_with_its_challenge_is_one_attempt() -> None:
    row = one(*REGISTRATION)
    assert (row.aor, row.contact, row.state, row.status) == (
        "alice@example.com", "sip:alice@10.0.0.1:5060", "registered", 200)  # fmt: skip
    assert (row.attempts, row.refreshes, row.flaps) == (1, 0, 0)
    assert (row.started, row.ended, row.first_ok) == (at(0), at(50), at(0))
    assert (row.source_ip, row.source_port, row.proto, row.user_agent) == ("10.0.0.1", 5060, "udp", "Phone/1")
    assert row.nodes == ("tap",)


def test_the_delay_runs_from_the_request_that_was_accepted() -> None:
    assert one(*REGISTRATION).rrd_ms == 30


def test_the_registrar_says_how_long() -> None:
    row = one(*REGISTRATION)
    assert (row.expires_seconds, row.expires_at) == (250, at(50) + 250_000_000)
    assert one("0 A>R REGISTER expires=60", "5 R>A 200 expires=120").expires_seconds == 120
    assert one("0 A>R REGISTER expires=60", "5 R>A 200").expires_seconds == 60
    assert one("0 A>R REGISTER for=90", "5 R>A 200 contact=none").expires_seconds == 90
    assert one("0 A>R REGISTER", "5 R>A 200").expires_seconds == 3600


def test_other_devices_in_the_answer_are_not_this_one() -> None:
    row = one("0 A>R REGISTER expires=60", "5 R>A 200 contact=alice,desk,soft for=30")
    assert (row.contact, row.expires_seconds) == ("sip:alice@10.0.0.1:5060", 30)


def test_expires_of_zero_removes() -> None:
    for line in (
        "100 A>R REGISTER cseq=3 expires=0",
        "100 A>R REGISTER cseq=3 for=0",
        "100 A>R REGISTER cseq=3 contact=*",
    ):
        rows = folded(*REGISTRATION, line, "105 R>A 200 cseq=3 contact=none")
        row = next(row for row in rows if row.contact != "*")
        assert (row.state, row.expires_at, row.attempts) == ("removed", None, 2)


def test_a_challenge_that_nobody_answers() -> None:
    row = one("0 A>R REGISTER", "5 R>A 401")
    assert (row.state, row.status, row.expires_at, row.rrd_ms) == ("challenged", 401, None, None)


def test_a_wrong_password_is_challenged_again_and_refused() -> None:
    row = one("0 A>R REGISTER", "5 R>A 401", "9 A>R REGISTER cseq=2", "12 R>A 401 cseq=2",
              "15 A>R REGISTER cseq=3", "20 R>A 403 cseq=3")  # fmt: skip
    assert (row.state, row.status, row.attempts) == ("rejected", 403, 1)


def test_asking_who_is_registered_binds_nobody() -> None:
    assert folded("0 A>R REGISTER contact=none", "5 R>A 200 contact=alice,desk") == []


def test_a_refused_refresh_does_not_end_what_was_granted() -> None:
    row = one(*REGISTRATION, "9000 A>R REGISTER cseq=3", "9010 R>A 403 cseq=3")
    assert (row.state, row.status, row.expires_at) == ("rejected", 403, at(50) + 250_000_000)


def test_a_refresh_without_an_answer_changes_nothing() -> None:
    row = one(*REGISTRATION, "9000 A>R REGISTER cseq=3")
    assert (row.state, row.status, row.attempts, row.refreshes) == ("registered", 200, 2, 0)
    unheard = one("0 A>R REGISTER", "500 A>R REGISTER")
    assert (unheard.state, unheard.status, unheard.attempts) == ("rejected", None, 1)


def test_refreshes_and_flaps_are_counted() -> None:
    assert _counts("200000 A>R REGISTER cseq=3 expires=300", "200010 R>A 200 cseq=3") == (1, 0)
    late = "260000 A>R REGISTER cseq=3 expires=300", "260010 R>A 200 cseq=3"
    assert _counts(*late) == (0, 1), "it had expired"
    gone = "100000 A>R REGISTER cseq=3 expires=0", "100010 R>A 200 cseq=3 contact=none"
    assert _counts(*gone, "110000 A>R REGISTER cseq=4 expires=300", "110010 R>A 200 cseq=4") == (0, 1)


def test_a_device_that_comes_from_elsewhere_flaps() -> None:
    first = "0 A>R REGISTER instance=7 flow=1 expires=300", "5 R>A 200 instance=7 flow=1 for=300"
    other_port = one(*first, "60000 A>R REGISTER cseq=2 port=40001 instance=7 flow=1",
                     "60010 R>A 200 cseq=2 port=40001 instance=7 flow=1 for=300")  # fmt: skip
    assert (other_port.flaps, other_port.source_port, other_port.first_port) == (1, 40001, 5060)
    assert (other_port.instance, other_port.reg_id) == ("urn:uuid:7", 1)
    over_tcp = one(first[0] + " proto=tcp", first[1] + " proto=tcp",
                   "60000 A>R REGISTER cseq=2 port=40001 instance=7 flow=1 proto=tcp",
                   "60010 R>A 200 cseq=2 port=40001 instance=7 flow=1 for=300 proto=tcp")  # fmt: skip
    assert (over_tcp.flaps, over_tcp.refreshes) == (0, 1), "each connection has a port of its own"


PROXIED = (
    "0 A>P REGISTER agent=Phone/1",
    "2 P>R REGISTER path=<sip:edge.example.com;lr> via=p",
    "6 R>P 200 for=600 via=p path=<sip:edge.example.com;lr>",
    "9 P>A 200 for=600",
)


def test_a_forwarded_registration_is_one_with_the_source_of_its_first_hop() -> None:
    row = one(*PROXIED)
    assert (row.source_ip, row.attempts, row.rrd_ms) == ("10.0.0.1", 1, 9)
    assert row.path == "<sip:edge.example.com;lr>"


def test_the_first_hop_is_found_although_its_agents_clock_is_behind() -> None:
    late = ["300 A>P REGISTER node=edge", *PROXIED[1:3], "310 P>A 200 for=600 node=edge"]
    assert one(*late).source_ip == "10.0.0.1"


def test_two_devices_of_one_dialog_are_two_bindings() -> None:
    rows = folded("0 A>R REGISTER contact=alice,desk expires=60", "5 R>A 200 contact=alice,desk for=60")
    assert [row.contact for row in rows] == ["sip:desk@10.0.0.1:5060", "sip:alice@10.0.0.1:5060"]


def test_an_exchange_belongs_to_the_hour_in_which_it_began() -> None:
    before = HOUR_US - START_US % HOUR_US - 10_000
    packets = seen(told(*REGISTRATION, from_us=START_US + before))
    assert [row.attempts for row in fold(packets, HOUR)] == [1]
    assert fold(packets, HOUR + 1) == []


def test_a_flood_of_contacts_keeps_the_latest() -> None:
    lines = [f"{number} A>R REGISTER cseq={number} contact=u{number}" for number in range(200)]
    rows = folded(*lines, *(f"{number + 900} R>A 200 cseq={number} contact=u{number}" for number in range(200)))
    assert len(rows) == MOST_BINDINGS
    assert rows[0].contact == "sip:u199@10.0.0.1:5060"


STORIES = [
    REGISTRATION,
    PROXIED,
    (*REGISTRATION, "200000 A>R REGISTER cseq=3 expires=300", "200010 R>A 200 cseq=3 for=9"),
    (*REGISTRATION, "9000 A>R REGISTER cseq=3", "9010 R>A 403 cseq=3", "9500 A>R REGISTER cseq=4 contact=*"),
]


@given(story=st.sampled_from(STORIES), seed=st.integers(0, 1 << 30), doubled=st.booleans())
def test_neither_order_nor_repetition_nor_copies_count(story: tuple[str, ...], seed: int, doubled: bool) -> None:
    packets = seen(told(*story))
    shuffled = [*packets, *packets] if doubled else packets[:]
    random.Random(seed).shuffle(shuffled)
    assert fold(shuffled, HOUR) == fold(packets, HOUR)
    copied = _copied(told(*story), seed)
    without = [replace(row, nodes=(), attempts=0) for row in fold(seen(copied), HOUR)]
    assert [_settled(row) for row in without] == [
        _settled(replace(row, nodes=(), attempts=0)) for row in fold(packets, HOUR)
    ]


def _copied(packets: Sequence[Packet], seed: int) -> list[Packet]:
    """Another agent saw them too, a little later."""
    chosen = random.Random(seed)
    more = [replace(packet, node_name=b"other", time_us=(packet.time_us or 0) + 1000)
            for packet in packets if chosen.random() < 0.6]  # fmt: skip
    both = [*packets, *more]
    chosen.shuffle(both)
    return both


def _settled(row: BindingHour) -> BindingHour:
    """Without when its last packet came: a copy may be that."""
    return replace(row, ended=0)


def _counts(*lines: str) -> tuple[int, int]:
    row = one(*REGISTRATION, *lines)
    return row.refreshes, row.flaps
