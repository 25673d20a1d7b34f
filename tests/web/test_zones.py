from datetime import UTC
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from appliance.export import moments
from appliance.web import zones


def asking(chosen: str | None, path: str = "/search", cookie: str = "") -> SimpleNamespace:
    identity = None if chosen is None else SimpleNamespace(zone=chosen)
    return SimpleNamespace(state={"identity": identity}, url=SimpleNamespace(path=path), cookies={"zone": cookie})


@pytest.mark.parametrize("name", ["", "UTC", "nothing", "../../etc/passwd", "/etc/localtime", "Europe", "\x00"])
def test_what_is_no_zone_is_utc(name: str) -> None:
    assert zones.named(name) is UTC


def test_a_zone_is_the_persons_or_the_browsers() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert zones.of(asking("Europe/Berlin")) == berlin  # type: ignore[arg-type]
    assert zones.of(asking("browser", cookie="Europe/Berlin")) == berlin  # type: ignore[arg-type]
    assert zones.of(asking("browser", cookie="<script>")) is UTC  # type: ignore[arg-type]
    assert zones.of(asking("", cookie="Europe/Berlin")) is UTC  # type: ignore[arg-type]


def test_files_the_api_and_whoever_is_nobody_have_utc() -> None:
    for path in ("/search.csv", "/calls/a/flow.svg", "/api/v1/search"):
        assert zones.of(asking("Europe/Berlin", path)) is UTC  # type: ignore[arg-type]
    assert zones.of(asking(None)) is UTC  # type: ignore[arg-type]


def test_only_what_is_known_can_be_kept() -> None:
    assert all(map(zones.is_choice, ("", "browser", "Europe/Berlin", "Asia/Kathmandu")))
    assert not any(map(zones.is_choice, ("Berlin", "localtime", "europe/berlin ")))
    assert len(zones.names()) > 400


def test_the_zone_that_is_shown_has_its_name() -> None:
    assert zones.shown() == "UTC"
    with moments.shown_in(ZoneInfo("Asia/Kathmandu")):
        assert zones.shown() == "Asia/Kathmandu"
