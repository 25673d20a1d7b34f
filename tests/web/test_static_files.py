import hashlib
import re

import pytest
from starlette.testclient import TestClient

from appliance.web import static_files


@pytest.mark.parametrize("name", ["app.css", "app.js", "icon.svg", "ladder.css", "vendor/htmx-4.0.1/htmx.min.js"])
def test_each_file_is_kept_for_good_under_its_own_address(client: TestClient, name: str) -> None:
    answer = client.get(static_files.address(name))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == static_files.FOREVER
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_address_changes_with_the_contents() -> None:
    assert re.fullmatch(r"/static/app-[0-9a-f]{12}\.css", static_files.address("app.css"))


@pytest.mark.parametrize(
    "path", ["/static/app.css", "/static/..%2fapp.py", "/static/%2e%2e%2fapp.py", "/static/", "/static/x"]
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_vendored_files_are_what_their_list_says() -> None:
    listed = (static_files.DIRECTORY / "vendor" / "README.md").read_text(encoding="utf-8")
    for name, digest in re.findall(r"\| `([^`]+)` \|.*`([0-9a-f]{64})` \|", listed):
        content = (static_files.DIRECTORY / "vendor" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest


def test_the_first_page_is_light(client: TestClient) -> None:
    names = ("app.css", "app.js", "icon.svg", "vendor/htmx-4.0.1/htmx.min.js")
    total = sum(len(client.get(static_files.address(name)).content) for name in names)
    assert total + len(client.get("/login").content) < 150_000
