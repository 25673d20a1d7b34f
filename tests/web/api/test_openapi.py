import pytest
from starlette.testclient import TestClient

from appliance.export.json_fields import CALL_FIELDS, MESSAGE_FIELDS
from appliance.web.api.openapi import document
from tests.web.test_app import ROUTES

KINDS = {str: "string", int: "integer", float: "number", list: "array", type(None): "null"}


def test_it_describes_every_address_of_the_api(client: TestClient, token: dict[str, str]) -> None:
    found = client.get("/api/v1/openapi.json", headers=token).json()
    paths = {f"/api/v1{path}" for path in found["paths"]} | {"/api/v1/openapi.json"}
    assert paths == {route.path.replace(":int}", "}") for route in ROUTES if route.path.startswith("/api/")}


def test_it_describes_every_field() -> None:
    schemas = document()["components"]["schemas"]
    assert set(schemas["MessageRow"]["properties"]) == set(MESSAGE_FIELDS)
    assert set(schemas["CallRow"]["properties"]) == set(CALL_FIELDS)


@pytest.mark.parametrize(("view", "schema"), [("calls", "CallRow"), ("messages", "MessageRow")])
def test_rows_are_as_it_says(client: TestClient, token: dict[str, str], view: str, schema: str) -> None:
    properties = document()["components"]["schemas"][schema]["properties"]
    rows = client.get(f"/api/v1/search?view={view}&limit=1000", headers=token).json()["rows"]
    assert rows
    for row in rows:
        for name, value in row.items():
            said = properties[name]
            assert value in said["enum"] if "enum" in said else KINDS[type(value)] in said["type"], (name, value)


def test_every_reference_leads_somewhere() -> None:
    found = document()
    schemas = found["components"]["schemas"]

    def walk(value: object) -> None:
        if isinstance(value, dict):
            if "$ref" in value:
                assert value["$ref"].removeprefix("#/components/schemas/") in schemas
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(found)
