"""The time a scan takes against what rapidocr alone needs for the pictures of the same pages."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from extractor.readers.scan.image import PagePicture, pictures
from extractor.readers.scan.ocr import available
from extractor.readers.scan.reader import read_scan
from samples.scanning import Scanner
from tests.benchmarks.conftest import Goal, Measured, least

PRINTED = Path(__file__).parents[2] / "samples" / "printed"
pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not available(), reason="rapidocr is not installed"),
]


@pytest.mark.parametrize("dpi", [200, 300])
def test_speed_against_rapidocr(dpi: int, tmp_path: Path, measured: Measured) -> None:
    from rapidocr import RapidOCR

    folder = next(p for p in sorted(PRINTED.iterdir()) if p.name.startswith("寿光"))
    scanner = Scanner(dpi=dpi, seal=True)
    path = scanner.save(next(folder.glob("*.pdf")), tmp_path / "scan.pdf", [3, 4, 5, 7])
    pages = [p.pixels for p in pictures(path, "pdf", None) if isinstance(p, PagePicture)]
    threads = os.cpu_count() or 1
    peer = RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "Global.log_level": "critical",
        }
    )

    def theirs() -> None:
        for page in pages:
            peer(page)

    theirs(), read_scan(path, path.name)  # warm
    bare, ours = least(theirs, lambda: read_scan(path, path.name), times=3, clock=time.perf_counter)
    first = time.perf_counter()
    read_scan(path, path.name, cache=tmp_path / "cache")
    kept = time.perf_counter()
    read_scan(path, path.name, cache=tmp_path / "cache")
    again = time.perf_counter() - kept
    detail = f"{len(pages)} pages: {ours:.2f} s, rapidocr alone {bare:.2f} s"
    measured(f"a scan of {dpi} dpi", ours / bare, Goal(1.15), detail)
    detail = f"{again:.2f} s, the first time {kept - first:.2f} s"
    measured(f"the same scan again ({dpi} dpi)", again / (kept - first), None, detail)
    assert ours < 2 * bare
    assert again < 0.5 * ours
