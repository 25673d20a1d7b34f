from appliance.why.finding import SUMMARY, Explanation, Finding, Severity


def test_the_summary_stands_before_the_findings() -> None:
    first = Finding(SUMMARY, Severity.INFO, "100 called 200.", "", (), "")
    other = Finding("busy", Severity.INFO, "Busy.", "RFC 3261 21.4.24", ("a",), "A → B")
    whole = Explanation(first, (other,))
    assert whole.sentence == "100 called 200." and whole.all == (first, other)
