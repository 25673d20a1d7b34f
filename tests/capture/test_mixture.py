from collections import Counter
from itertools import pairwise

import pytest

from appliance.capture.mixture import SHARES_WITH_FAILURES, Mix, number_of
from appliance.hep.decode import decode
from appliance.hep.encode import encode
from appliance.sip.parse import parse

NOW = 1_795_416_568_175_324
MIX = Mix(encode, "ab12")


def test_each_message_carries_its_number_and_time() -> None:
    for number in (*range(3 * MIX.row_size), 123_456, 999_999_999):
        packet = decode(MIX.datagram(number, NOW + number))
        assert number_of(packet.payload) == number
        assert packet.time_us == NOW + number


def test_sip_of_the_mix_is_well_formed_and_its_length_right() -> None:
    for number in range(MIX.row_size):
        packet = decode(MIX.datagram(number, NOW))
        if packet.protocol_type == 1:
            message = parse(packet.payload)
            assert message.problems == ()
            assert message.callid == packet.correlation_id
            assert b"~" not in packet.payload and b"{" not in packet.payload


def test_dialogs_have_call_ids_and_numbers_of_their_own() -> None:
    rows = 60
    packets = [decode(MIX.datagram(number, NOW)) for number in range(rows * MIX.row_size)]
    messages = [parse(packet.payload) for packet in packets if packet.protocol_type == 1]
    invites = [m for m in messages if m.method == b"INVITE"]
    assert len({m.callid for m in invites}) > 5 * rows
    assert len({m.from_user for m in invites}) > 4 * rows
    assert len({packet.source_ip for packet in packets}) > 100
    whole = Counter(m.callid for m in messages)
    assert max(whole.values()) < 40


def test_a_dialog_is_whole_when_all_its_rows_were_sent() -> None:
    packets = [decode(MIX.datagram(number, NOW)) for number in range(170 * MIX.row_size)]
    by_call: dict[bytes, set[int]] = {}
    for packet in packets:
        if packet.protocol_type == 1:
            message = parse(packet.payload)
            by_call.setdefault(message.callid, set()).add(message.status)
    first = [callid for callid in by_call if callid.startswith(b"0000120")]
    assert first
    assert all(any(status >= 200 for status in by_call[callid]) for callid in first)


def test_addresses_in_the_envelope_are_those_of_the_via() -> None:
    for number in range(MIX.row_size):
        packet = decode(MIX.datagram(5 * MIX.row_size + number, NOW))
        if packet.protocol_type == 1 and not packet.payload.startswith(b"SIP/2.0"):
            assert b"Via: SIP/2.0/UDP " + packet.source_ip.encode() + b":" in packet.payload


def test_runs_have_call_ids_of_their_own() -> None:
    one, other = Mix(encode, "0001").datagram(7, NOW), Mix(encode, "0002").datagram(7, NOW)
    assert decode(one).correlation_id != decode(other).correlation_id
    with pytest.raises(ValueError, match="four"):
        Mix(encode, "12345")


def test_it_says_what_is_sent() -> None:
    assert str(MIX.row_size) in MIX.about()
    assert 500 < MIX.mean_size < 900
    assert len(MIX.datagram(0, NOW)) < 2000


@pytest.mark.parametrize("payload", [b"", b"X-Number: 12\r\n", b"INVITE sip:a SIP/2.0\r\n\r\n"])
def test_other_payloads_have_no_number(payload: bytes) -> None:
    assert number_of(payload) is None


def test_scattered_numbers_are_as_distinct_but_follow_one_another_in_no_order() -> None:
    mix = Mix(encode, "ab12", SHARES_WITH_FAILURES, scattered=True)
    packets = [decode(mix.datagram(number, NOW)) for number in range(20 * mix.row_size)]
    users = [m.from_user for p in packets if (m := parse(p.payload)).method == b"INVITE" and not m.to_tag]
    in_order = list(dict.fromkeys(users))
    assert len(in_order) > 4 * 20
    assert sum(a < b for a, b in pairwise(in_order)) < 0.8 * len(in_order)
    assert any(p.payload.startswith(b"SIP/2.0 503") for p in packets)


def test_a_message_knows_in_which_row_its_dialog_began() -> None:
    first: dict[bytes, set[int]] = {}
    for number in range(200 * MIX.row_size):
        began, after = MIX.place(number)
        assert began + after == number // MIX.row_size
        first.setdefault(decode(MIX.datagram(number, NOW)).correlation_id, set()).add(began)
    assert all(len(rows) == 1 for rows in first.values())
