"""Beside what tests/web/views/test_shared.py asks of them: names, types, and that they run nothing."""

import re

import pytest
from starlette.testclient import TestClient

from appliance.export import ladder_png
from appliance.web import links
from appliance.web.views.call_files import SANDBOX


@pytest.fixture
def path(alice: TestClient) -> str:
    answer = alice.post(links.call("answered-1@192.0.2.1") + "/share")
    found = re.search(r'value="http://testserver(/s/[\w-]+)"', answer.text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("flow.svg", "image/svg+xml"),
        ("flow.png", "image/png"),
        ("flow.txt", "text/plain; charset=utf-8"),
        ("messages.txt", "text/plain; charset=utf-8"),
        ("messages.pcap", "application/vnd.tcpdump.pcap"),
    ],
)
def test_each_file_has_its_type_and_a_name_without_the_parties(
    alice: TestClient, path: str, file: str, kind: str
) -> None:
    answer = alice.get(f"{path}/{file}")
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-security-policy"] == SANDBOX
    assert re.search(r'filename="call-\d{4}-\d\d-\d\d-\d{6}-x[a-z]+-x', answer.headers["content-disposition"])
    assert "30111" not in answer.headers["content-disposition"]


def test_a_picture_that_cannot_be_drawn_is_told(alice: TestClient, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> bytes:
        raise ladder_png.PictureError("the picture could not be drawn")

    monkeypatch.setattr(ladder_png, "png", fails)
    assert alice.get(f"{path}/flow.png").status_code == 503
