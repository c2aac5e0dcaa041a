"""What is said once at the end of all tests."""

from __future__ import annotations

import pytest

from tests.e2e.chromium import WHAT_TO_DO


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what to do where tests were skipped because no browser could be had."""
    skipped = terminalreporter.stats.get("skipped", [])
    lacking = [one for one in skipped if WHAT_TO_DO in str(one.longrepr)]
    if lacking:
        terminalreporter.write_line(f"{len(lacking)} browser tests were skipped. {WHAT_TO_DO}", yellow=True)
