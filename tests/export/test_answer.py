from appliance.export.answer import answer
from appliance.model.rows import Looked, Page, SiteAnswer, Total
from tests.storage.search.stored import A_CALL

LOOKED = Looked("calls_20261123", ("to_user",), 7, exact=True)
THROUGH = Looked("calls_20261122", (), 9, False, "no index for ua", 1, 2)


def test_an_answer_has_the_names_of_the_api() -> None:
    page = Page(
        (A_CALL,), "next", Total(7, exact=False), (SiteAnswer("hep1", ok=True, ms=3),), ("note",), (LOOKED, THROUGH)
    )
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
        "plan": [
            {
                "table": "calls_20261123",
                "indexes": ["to_user"],
                "rows": 7,
                "exact": True,
                "why": None,
                "from": None,
                "to": None,
            },
            {
                "table": "calls_20261122",
                "indexes": [],
                "rows": 9,
                "exact": False,
                "why": "no index for ua",
                "from": 1,
                "to": 2,
            },
        ],
    }
