from appliance.export.answer import answer
from appliance.model.rows import Page, SiteAnswer, Total
from tests.storage.search.stored import A_CALL


def test_an_answer_has_the_names_of_the_api() -> None:
    page = Page((A_CALL,), "next", Total(7, exact=False), (SiteAnswer("hep1", ok=True, ms=3),), ("note",))
    found = answer("from:\udcff", "calls", 1, 2, page)
    assert [row["callid"] for row in found.pop("rows")] == [A_CALL.callid]
    assert found == {
        "query": "from:\ufffd",
        "view": "calls",
        "from": 1,
        "to": 2,
        "next": "next",
        "total": {"count": 7, "exact": False},
        "sites": [{"name": "hep1", "ok": True, "ms": 3, "error": None}],
        "notes": ["note"],
    }
