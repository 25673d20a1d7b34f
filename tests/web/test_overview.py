from types import SimpleNamespace

import pytest

from appliance.model.aliases import NONE
from appliance.settings import Settings
from appliance.storage.search.histogram import Counted
from appliance.web import asking, overview
from appliance.web.asking import Asked

NOON = 1_795_435_200_000_000
STATE = {"database": None, "settings": Settings(), "names": SimpleNamespace(aliases=NONE)}


async def of(monkeypatch: pytest.MonkeyPatch, found: Counted | None, asked: Asked) -> overview.Overview:
    async def told(*_: object) -> Counted | None:
        return found

    monkeypatch.setattr(overview, "counted", told)
    return await overview.overview_of(SimpleNamespace(state=STATE), asked, {})  # type: ignore[arg-type]


async def test_only_calls_have_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    for view, figures in (("calls", 6), ("messages", 0)):
        asked = asking.resolved(asking.of({"view": view}, 1), NOON)
        shown = await of(monkeypatch, Counted(), asked)
        assert shown.chart is not None and len(shown.figures) == figures
        assert set(shown.beside) == {"earlier", "later", "wider"}


async def test_what_was_not_counted_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asking.resolved(asking.of({}, 1), NOON)
    shown = await of(monkeypatch, None, asked)
    assert shown.chart is None and "not enough time" in shown.why and shown.beside
