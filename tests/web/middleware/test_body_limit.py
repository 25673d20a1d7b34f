from collections.abc import Iterator

from starlette.testclient import TestClient

from appliance.web.middleware.body_limit import MOST_OCTETS


def test_a_body_larger_than_any_form_is_refused(client: TestClient) -> None:
    answer = client.post("/login", data={"name": "a", "password": "x" * MOST_OCTETS})
    assert answer.status_code == 413
    assert "too much" in answer.text


def test_one_that_does_not_say_its_length_is_counted(client: TestClient) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 4096
            yield b"a" * 4096

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/login", content=endless(), headers=headers).status_code == 413


def test_a_form_passes(client: TestClient) -> None:
    assert client.post("/login", data={"name": "a", "password": "x" * 1024}).status_code == 403
