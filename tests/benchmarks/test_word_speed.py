"""The whole review of a Word form against python-docx walking all cells of the same file."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.pipeline import review_file
from tests.benchmarks.conftest import Goal, Measured, least, walk

APPLICATIONS = Path(__file__).parents[2] / "samples" / "applications"


@pytest.mark.benchmark
def test_review_against_python_docx(measured: Measured) -> None:
    path = sorted(APPLICATIONS.glob("*/申报表.docx"))[0]
    review_file(path)  # warm
    theirs, ours = least(lambda: walk(path), lambda: review_file(path))
    detail = f"{ours:.3f} s, python-docx walking all cells {theirs:.3f} s"
    measured("review of a Word form", ours / theirs, Goal(2), detail)
    assert ours < 8 * theirs
