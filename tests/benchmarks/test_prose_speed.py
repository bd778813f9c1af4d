"""What a plan's sentences state against python-docx walking the form the plan stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.pipeline import review_file
from extractor.prose.mentions import stated
from models.form import load_form
from tests.benchmarks.conftest import Measured, least, walk

APPLICATIONS = Path(__file__).parents[2] / "samples" / "applications"


@pytest.mark.benchmark
def test_prose_against_python_docx(measured: Measured) -> None:
    path = sorted(APPLICATIONS.glob("*/申报表.docx"))[0]
    narratives = review_file(path)["narratives"]
    text = max((n["text"] for n in narratives), key=len)
    form = load_form("shandong-2024")
    assert stated(text, form)  # warm
    theirs, ours = least(lambda: walk(path), lambda: stated(text, form))
    detail = f"{ours:.3f} s, python-docx walking the form's cells {theirs:.3f} s"
    measured("figures in the sentences of a plan", ours / theirs, None, detail)
    assert ours < 2 * theirs
