"""Debian's kamailio as a relay whose siptrace module mirrors all traffic as HEP; runs in a directory of its own."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CAPTURE_ID = 2301
ADDRESS = "127.0.0.1"

CONFIGURATION = """
debug=1
log_stderror=yes
children=2
auto_aliases=no
disable_tcp=yes
listen=udp:{address}:{port}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "siptrace.so"
modparam("siptrace", "duplicate_uri", "sip:127.0.0.1:{hep_port}")
modparam("siptrace", "hep_mode_on", 1)
modparam("siptrace", "hep_version", {hep_version})
modparam("siptrace", "hep_capture_id", {capture_id})
modparam("siptrace", "trace_to_database", 0)
modparam("siptrace", "trace_on", 1)
modparam("siptrace", "trace_mode", 1)
request_route {{
    $du = "{onward}";
    t_relay();
}}
"""


@contextmanager
def kamailio(
    directory: Path, port: int, hep_port: int, onward: str, hep_version: int = 3, address: str = ADDRESS
) -> Iterator[None]:
    """Relay everything that comes to `port` to the URI `onward` while the block runs."""
    file = directory / "kamailio.cfg"
    file.write_text(
        CONFIGURATION.format(
            address=address,
            port=port,
            hep_port=hep_port,
            hep_version=hep_version,
            capture_id=CAPTURE_ID,
            onward=onward,
        )
    )
    log = (directory / "kamailio.log").open("w+")
    where = ["-w", str(directory), "-Y", str(directory), "-P", str(directory / "kamailio.pid")]
    process = subprocess.Popen(
        ["kamailio", "-f", str(file), "-DD", "-E", "-m", "32", "-M", "4", *where], stdout=log, stderr=subprocess.STDOUT
    )
    try:
        _wait(directory / "kamailio.log", process)
        yield
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _wait(log: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while "Listening on" not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"kamailio did not start: {log.read_text()}")
        time.sleep(0.05)
    time.sleep(0.3)  # between saying so and reading
