"""hepbox demo: varied made-up calls, sent in real time, so that there is something to look at."""

import random
import time
from typing import Annotated

import typer

from appliance.capture.demo import traffic
from appliance.cli.app import Config, DataDir, app
from appliance.cli.instance import fail, read_settings
from appliance.cli.sender import Sender, SendError, send_paced, target
from appliance.settings import Settings


@app.command()
def demo(
    cps: Annotated[float, typer.Option(help="calls a second", min=0.01, max=1000)] = 5,
    seconds: Annotated[float, typer.Option(help="for how long", min=1, max=86_400)] = 30,
    to: Annotated[str | None, typer.Option(help="udp://, tcp:// or tls://HOST:PORT", show_default="this one")] = None,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Make varied calls (answered, busy, failed, forked, two-legged …) and send them as HEP3."""
    settings = read_settings(config, data_dir)
    packets = traffic(random.Random(), time.time_ns() // 1000, cps, seconds)
    try:
        with Sender(target(to, settings), settings.hep.auth_key.encode() or None) as sender:
            send_paced(packets, sender, 1.0)
    except SendError as error:
        fail(str(error))
    print(f"sent {sender.sent} packets of {round(cps * seconds) or 1} calls and other dialogs")
    print(f"look at {_url(settings)}")


def _url(settings: Settings) -> str:
    """The page where they are seen."""
    if settings.web.url:
        return settings.web.url
    host, _, port = settings.web.listen.rpartition(":")
    host = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104
    return f"http://{host}/" if port == "80" else f"http://{host}:{port}/"
