from appliance.storage.audit import Action
from appliance.web.api import trail


def test_every_action_is_described() -> None:
    found = trail.of_all(lambda words, schema: {"description": words, "schema": schema})["get"]
    named = {parameter["name"]: parameter for parameter in found["parameters"]}
    assert set(named) == {"user", "action", "object", "from", "to", "before", "limit"}
    assert named["action"]["schema"]["enum"] == list(Action)
    assert found["responses"]["200"]["schema"] in trail.SCHEMAS
