"""`hepbox bench`: measures this machine with a private instance of its own and prints one JSON object."""

import json
from typing import Annotated

import typer

from appliance.cli.app import app
from appliance.cli.benchmark import ingest as ingest_benchmark
from appliance.cli.benchmark.instance import BenchmarkError
from appliance.cli.instance import WRONG_USAGE, fail

bench = typer.Typer(name="bench", help="Measure this machine with a private instance.", no_args_is_help=True)
app.add_typer(bench)

Rate = Annotated[str, typer.Option(help="messages a second, or max")]
Seconds = Annotated[int, typer.Option(min=1, max=3600, help="how long to send")]


@bench.command()
def ingest(rate: Rate = "5000", seconds: Seconds = 40) -> None:
    """Send a recorded mix to a private instance; count what was lost, stored twice, and what it cost."""
    if rate != "max" and not (rate.isdigit() and int(rate) > 0):
        fail(f"--rate {rate}: give messages a second, or max", WRONG_USAGE)
    try:
        result = ingest_benchmark.measured(None if rate == "max" else int(rate), seconds)
    except BenchmarkError as error:
        fail(str(error))
    print(json.dumps(result, indent=2))
