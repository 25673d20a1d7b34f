from appliance.storage.saved_searches import SavedSearch, Wanted
from appliance.web import kept_searches

ONE = SavedSearch(3, 1, "bob", "N", "from:\udcff", "-3h", "", "calls", "a,b", False, 1, 2)


def test_a_form_is_read_whatever_is_missing() -> None:
    assert kept_searches.wanted({}) == Wanted("", "")
    assert kept_searches.wanted({"name": "n", "q": " a ", "shared": "1", "view": "logs"}) == Wanted(
        "n", "a", view="logs", shared=True
    )


def test_its_address_asks_it_anew() -> None:
    assert kept_searches.address(ONE) == "/search?q=from%3A%EF%BF%BD&from=-3h&view=calls&columns=a%2Cb"
