from appliance.why.codes import MEANINGS, REASON_PHRASES, meaning


def test_each_final_failure_of_the_rfcs_has_plain_words() -> None:
    assert {code for code in REASON_PHRASES if code >= 300} - set(MEANINGS) == {425}


def test_a_code_that_no_rfc_knows_means_what_its_class_means() -> None:
    assert meaning(486) == "the called one is busy"
    assert meaning(499) == "the request was refused there"
    assert meaning(599) == "a server failed" and meaning(299) == ""


def test_meanings_are_read_after_a_colon() -> None:
    assert all(words[0].islower() and not words.endswith(".") for words in MEANINGS.values())
