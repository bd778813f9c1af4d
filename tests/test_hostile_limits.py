"""The table of docs/limits.md is what the code does."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from extractor.readers.opening import LIMITS, Limits
from extractor.workers import LIMITS as WORK

ROOT = Path(__file__).parents[1]
ROWS = {
    name: (value, where, told)
    for name, value, where, told in re.findall(
        r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$",
        (ROOT / "docs/limits.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
}
UNITS = {"MB": 2**20, "GB": 2**30, "s": 1, "million": 10**6, "": 1}
RULES = set(re.findall(r"file\.[a-z-]+", (ROOT / "docs/contract/rules.md").read_text("utf-8")))


def test_every_limit_stands_in_the_table_once_and_in_order() -> None:
    assert list(ROWS) == [f.name for f in fields(Limits)]


@pytest.mark.parametrize("name", ROWS)
def test_its_value_is_the_codes(name: str) -> None:
    number, unit = re.fullmatch(r"([\d ]+?) ?(MB|GB|s|million|)", ROWS[name][0]).groups()  # type: ignore[union-attr]
    assert int(number.replace(" ", "")) * UNITS[unit] == getattr(LIMITS, name)


@pytest.mark.parametrize("name", ROWS)
def test_the_reviewer_is_told_by_a_rule_of_the_contract(name: str) -> None:
    told = ROWS[name][2]
    assert told in RULES or told.startswith("nothing")


def test_the_workers_hold_to_it() -> None:
    assert (WORK.step_seconds, WORK.memory) == (LIMITS.file_seconds, LIMITS.file_memory)
    assert (WORK.task_seconds, WORK.task_memory) == (
        LIMITS.submission_seconds, LIMITS.submission_memory,
    )  # fmt: skip
