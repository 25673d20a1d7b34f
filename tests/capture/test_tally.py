from appliance.capture.tally import Tally


def test_it_counts_by_reason() -> None:
    tally = Tally()
    for reason in ("not IP", "cut short", "not IP"):
        tally.skip(reason)
    assert tally.skipped == {"not IP": 2, "cut short": 1}
    assert tally.damage == ""
