"""`hepbox doctor`: looks at everything that hepbox stands on and says what to do about each finding."""

from collections.abc import Iterator
from pathlib import Path

import typer

from appliance import __version__
from appliance.cli.app import Config, DataDir, app
from appliance.cli.checks import configuration, geoip, machine, ports, programs, servers, tls, trail
from appliance.cli.checks.finding import Finding, Verdict
from appliance.cli.instance import FAILED, read_settings
from appliance.settings import Settings


@app.command()
def doctor(config: Config = None, data_dir: DataDir = None) -> None:
    """Check configuration, programs, database, permissions, kernel limits, disk, ports and clock.

    A line for each finding, with what to do about it. Exit 0 when nothing is wrong, 1 otherwise.
    """
    settings = read_settings(config, data_dir)
    print(f"hepbox {__version__}")
    count = 0
    for finding in examine(settings, config):
        print(finding.line(), flush=True)
        count += finding.verdict is Verdict.WRONG
    print(f"{count} wrong" if count else "nothing is wrong")
    raise typer.Exit(FAILED if count else 0)


def examine(settings: Settings, file: Path | None) -> Iterator[Finding]:
    """Everything, from what is nearest to what needs a server."""
    yield from configuration.examine(settings, file)
    yield from programs.examine(settings)
    yield from machine.examine(settings)
    yield from ports.examine(settings)
    yield from tls.examine(settings)
    yield from geoip.examine(settings)
    yield from servers.examine(settings)
    yield from trail.examine(settings)
