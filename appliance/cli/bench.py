"""`hepbox bench`: measures this machine with a private instance of its own and prints one JSON object."""

import json
from typing import Annotated

import typer

from appliance.cli.app import app
from appliance.cli.benchmark import ingest as ingest_benchmark
from appliance.cli.benchmark import search as search_benchmark
from appliance.cli.benchmark.instance import BenchmarkError
from appliance.cli.instance import WRONG_USAGE, fail

bench = typer.Typer(name="bench", help="Measure this machine with a private instance.", no_args_is_help=True)
app.add_typer(bench)

Rate = Annotated[str, typer.Option(help="messages a second, or max")]
Seconds = Annotated[int, typer.Option(min=1, max=3600, help="how long to send")]
Rows = Annotated[int, typer.Option(min=10_000, max=1_000_000_000, help="messages to fill the tables with")]
Asked = Annotated[int, typer.Option(min=2, max=10_000, help="how many values each question is asked with")]
Meanwhile = Annotated[int, typer.Option(min=0, max=100_000, help="messages a second that are captured meanwhile")]


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


@bench.command()
def search(rows: Rows = 300_000, asked: Asked = 30, rate: Meanwhile = 2000) -> None:
    """Fill a private instance with three days of traffic, and time what is asked of it while it captures more.

    10,000,000 rows take some 4 GB below the directory for temporary files, and a quarter of an hour to store.
    """
    try:
        result = search_benchmark.measured(rows, asked, rate)
    except BenchmarkError as error:
        fail(str(error))
    print(json.dumps(result, indent=2))
