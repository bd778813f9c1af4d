"""How long a person waits: seconds of a whole process, the best of three."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def seconds(tmp_path: Path, *argv: str) -> float:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HECHA_HOME": str(tmp_path)}
    best = 1e9
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "review_ui.cli", *argv],
            env=environment, check=True, capture_output=True,
        )  # fmt: skip
        best = min(best, time.perf_counter() - began)
    return best


@pytest.mark.benchmark
@pytest.mark.parametrize(("argv", "limit"), [(["--help"], 0.3), (["programmes"], 0.8)])
def test_a_command_answers_at_once(tmp_path: Path, argv: list[str], limit: float) -> None:
    assert seconds(tmp_path, *argv) < limit


@pytest.mark.benchmark
def test_one_word_form(tmp_path: Path) -> None:
    form = sorted((ROOT / "samples" / "applications").glob("*/*.docx"))[0]
    assert seconds(tmp_path, "review", str(form)) < 1.5
