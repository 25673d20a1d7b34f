import pytest

from appliance.query.fields import FIELDS
from appliance.query.parse import parse
from appliance.storage.search import allowed
from appliance.storage.search.question import VIEWS, Unsearchable


def test_every_view_allows_fields_that_there_are() -> None:
    for fields in allowed.FIELDS.values():
        assert fields <= set(FIELDS)
    assert set(allowed.FIELDS) <= set(VIEWS)


def test_what_may_not_be_asked_is_said_with_what_may() -> None:
    with pytest.raises(
        Unsearchable, match=r"branch cannot be searched in the view quality: .* callid, codec,"
    ) as caught:
        allowed.check(parse("mos:<3 branch:x").root, "quality")
    assert caught.value.position == 7


def test_the_empty_line_may_be_asked_everywhere() -> None:
    for view in VIEWS:
        allowed.check(None, view)
