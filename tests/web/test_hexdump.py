from appliance.web.hexdump import MOST_OCTETS, dump, is_text


def test_octets_stand_with_their_place_and_letters() -> None:
    assert dump(b"\x81\xc9\x00\x07abcdefgh<script>") == (
        "0000  81 c9 00 07 61 62 63 64  65 66 67 68 3c 73 63 72  ....abcdefgh<scr\n"
        "0010  69 70 74 3e                                       ipt>"
    )


def test_text_is_told_from_what_is_none() -> None:
    assert is_text("Grüße\r\n\t{}".encode())
    assert not is_text(b"\x81\xc9\x00")
    assert not is_text(b"a\x00b")


def test_what_is_very_long_is_counted() -> None:
    assert dump(bytes(MOST_OCTETS + 7)).endswith("… 7 more octets")
