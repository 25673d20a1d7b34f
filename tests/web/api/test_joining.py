from appliance.web.api import joining


def test_the_operation_says_what_to_send_and_what_comes_back() -> None:
    found = joining.operation([{"name": "key"}], lambda words, schema: {"description": words, "schema": schema})
    assert found["parameters"] == [{"name": "key"}]
    assert found["responses"]["200"]["schema"] == "Legs"
    assert set(found["responses"]) == {"200", "401", "403", "404", "422"}
    decision = joining.SCHEMAS["LegDecision"]
    assert decision["required"] == list(decision["properties"]) == ["callid", "joined"]
