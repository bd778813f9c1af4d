"""What was measured, as a table at the end of the run; with --results also in RESULTS.md."""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psutil
import pytest

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = "| measured | result | goal | in figures | date |\n| --- | --- | --- | --- | --- |\n"
Measured = Callable[..., None]
_rows: dict[str, str] = {}


@dataclass(frozen=True)
class Goal:
    """At most this much: times the peer, or the unit named."""

    most: float
    unit: str = "×"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--results", action="store_true", help="write what is measured to RESULTS.md")


@pytest.fixture
def measured() -> Iterator[Measured]:
    """measured(what, value, Goal(…) or None, detail): one row of the table."""

    def record(what: str, value: float, goal: Goal | None = None, detail: str = "") -> None:
        unit = goal.unit if goal else "×"
        shown = f"{value:.0f} {unit}" if unit == "ms" else f"{value:.2f} {unit}"
        asked = ""
        if goal:
            asked = f"≤ {goal.most:g} {unit}, {'met' if value <= goal.most else 'not met'}"
        _rows[what] = f"| {what} | {shown} | {asked} | {detail} | {date.today()} |"

    yield record


def least(
    *works: Callable[[], object], times: int = 5, clock: Callable[[], float] = time.process_time
) -> list[float]:
    """The shortest of some runs of each, in processor seconds. They take turns, as other work on
    the machine comes and goes."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for taken, work in zip(found, works, strict=True):
            began = clock()
            work()
            taken.append(clock() - began)
    return [min(taken) for taken in found]


def walk(path: Path) -> int:
    """What python-docx needs to look at every cell once."""
    import docx

    tables = docx.Document(str(path)).tables
    return sum(len(cell.text) for t in tables for row in t.rows for cell in row.cells)


def machine() -> str:
    """What it ran on, without anything that names whose it is."""
    model = platform.processor() or platform.machine()
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text("utf-8"))
        model = found[1] if found else model
    except OSError:
        pass
    memory = psutil.virtual_memory().total / (1 << 30)
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _rows:
        return
    terminalreporter.section("measured")
    for row in _rows.values():
        terminalreporter.write_line(row)
    if terminalreporter.config.getoption("--results"):
        before, after = _kept()
        rows = {**before, **_rows}
        title = "# What was measured\n\n"
        by = "`pytest -m benchmark tests/benchmarks --results` writes this table: "
        by += f"ratios against a peer in the same run.\nMachine: {machine()}.\n\n"
        RESULTS.write_text(title + by + HEAD + "\n".join(rows.values()) + "\n" + after, "utf-8")


def _kept() -> tuple[dict[str, str], str]:
    """The rows of earlier runs, and what people wrote below the table."""
    if not RESULTS.exists():
        return {}, ""
    table, head, below = RESULTS.read_text(encoding="utf-8").partition("\n## ")
    rows = {line.split(" | ")[0][2:]: line for line in table.splitlines() if line[:2] == "| "}
    return {
        what: row for what, row in rows.items() if what not in ("measured", "---")
    }, head + below
