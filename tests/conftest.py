"""For the whole suite: what shares the machine runs in sequence and last; in CI nothing is skipped."""

import os
from collections.abc import Generator

import pytest

IN_CI = os.environ.get("CI") == "true"
SHARES_THE_MACHINE = ("appliance", "agents", "browser", "host")
"""Markers of tests that need ports, cores or programs of this machine for themselves."""


def _shares_the_machine(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in SHARES_THE_MACHINE)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One group on one worker of xdist, after all that can run side by side."""
    for item in items:
        if _shares_the_machine(item):
            item.add_marker(pytest.mark.xdist_group("machine"))
    items.sort(key=_shares_the_machine)


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
