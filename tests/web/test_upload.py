import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from appliance.web.upload import UploadError, received

BODY = (
    b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\nfield\r\n'
    b'--x\r\nContent-Disposition: form-data; name="capture"; filename="C:\\traces\\a.pcap"\r\n'
    b"Content-Type: application/vnd.tcpdump.pcap\r\n\r\nline\r\n--y\r\n\0end\r\n--x--\r\n"
)


def send(body: bytes, to: Path, step: int = 7, kind: str = "multipart/form-data; boundary=x") -> tuple[str, int]:
    async def stream() -> AsyncIterator[bytes]:
        for at in range(0, len(body), step):
            yield body[at : at + step]

    request: Any = SimpleNamespace(headers={"content-type": kind}, stream=stream)
    return asyncio.run(received(request, "capture", to))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "capture"


@pytest.mark.parametrize("step", [1, 7, 4096])
def test_the_file_is_written_as_it_was_sent(place: Path, step: int) -> None:
    content = b"line\r\n--y\r\n\0end"
    assert send(BODY, place, step) == ("a.pcap", len(content))
    assert place.read_bytes() == content


@pytest.mark.parametrize(
    ("body", "kind", "sentence"),
    [
        (BODY, "text/plain", "by the form of this page"),
        (BODY, "multipart/form-data", "by the form of this page"),
        (BODY[:-30], "multipart/form-data; boundary=x", "did not come whole|No file came"),
        (BODY.replace(b'"capture"', b'"capturf"'), "multipart/form-data; boundary=x", "choose one first"),
        (b"nonsense", "multipart/form-data; boundary=x", "did not come whole"),
        (
            b'--x\r\nContent-Disposition: form-data; name="capture"; filename="e"\r\n\r\n\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            "e is empty",
        ),
    ],
)
def test_what_is_wrong_is_a_sentence(place: Path, body: bytes, kind: str, sentence: str) -> None:
    with pytest.raises(UploadError, match=sentence):
        send(body, place, kind=kind)


@limits(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_change_of_a_form_is_taken_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    body = bytearray(BODY)
    for _ in range(3):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    place = tmp_path / "one"
    place.unlink(missing_ok=True)
    try:
        send(bytes(body), place)
    except UploadError as error:
        assert str(error)
