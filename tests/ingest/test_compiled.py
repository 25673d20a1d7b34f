import subprocess
import sys

import pytest

from appliance.ingest import compiled
from appliance.ingest.understand import Understanding


def test_the_readers_are_there_where_they_were_built() -> None:
    assert compiled.absence() == ""
    assert compiled.reader((b"X-CID",), 30) is not None
    assert compiled.drain() is not None


def test_they_can_be_left_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEPBOX_PLAIN", "1")
    assert compiled.reader((b"X-CID",), 30) is None
    assert compiled.drain() is None
    assert "HEPBOX_PLAIN" in compiled.absence()


@pytest.mark.parametrize("names", [(b"X-Leg",) * 9, (b"X" * 32,)])
def test_settings_that_the_reader_cannot_take_are_read_plainly(names: tuple[bytes, ...]) -> None:
    assert compiled.reader(names, 30) is None
    assert "correlation_headers" in compiled.absence(names)


def test_without_a_compiler_all_is_read_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_module", lambda name: None)
    assert compiled.absence() == compiled.NOT_BUILT
    found = Understanding(("X-CID",), 30).understand(compiled.sample())
    assert found is not None and found.callid == b"1@sample"


def test_a_reader_that_was_built_for_other_columns_is_left_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    class Older:
        def read(self, data: bytes, received_us: int, sender_ip: str) -> object:
            return ("call", received_us, 1, b"1@sample", b"1", b"fewer\tcolumns", data)

    monkeypatch.setattr(compiled, "reader", lambda names, days: Older())
    found = Understanding(("X-CID",), 30).understand(compiled.sample())
    assert found is not None and found.row.tail.count(b"\t") > 30


def test_importing_the_package_needs_none_of_them() -> None:
    code = "import sys; sys.modules['appliance.ingest.usual'] = None; import appliance.ingest.writer"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
