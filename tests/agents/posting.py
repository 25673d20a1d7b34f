"""What tests of agents share: a token, the API, and the lines of the page /agents as an instance fills them in."""

import json
import urllib.request
from dataclasses import replace
from typing import Any

from appliance.web.programs import Program, filled, programs
from tests.appliance import Appliance, eventually


def token(appliance: Appliance, name: str) -> str:
    """A token of the first user's."""
    return appliance.run("token", "create", "--user", "admin", "--name", name).strip()


def program(appliance: Appliance, name: str, secret: str = "") -> Program:
    """A program of the page, its lines as a person would paste them; `secret` where they say TOKEN."""
    (found,) = [each for each in programs() if each.name == name]
    made = filled(found, f"127.0.0.1:{appliance.hep_port}", appliance.url)
    return replace(made, lines=made.lines.replace("TOKEN", secret), log=made.log.replace("TOKEN", secret))


def got(appliance: Appliance, path: str, secret: str) -> Any:
    """The JSON that an address answers."""
    request = urllib.request.Request(appliance.url + path, headers={"Authorization": f"Bearer {secret}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def seen(appliance: Appliance, secret: str, node: str) -> dict[str, Any]:
    """What the page of agents knows of a node; empty while it knows nothing."""
    rows = got(appliance, "/agents.json", secret)["agents"]
    return next((row for row in rows if row["node"] == node), {})


def shown(appliance: Appliance, secret: str, node: str) -> dict[str, Any]:
    """The same once what it sent is told by kind, which comes by another way than the count of its packets."""
    return eventually(lambda: found if (found := seen(appliance, secret, node)).get("kinds") else None)
