from appliance.web.api import naming


def test_each_operation_says_what_it_answers() -> None:
    found = naming.of_all(lambda words, schema: {"description": words, "schema": schema})
    assert set(found) == {"get", "post", "delete"}
    assert all({"401", "403"} <= set(one["responses"]) for one in found.values())
    assert found["post"]["responses"]["201"]["schema"] in naming.SCHEMAS
