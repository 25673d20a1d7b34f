from appliance.ingest.callids import CallIds


def test_it_knows_the_newest_and_forgets_the_oldest() -> None:
    known = CallIds(most=2)
    for number in range(5):
        known.seen(b"call-%d" % number)
    assert [b"call-%d" % number in known for number in range(6)] == [False, False, True, True, True, False]


def test_no_callid_is_known() -> None:
    known = CallIds()
    assert known.seen(b"") == b""
    assert b"" not in known
    assert "call" not in known
