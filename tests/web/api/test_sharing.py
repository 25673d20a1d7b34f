from appliance.web.api.shares import FIELDS
from appliance.web.api.sharing import SCHEMAS, of_all, of_one


def test_every_field_that_is_taken_is_described() -> None:
    assert set(SCHEMAS["NewShare"]["properties"]) == set(FIELDS)


def test_each_request_says_how_it_is_answered() -> None:
    both = {**of_all(lambda words, schema: {"schema": schema}), **of_one(lambda words, schema: {"schema": schema})}
    assert {name: min(each["responses"]) for name, each in both.items()} == {
        "get": "200",
        "post": "201",
        "delete": "200",
    }
