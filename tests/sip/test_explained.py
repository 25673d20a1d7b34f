from appliance.sip import explained
from appliance.sip.explained import HEADERS, PARAMETERS, SDP_LINES
from appliance.sip.names import COMPACT


def test_a_header_is_explained_in_any_of_its_forms() -> None:
    assert explained.header("Via") == explained.header("v") == explained.header("VIA")
    assert "RFC 3261 20.42" in explained.header("Via")
    assert explained.header("X-Unknown") == explained.header("\udcff") == ""


def test_every_compact_form_is_explained_but_one_that_is_no_more() -> None:
    assert [name for name in COMPACT.values() if not explained.header(name.decode())] == [b"identity-info"]


def test_parameters_and_lines_of_a_description_are_explained() -> None:
    assert "transaction" in explained.parameter("Branch")
    assert "Media" in explained.sdp_line("m")
    assert explained.parameter("nothing") == explained.sdp_line("z") == ""


def test_every_sentence_is_short_and_says_where_more_is_said() -> None:
    for words, where in (*HEADERS.values(), *PARAMETERS.values(), *SDP_LINES.values()):
        assert 5 < len(words) < 90 and where
