from hypothesis import given
from hypothesis import strategies as st

from appliance.model.octets import octets, shown, text, whole_words


@given(st.binary())
def test_any_octets_come_back_from_text(value: bytes) -> None:
    assert octets(text(value)) == value


@given(st.binary())
def test_what_is_shown_can_always_be_written_to_a_file(value: bytes) -> None:
    shown(text(value)).encode()


def test_what_is_utf8_is_shown_as_it_is_and_the_rest_by_a_replacement() -> None:
    assert shown(text("Zoë 📞".encode())) == "Zoë 📞"
    assert shown(text(b"Zo\xeb")) == "Zo\ufffd"


def test_words_are_whole_or_left_out() -> None:
    assert whole_words(["PCMA", "opus", "G722"], 9) == b"PCMA,opus"
    assert whole_words(["PCMA", "opus", "G722"], 8) == b"PCMA"
    assert whole_words(["Zoë"], 3) == whole_words([], 3) == b""
