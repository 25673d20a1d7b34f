import pytest
from starlette.testclient import TestClient

from appliance.settings import HepSettings, Settings
from tests.web.conftest import PASSWORD, browser, sign_in


@pytest.mark.parametrize(
    ("listen", "told"),
    [("0.0.0.0:9060", "testserver:9060"), ("[::]:9061", "testserver:9061"), ("192.0.2.5:9060", "192.0.2.5:9060")],
)
def test_agents_are_told_an_address_that_they_reach(
    settings: Settings, client: TestClient, listen: str, told: str
) -> None:
    with browser(settings.model_copy(update={"hep": HepSettings(listen=listen)})) as other:
        sign_in(other, "alice", PASSWORD)
        assert f"<code>{told}</code>" in other.get("/agents").text
