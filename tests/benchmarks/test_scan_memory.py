"""What a reader of scans holds at most: as much for many pages as for few."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from extractor.readers.scan.ocr import available
from samples.scanning import Scanner
from tests.benchmarks.conftest import Goal, Measured

PRINTED = Path(__file__).parents[2] / "samples" / "printed"
pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not available(), reason="rapidocr is not installed"),
]
_CHILD = """
import resource, sys
from pathlib import Path
from extractor.readers.scan.reader import read_scan
document = read_scan(Path(sys.argv[1]), "scan.pdf", threads=2)
assert document.ocr_pages == int(sys.argv[2]), document.problems
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _peak(scan: Path, pages: int) -> float:
    """The most a process held that read this scan, in MB."""
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(scan), str(pages)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return int(done.stdout.split()[-1]) / 1024


def test_memory_does_not_grow_with_pages(tmp_path: Path, measured: Measured) -> None:
    folder = next(p for p in sorted(PRINTED.iterdir()) if p.name.startswith("寿光"))
    scanner = Scanner(dpi=150, grey=True)
    wanted = [3, 4, 5, 7]
    peaks = {}
    for times in (2, 8):
        pages = len(wanted) * times
        scan = scanner.save(next(folder.glob("*.pdf")), tmp_path / f"{pages}.pdf", wanted * times)
        peaks[pages] = _peak(scan, pages)
    few, many = peaks.values()
    detail = f"8 pages {few:.0f} MB, 32 pages {many:.0f} MB"
    measured("memory of a scan of 32 pages against 8", many / few, Goal(1.1), detail)
    assert many < 1.1 * few
