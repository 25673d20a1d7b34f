"""For the whole suite: long tests first, those that need the cores for themselves apart; in CI nothing is skipped."""

import os
from collections.abc import Generator

import pytest

IN_CI = os.environ.get("CI") == "true"
LONG = ("host", "appliance", "agents", "browser")
"""Markers of tests that start whole programs: begun first, so that no worker is left with one at the end."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--alone", choices=("only", "without"), help="only the tests that need the cores for themselves, or the others"
    )


def _is_alone(item: pytest.Item) -> bool:
    return item.get_closest_marker("alone") is not None


def _turn(item: pytest.Item) -> int:
    return next((turn for turn, name in enumerate(LONG) if item.get_closest_marker(name)), len(LONG))


def _turns_of_files(items: list[pytest.Item]) -> dict[object, int]:
    """A file stays together: the fixtures of its module and package are made once."""
    turns: dict[object, int] = {}
    for item in items:
        turns[item.path] = min(_turn(item), turns.get(item.path, len(LONG)))
    return turns


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--alone")
    chosen = [item for item in items if not wanted or _is_alone(item) == (wanted == "only")]
    config.hook.pytest_deselected(items=[*set(items) - set(chosen)])
    turns = _turns_of_files(chosen)
    items[:] = sorted(chosen, key=lambda item: turns[item.path])


def _failed_instead_of_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"In CI nothing is skipped: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _failed_instead_of_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _failed_instead_of_skipped(report)
    return report
