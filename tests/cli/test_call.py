import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen
from xml.etree import ElementTree

import pytest

from appliance.capture.read import captured
from tests.appliance import Appliance, eventually, running
from tests.captures import CAPTURES

PROXY = "NormB-sipnab/tests/pcap-samples/sip-proxy.pcap"
CALLID = "75104938772201062721@10.33.6.101"
REGISTER = "NormB-sipnab/tests/pcap-samples/sip-register.pcap"
REGISTRATION = "17190996207220106510@10.33.6.101"
pytestmark = pytest.mark.appliance


@pytest.fixture(scope="module")
def instance() -> Iterator[Appliance]:
    with running() as appliance:
        appliance.run("import", str(CAPTURES / PROXY))
        eventually(lambda: json.loads(appliance.run("call", CALLID, "--format", "json"))["call"])
        yield appliance


def refused(*arguments: str, data: Path) -> tuple[int, str]:
    """Exit code and standard error of `hepbox call` where nothing runs."""
    command = [sys.executable, "-m", "appliance", "call", *arguments, "--data-dir", str(data)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HEPBOX_")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    return done.returncode, done.stderr


def test_a_call_is_shown_as_text(instance: Appliance) -> None:
    shown = instance.run("call", CALLID)
    assert "10.33.6.101            " in shown
    assert len([line for line in shown.splitlines() if " 06:37:3" in line]) == 11
    assert shown.index("INVITE (SDP)") < shown.index("100 INVITE Trying") < shown.index("200 BYE OK")


def test_what_happened_stands_above_the_ladder_and_in_the_json(instance: Appliance) -> None:
    sentence = "201 called 101, who answered after 725 ms; they talked 2.2 s, then the called side (101) hung up."
    assert instance.run("call", CALLID).startswith(f"{sentence}\n\n")
    why = json.loads(instance.run("call", CALLID, "--format", "json"))["why"]
    assert [each["rule"] for each in why] == ["summary", "cause", "hung-up", "very-short"]
    assert why[0]["sentence"] == sentence


def test_a_call_is_written_as_json_with_the_texts(instance: Appliance) -> None:
    whole = json.loads(instance.run("call", CALLID, "--format", "json"))
    assert (whole["call"]["state"], whole["call"]["status"], whole["call"]["talk_ms"]) == ("completed", 200, 2232)
    recorded = [packet.payload.decode() for packet in captured(CAPTURES / PROXY)]
    assert [message["raw"] for message in whole["messages"]] == recorded


def test_a_call_is_written_as_pcap_byte_for_byte(instance: Appliance, tmp_path: Path) -> None:
    instance.run("call", CALLID, "--format", "pcap", "-o", str(tmp_path / "call.pcap"))
    was, found = list(captured(CAPTURES / PROXY)), list(captured(tmp_path / "call.pcap"))
    assert [(one.time_us, one.payload) for one in found] == [(one.time_us, one.payload) for one in was]


def test_a_call_is_drawn(instance: Appliance, tmp_path: Path) -> None:
    assert instance.run("call", CALLID, "--format", "svg").startswith("<svg")
    instance.run("call", CALLID, "--format", "png", "-o", str(tmp_path / "call.png"))
    assert (tmp_path / "call.png").read_bytes().startswith(b"\x89PNG")
    assert instance.run_bytes("call", CALLID, "--format", "png").startswith(b"\x89PNG")


FAX = "ntop-nDPI/tests/cfgs/default/pcap/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap"
FAX_LEGS = ("00e9d4a500e9d48-0015-0001-0000-0000@10.35.40.25", "SD4909701-9ff11bf72eb4a347c92974d8fbbc2668-ao8o3i1")


@pytest.fixture(scope="module")
def fax(instance: Appliance) -> Appliance:
    """With a call of two legs that no header joins."""
    instance.run("import", str(CAPTURES / FAX))
    eventually(lambda: len(legs(instance, FAX_LEGS[0])) == 2)
    return instance


def legs(instance: Appliance, callid: str, *options: str) -> dict[str, str]:
    """Reasons by Call-ID."""
    whole = json.loads(instance.run("call", callid, "--format", "json", *options))
    return {leg["callid"]: leg["why"] for leg in whole["legs"]}


def test_a_call_has_all_its_legs_or_one(fax: Appliance) -> None:
    assert set(legs(fax, FAX_LEGS[1])) == set(FAX_LEGS)
    assert "same SDP session 191" in legs(fax, FAX_LEGS[0])[FAX_LEGS[1]]
    shown = fax.run("call", FAX_LEGS[0])
    assert all(callid in shown for callid in FAX_LEGS)
    assert FAX_LEGS[1] not in fax.run("call", FAX_LEGS[0], "--one")


def test_a_leg_is_cut_and_joined_by_command_and_stays_so(fax: Appliance) -> None:
    assert fax.run("call", FAX_LEGS[0], "--cut", FAX_LEGS[1]) == ""
    assert set(legs(fax, FAX_LEGS[0])) == {FAX_LEGS[0]}
    found = ("from:*", "calls", "1990-01-01", "2020-01-01")
    eventually(lambda: {row["legs"] for row in searched(fax, *found) if row["callid"] in FAX_LEGS} == {1})
    fax.run("call", FAX_LEGS[0], "--join", FAX_LEGS[1])
    assert legs(fax, FAX_LEGS[1])[FAX_LEGS[0]] == "joined by command line"
    eventually(lambda: {row["legs"] for row in searched(fax, *found) if row["callid"] in FAX_LEGS} == {2})


def searched(instance: Appliance, line: str, view: str, since: str, until: str) -> list[dict]:
    options = ("--view", view, "--from", since, "--to", until, "--format", "json")
    return list(json.loads(instance.run("search", line, *options))["rows"])


def test_what_cannot_be_joined_is_an_error_in_a_sentence(fax: Appliance) -> None:
    for options, code in ((("--join", "nobody@nowhere"), 1), (("--join", "a", "--cut", "b"), 2)):
        command = [sys.executable, "-m", "appliance", "call", FAX_LEGS[0], *options]
        done = subprocess.run(command, capture_output=True, text=True, env=fax.environment)
        assert (done.returncode, done.stderr.count("\n")) == (code, 1)


def test_a_call_that_is_not_there_is_an_error_in_a_sentence(instance: Appliance) -> None:
    command = [sys.executable, "-m", "appliance", "call", "nobody@nowhere"]
    done = subprocess.run(command, capture_output=True, text=True, env=instance.environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("hepbox: nothing is stored of Call-ID 'nobody@nowhere'")


def test_a_file_that_cannot_be_written_is_an_error_in_a_sentence(instance: Appliance, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "appliance", "call", CALLID, "-o", str(tmp_path / "no" / "file")]
    done = subprocess.run(command, capture_output=True, text=True, env=instance.environment)
    assert done.returncode == 1
    assert done.stderr.endswith("cannot be written (No such file or directory)\n")


@pytest.mark.parametrize(("form", "begin"), [("sipp-uac", "INVITE sip:[service]@"), ("sipp-uas", "SIP/2.0 100 Trying")])
def test_a_call_is_written_as_a_scenario(instance: Appliance, form: str, begin: str) -> None:
    root = ElementTree.fromstring(instance.run("call", CALLID, "--format", form))
    first = root.find("send")
    assert first is not None and (first.text or "").strip().startswith(begin)


def test_a_call_that_is_no_scenario_is_an_error_in_a_sentence(instance: Appliance) -> None:
    instance.run("import", str(CAPTURES / REGISTER))
    eventually(lambda: instance.run("call", REGISTRATION))
    command = [sys.executable, "-m", "appliance", "call", REGISTRATION, "--format", "sipp-uac"]
    done = subprocess.run(command, capture_output=True, text=True, env=instance.environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("hepbox: no INVITE of this call was captured")


def test_a_call_is_written_as_a_report_and_a_bundle(instance: Appliance, tmp_path: Path) -> None:
    instance.run("call", CALLID, "--format", "report", "-o", str(tmp_path / "call.html"))
    report = (tmp_path / "call.html").read_text()
    assert report.startswith("<!DOCTYPE html>") and report.count('class="message"') == 11
    with zipfile.ZipFile(io.BytesIO(instance.run_bytes("call", CALLID, "--format", "zip"))) as archive:
        assert {"report.html", "call.txt", "messages.pcap", "call.json"} <= set(archive.namelist())


def test_text_with_all_messages_fits_a_ticket(instance: Appliance) -> None:
    text = instance.run("call", CALLID, "--format", "messages")
    ladder = instance.run("call", CALLID).split("\n\n", 1)[1]
    assert text.startswith("Call ") and ladder in text
    assert sum(line.startswith("U 20") for line in text.splitlines()) == 11


def test_the_json_is_what_the_api_answers(instance: Appliance) -> None:
    token = instance.run("token", "create", "--user", "admin", "--name", "files").strip()
    asked = Request(f"{instance.url}/api/v1/calls/{CALLID}", headers={"Authorization": f"Bearer {token}"})
    with urlopen(asked) as answer:
        assert json.loads(instance.run("call", CALLID, "--format", "json")) == json.load(answer)
    one = json.loads(instance.run("call", CALLID, "--format", "json", "--legs", "one"))
    assert len(one["messages"]) == 11


def test_without_a_running_instance_it_says_what_to_do(tmp_path: Path) -> None:
    code, said = refused("x", data=tmp_path / "none")
    assert (code, said.count("\n")) == (1, 1)
    code, said = refused("x", data=tmp_path)
    assert code == 1
    assert "is `hepbox run` running" in said
