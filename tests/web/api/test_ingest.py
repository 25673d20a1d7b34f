import base64
import json
from typing import Any

import redis
from starlette.testclient import TestClient

from appliance.buffer import keys
from appliance.buffer.batch import Origin, Record, opened
from appliance.hep.decode import decode
from appliance.settings import RedisSettings, Settings
from tests.web.conftest import browser

PATH = "/api/v1/ingest"


def waiting(settings: Settings) -> list[Record]:
    """What was pushed since the last look."""
    client = redis.Redis(unix_socket_path=str(settings.redis.socket))
    entries: Any = client.xrange(keys.BATCHES)
    client.delete(keys.BATCHES)
    return [record for _id, fields in entries for record in opened(fields[keys.BODY_FIELD])]


def test_items_wait_in_the_buffer_and_refusals_are_told_one_by_one(
    client: TestClient, token: dict[str, str], settings: Settings
) -> None:
    items = [{"callid": "abc", "payload": "one"}, 5, {"ts": "never"}, {"callid": "abc", "type": "isup", "payload": {}}]
    answer = client.post(PATH, json=items, headers=token)
    assert answer.status_code == 202
    told = answer.json()
    assert (told["accepted"], told["refused"]) == (2, 2)
    assert [(one["index"], one["where"]) for one in told["refusals"]] == [(1, None), (2, "ts")]
    records = waiting(settings)
    assert {record.origin for record in records} == {Origin.HTTP}
    assert [(decode(record.data).protocol_type, decode(record.data).payload) for record in records] == [
        (100, b"one"),
        (54, b"{}"),
    ]


def test_lines_of_a_log_are_taken_as_they_are(client: TestClient, token: dict[str, str], settings: Settings) -> None:
    headers = {**token, "content-type": "text/plain"}
    answer = client.post(f"{PATH}?node=sbc1&callid=xyz", content=b"first\nsecond\n", headers=headers)
    assert answer.json()["accepted"] == 2
    packets = [decode(record.data) for record in waiting(settings)]
    assert [(p.payload, p.correlation_id, p.node_name) for p in packets] == [
        (b"first", b"xyz", b"sbc1"),
        (b"second", b"xyz", b"sbc1"),
    ]


def test_the_token_is_also_taken_as_the_password_of_basic_but_only_here(
    client: TestClient, token: dict[str, str], settings: Settings
) -> None:
    secret = token["Authorization"].removeprefix("Bearer ")
    basic = {"Authorization": "Basic " + base64.b64encode(f"janus:{secret}".encode()).decode()}
    assert client.post(PATH, json={}, headers=basic).status_code == 202
    assert client.get("/api/v1/search", headers=basic).status_code == 401
    waiting(settings)


def test_nobody_posts_without_a_token(client: TestClient) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic !"},
        {"Authorization": "Basic eDp5"},
    ):
        answer = client.post(PATH, json={}, headers=headers)
        assert answer.status_code == 401
        assert "Basic" in answer.headers["www-authenticate"] and "Bearer" in answer.headers["www-authenticate"]


def test_what_cannot_be_read_is_one_sentence(client: TestClient, token: dict[str, str]) -> None:
    for content, headers, status in (
        (b"{", {}, 400),
        (b"{}", {"content-encoding": "br"}, 415),
        (b"x" * (4 << 20) + b"x", {}, 413),
    ):
        answer = client.post(PATH, content=content, headers={**token, **headers})
        assert answer.status_code == status
        assert set(answer.json()["error"]) == {"code", "message", "where"}
    assert client.post(f"{PATH}?type=what", json={}, headers=token).status_code == 422
    assert client.get(PATH, headers=token).status_code == 405


def test_a_buffer_that_is_away_says_when_to_come_again(
    client: TestClient, token: dict[str, str], settings: Settings
) -> None:
    away = settings.model_copy(update={"redis": RedisSettings(socket=settings.paths.data / "nothing")})
    with browser(away) as other:
        answer = other.post(PATH, json={"payload": "x"}, headers=token)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["error"]["code"] == "buffer_away"


def test_it_is_described(client: TestClient, token: dict[str, str]) -> None:
    document = client.get("/api/v1/openapi.json", headers=token).json()
    operation = document["paths"]["/ingest"]["post"]
    assert {"202", "503"} <= set(operation["responses"])
    assert json.dumps(document).count("PostedItem") >= 2
