from appliance.why.q850 import CAUSES


def test_the_causes_that_gateways_send_have_plain_words() -> None:
    assert {1, 3, 16, 17, 18, 19, 21, 27, 28, 31, 34, 38, 41, 42, 47, 88, 102, 127} <= set(CAUSES)
    assert CAUSES[16] == "normal call clearing" and CAUSES[17] == "user busy"


def test_each_cause_is_a_number_of_seven_bits() -> None:
    assert all(0 < cause < 128 for cause in CAUSES)
