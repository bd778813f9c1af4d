"""How long a person waits for a whole process, against bare imports of what others would use."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks.conftest import Goal, Measured

ROOT = Path(__file__).parents[2]


def seconds(home: Path, *command: str) -> float:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HECHA_HOME": str(home)}
    best = 1e9
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sys.executable, *command], env=environment, check=True, capture_output=True)
        best = min(best, time.perf_counter() - began)
    return best


@pytest.mark.benchmark
def test_commands_against_bare_imports(tmp_path: Path, measured: Measured) -> None:
    """A review also stores: sqlite-utils imports the pandas that Streamlit brings."""
    form = sorted((ROOT / "samples" / "applications").glob("*/申报表.docx"))[0]
    hecha = ("-m", "review_ui.cli")
    reading, storing = "import docx", "import docx, sqlite_utils"
    peers = {script: seconds(tmp_path, "-c", script) for script in (reading, storing)}
    for most, script, argv in (
        (1.5, reading, ["--help"]),
        (4, reading, ["programmes"]),
        (3, storing, ["review", str(form)]),
    ):
        ours = seconds(tmp_path, *hecha, *argv)
        detail = f"{ours:.2f} s, python -c '{script}' {peers[script]:.2f} s"
        measured(f"hecha {argv[0]} as a process", ours / peers[script], Goal(most), detail)
        assert ours < 2 * most * peers[script]
