"""What a reader of scans holds at most: as much for many pages as for few."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from extractor.readers.scan.ocr import available
from samples.scanning import Scanner
from tests.benchmarks.conftest import Goal, Measured

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


def _scan(path: Path, pages: int) -> Path:
    """Small sheets with a short table each, so that many are read soon."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    printed = path.with_suffix(".printed.pdf")
    canvas = Canvas(str(printed), pagesize=(420, 298))
    for page in range(pages):
        canvas.setFont("STSong-Light", 14)
        canvas.grid([30, 210, 390], [40, 90, 140, 190, 240])
        for row in range(4):
            canvas.drawString(45, 60 + 50 * row, f"第{page + 1}页指标{row + 1}")
            canvas.drawString(225, 60 + 50 * row, f"{37 * page + row}.{row}5")
        canvas.showPage()
    canvas.save()
    return Scanner(dpi=150, grey=True).save(printed, path)


def test_memory_does_not_grow_with_pages(tmp_path: Path, measured: Measured) -> None:
    few, many = (_peak(_scan(tmp_path / f"{n}.pdf", n), n) for n in (8, 32))
    detail = f"8 pages {few:.0f} MB, 32 pages {many:.0f} MB"
    measured("memory of a scan of 32 pages against 8", many / few, Goal(1.1), detail)
    assert many < 1.1 * few
