from appliance.export.sctp import CHUNK, crc32c, data_packets


def test_the_checksum_is_castagnolis() -> None:
    assert crc32c(b"123456789") == 0xE3069283


def test_a_short_message_is_one_chunk_padded_to_four_octets() -> None:
    (packet,) = data_packets(5060, 5061, b"abcde", 7)
    assert packet[:4] == bytes.fromhex("13c4 13c5")
    assert packet[12:16] == bytes.fromhex("0003 0015")
    assert (int.from_bytes(packet[16:20]), packet[28:]) == (7, b"abcde\0\0\0")


def test_a_long_message_is_fragments_with_a_beginning_and_an_end() -> None:
    packets = data_packets(1, 2, b"x" * (2 * CHUNK + 1), 1)
    assert [packet[13] for packet in packets] == [2, 0, 1]
    assert [int.from_bytes(packet[16:20]) for packet in packets] == [1, 2, 3]
