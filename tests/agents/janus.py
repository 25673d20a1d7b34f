"""Debian's Janus with its event handler, and a call through its SIP plugin to SIPp, asked for over its HTTP API."""

import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.appliance import free_port

WHERE = "/usr/lib/x86_64-linux-gnu/janus"
CALLED = "127.0.0.3"
FINGERPRINT = ":".join(["AB"] * 32)
OFFER = f"""v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
t=0 0
m=audio 9 UDP/TLS/RTP/SAVPF 0
c=IN IP4 0.0.0.0
a=mid:0
a=ice-ufrag:abcd
a=ice-pwd:abcdefghijklmnopqrstuvwx
a=fingerprint:sha-256 {FINGERPRINT}
a=setup:actpass
a=sendrecv
a=rtcp-mux
a=rtpmap:0 PCMU/8000
""".replace("\n", "\r\n")

MAIN = """
general: {{
    configs_folder = "{directory}"
    plugins_folder = "{where}/plugins"
    transports_folder = "{where}/transports"
    events_folder = "{where}/events"
    loggers_folder = "{directory}/none"
    debug_level = 4
    server_name = "janus"
}}
nat: {{ ice_enforce_list = "127." }}
plugins: {{ disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_lua.so,libjanus_nosip.so,\
libjanus_recordplay.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_videoroom.so,\
libjanus_voicemail.so" }}
transports: {{ disable = "libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so,\
libjanus_websockets.so" }}
events: {{
    broadcast = true
    stats_period = 1
    disable = "libjanus_gelfevh.so,libjanus_mqttevh.so,libjanus_nanomsgevh.so,libjanus_rabbitmqevh.so,\
libjanus_wsevh.so"
}}
"""
HTTP = """
general: {{ json = "compact", http = true, port = {port}, ip = "127.0.0.1", base_path = "/janus", https = false }}
admin: {{ admin_http = false }}
"""
SIP = """
general: { local_ip = "127.0.0.1", sdp_ip = "127.0.0.1", rtp_port_range = "20000-20400", events = true }
"""


@dataclass
class Janus:
    """A gateway that runs."""

    address: str

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        data = json.dumps({"transaction": "test", **body}).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def event(self, session: int) -> dict[str, Any]:
        """The next event, waited for; what the SIP plugin says in it."""
        with urllib.request.urlopen(f"{self.address}/{session}?maxev=1", timeout=40) as answer:
            found: dict[str, Any] = json.load(answer)
        result: dict[str, Any] = found.get("plugindata", {}).get("data", {}).get("result", {})
        return result


@contextmanager
def janus(directory: Path, event_handler: str) -> Iterator[Janus]:
    """Start it with this janus.eventhandler.sampleevh.jcfg, until its HTTP API answers."""
    port = free_port()
    files = {
        "janus.jcfg": MAIN.format(directory=directory, where=WHERE),
        "janus.transport.http.jcfg": HTTP.format(port=port),
        "janus.plugin.sip.jcfg": SIP,
        "janus.eventhandler.sampleevh.jcfg": event_handler,
    }
    for name, text in files.items():
        (directory / name).write_text(text)
    with (directory / "janus.log").open("w") as log:
        process = subprocess.Popen(["janus", "-F", str(directory), "--disable-colors"], stdout=log, stderr=log)
        try:
            found = Janus(f"http://127.0.0.1:{port}/janus")
            _wait(found, process, directory / "janus.log")
            yield found
        finally:
            process.terminate()
            process.wait(20)


def _wait(found: Janus, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{found.address}/info", timeout=5).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"janus did not start: {log.read_text()}") from None
            time.sleep(0.1)


def call(gateway: Janus) -> tuple[int, str]:
    """A call to SIPp, answered and hung up; (session, Call-ID)."""
    port = free_port()
    command = ["sipp", "-sn", "uas", "-i", CALLED, "-p", str(port), "-nostdin"]
    called = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        session = gateway.post("", janus="create")["data"]["id"]
        handle = gateway.post(f"/{session}", janus="attach", plugin="janus.plugin.sip")["data"]["id"]
        here = f"/{session}/{handle}"
        gateway.post(
            here, janus="message", body={"request": "register", "type": "guest", "username": "sip:a@127.0.0.1"}
        )
        _until(gateway, session, "registered")
        request = {"request": "call", "uri": f"sip:service@{CALLED}:{port}"}
        gateway.post(here, janus="message", body=request, jsep={"type": "offer", "sdp": OFFER})
        callid = _until(gateway, session, "calling")["call_id"]
        _until(gateway, session, "accepted")
        time.sleep(1.5)
        gateway.post(here, janus="message", body={"request": "hangup"})
        _until(gateway, session, "hangup")
        gateway.post(f"/{session}", janus="destroy")
    finally:
        called.terminate()
        called.wait(20)
    return session, callid


def _until(gateway: Janus, session: int, wanted: str) -> dict[str, Any]:
    seen = []
    for _ in range(12):
        result = gateway.event(session)
        if result.get("event") == wanted:
            return result
        seen.append(result)
    raise AssertionError(f"no event {wanted} of Janus, but {seen}")
