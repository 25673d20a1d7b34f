import re

from appliance.sip.problems import PROBLEMS


def test_a_problem_is_a_short_word_with_a_sentence() -> None:
    for word, sentence in PROBLEMS.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", word)
        assert len(word) <= 20
        assert re.fullmatch(r"[A-Z].*\.", sentence)
