from appliance.web.api.posting import SCHEMAS, operation


def test_every_field_of_an_item_is_described() -> None:
    names = set(SCHEMAS["PostedItem"]["properties"])
    assert {"callid", "type", "ts", "node", "payload"} <= names


def test_json_lines_and_text_are_taken() -> None:
    found = operation(lambda words, schema: {"description": words, "schema": schema})
    assert set(found["requestBody"]["content"]) == {"application/json", "application/x-ndjson", "text/plain"}
