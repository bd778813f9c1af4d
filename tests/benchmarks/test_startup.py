"""How long a person waits for a whole process, against a bare import of python-docx."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

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
def test_commands_against_an_import_of_python_docx(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = sorted((ROOT / "samples" / "applications").glob("*/申报表.docx"))[0]
    hecha = ("-m", "review_ui.cli")
    peer = seconds(tmp_path, "-c", "import docx")
    with capsys.disabled():
        print(f"\npython -c 'import docx': {peer:.2f} s")
        for most, argv in ((1.5, ["--help"]), (4, ["programmes"]), (8, ["review", str(form)])):
            ours = seconds(tmp_path, *hecha, *argv)
            print(f"hecha {argv[0]}: {ours:.2f} s, ratio {ours / peer:.2f}")
            assert ours < most * peer
