import io
import json
import zipfile

import pytest

from appliance.export import as_json, ladder_png
from appliance.export.report import bundle as bundle_
from appliance.export.report.bundle import bundle
from tests.calls.made import START_US
from tests.export.material import material, reported
from tests.export.sipp.made import call, request

ALL = [
    "contents.txt", "report.html", "call.txt", "messages.pcap", "messages.txt", "call.json", "flow.svg", "flow-1.png",
    "sipp-uac.xml", "sipp-uas.xml",
]  # fmt: skip


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_has_every_file_and_a_list_of_them() -> None:
    found = opened(bundle(reported(), START_US))
    assert list(found) == ALL
    told = found["contents.txt"].decode()
    assert all(f"\n{name} " in told for name in ALL[1:]) and "Not in it" not in told
    assert found["flow-1.png"].startswith(b"\x89PNG") and found["report.html"].startswith(b"<!DOCTYPE html>")
    assert json.loads(found["call.json"]) == as_json.of_material(reported())


def test_what_cannot_be_made_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle_, "MOST_PICTURES", 1)
    monkeypatch.setattr(ladder_png, "PAGE", 2)
    monkeypatch.setattr(ladder_png, "_zoom", lambda _ladder: 1000.0)
    found = opened(bundle(material(call(*[("A>B", request("OPTIONS", n)) for n in range(5)])), START_US))
    assert list(found) == ALL[:7]
    told = found["contents.txt"].decode()
    assert "pages 2 to 3 of the picture: flow.svg has the whole ladder" in told
    assert "flow-1.png: the picture could not be drawn" in told
    assert "sipp-uac.xml: no INVITE of this call was captured" in told
