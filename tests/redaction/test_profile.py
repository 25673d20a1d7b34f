from appliance.redaction.profile import TOLD, WORDS, Profile


def test_each_profile_hides_what_the_one_before_hides() -> None:
    told = [(one.hides_parties, one.hides_addresses, one.hides_all) for one in Profile]
    assert told == sorted(told)
    assert told[0] == (False, False, False)
    assert told[-1] == (True, True, True)


def test_each_profile_says_in_words_what_it_does() -> None:
    assert set(WORDS) == set(TOLD) == set(Profile)
    assert all(words.endswith(".") for words in (*WORDS.values(), *TOLD.values()))
