from appliance.cli.checks.finding import note, ok, wrong


def test_a_finding_is_one_line_with_its_remedy() -> None:
    assert wrong("disk", "full", "free some").line() == "wrong  disk: full - free some"
    assert note("clock", "not kept", "install chrony").line() == "note   clock: not kept - install chrony"


def test_what_is_ok_needs_no_remedy() -> None:
    assert ok("disk", "5 MiB free").line() == "ok     disk: 5 MiB free"
