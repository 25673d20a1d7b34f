import pytest
from typer.testing import CliRunner

import appliance.cli.bench
from appliance.cli.app import app
from appliance.cli.benchmark.instance import BenchmarkError

assert appliance.cli.bench


@pytest.mark.parametrize("rate", ["0", "-5", "fast", "1.5", ""])
def test_a_rate_that_there_cannot_be_is_wrong_usage(rate: str) -> None:
    done = CliRunner().invoke(app, ["bench", "ingest", f"--rate={rate}"])
    assert done.exit_code == 2
    assert done.stderr == f"hepbox: --rate {rate}: give messages a second, or max\n"


@pytest.mark.parametrize("seconds", ["0", "x", "3601"])
def test_a_time_that_there_cannot_be_is_wrong_usage(seconds: str) -> None:
    assert CliRunner().invoke(app, ["bench", "ingest", "--seconds", seconds]).exit_code == 2


def test_a_measurement_that_failed_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(rate: int | None, seconds: int) -> None:
        assert (rate, seconds) == (None, 5)
        raise BenchmarkError("the private instance did not start")

    monkeypatch.setattr(appliance.cli.bench.ingest_benchmark, "measured", fails)
    done = CliRunner().invoke(app, ["bench", "ingest", "--rate", "max", "--seconds", "5"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "hepbox: the private instance did not start\n"


@pytest.mark.parametrize("arguments", [["--rows", "10"], ["--rows", "many"], ["--asked", "1"], ["--rate", "-1"]])
def test_a_table_that_cannot_be_measured_is_wrong_usage(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["bench", "search", *arguments]).exit_code == 2


def test_searches_that_could_not_be_measured_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(rows: int, asked: int, rate: int) -> None:
        assert (rows, asked, rate) == (50_000, 7, 0)
        raise BenchmarkError("calls were not settled within 600 s")

    monkeypatch.setattr(appliance.cli.bench.search_benchmark, "measured", fails)
    done = CliRunner().invoke(app, ["bench", "search", "--rows", "50000", "--asked", "7", "--rate", "0"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "hepbox: calls were not settled within 600 s\n"
