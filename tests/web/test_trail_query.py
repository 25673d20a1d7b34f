import pytest

from appliance.storage.audit import Asked
from appliance.web import trail_query
from appliance.web.trail_query import BadTrailQuery

NOW = 1_795_435_200_000_000
DAY = 86_400_000_000


def test_without_arguments_it_is_the_last_seven_days() -> None:
    assert trail_query.asked({}, NOW) == Asked(NOW - 7 * DAY, NOW)


def test_all_arguments_narrow() -> None:
    query = {"from": "-1d", "to": "now", "user": " al ", "action": "searched", "object": "x" * 999, "before": "17"}
    assert trail_query.asked(query, NOW) == Asked(NOW - DAY, NOW, "al", "searched", "x" * 200, 17)


@pytest.mark.parametrize(
    ("query", "where"),
    [({"from": "x"}, "from"), ({"to": "1"}, "from"), ({"action": "x"}, "action"), ({"before": "-1"}, "before"),
     ({"before": "9" * 50}, "before")],
)  # fmt: skip
def test_mistakes_are_told_with_their_field(query: dict[str, str], where: str) -> None:
    with pytest.raises(BadTrailQuery) as told:
        trail_query.asked(query, NOW)
    assert told.value.where == where
