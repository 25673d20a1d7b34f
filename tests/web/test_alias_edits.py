import pytest

from appliance.model.aliases import Alias
from appliance.web.alias_edits import end


@pytest.mark.parametrize(
    ("alias", "words"), [(Alias("10.0.0.1", "a"), "10.0.0.1"), (Alias("10.0.0.1", "a", 5061), "10.0.0.1 port 5061")]
)
def test_an_end_in_words(alias: Alias, words: str) -> None:
    assert end(alias) == words
