from appliance.web.api import searching
from appliance.web.api.openapi import document
from appliance.web.api.searches import FIELDS


def test_every_field_that_is_taken_is_described() -> None:
    described = searching.SCHEMAS["NewSearch"]["properties"]
    assert set(described) == set(FIELDS)
    assert set(document()["paths"]["/searches"]) == {"get", "post"}
    assert set(document()["paths"]["/searches/{id}"]) == {"delete"}
