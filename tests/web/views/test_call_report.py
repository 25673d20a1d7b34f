import io
import zipfile

from starlette.testclient import TestClient

from tests.web.stored import REPORTED, SCRIPT

CALL = f"/calls/{REPORTED}"


def test_the_report_has_media_logs_and_messages_and_is_no_script(alice: TestClient) -> None:
    answer = alice.get(f"{CALL}/report.html")
    assert answer.headers["content-disposition"].startswith('inline; filename="call-20')
    assert "sandbox" in answer.headers["content-security-policy"]
    for part in ("flow", "media", "lines", "messages"):
        assert f'<h2 id="{part}">' in answer.text
    assert SCRIPT not in answer.text and "&lt;script&gt;" in answer.text


def test_the_bundle_is_a_zip_of_all_files(alice: TestClient) -> None:
    answer = alice.get(f"{CALL}/report.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith('attachment; filename="call-20')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"report.html", "messages.pcap", "call.json", "flow-1.png", "sipp-uac.xml"} <= set(archive.namelist())
        assert b"</html>" in archive.read("report.html")
