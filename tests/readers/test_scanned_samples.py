"""The scanned samples against the truth of the forms that were scanned."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from extractor.readers.scan.ocr import available
from samples.make import HERE
from samples.scanned_samples import scanned_samples
from tests.scoring import Score, cases, score_case

pytestmark = pytest.mark.skipif(not available(), reason="rapidocr is not installed")
CASES = {case.document.name: case for case in cases([HERE / "scanned"])}
SHORT = [s.folder for s in scanned_samples() if "集群" not in s.file and s.file != "申报表.pdf"]


@cache
def _scored(folder: str) -> Score:
    """Recognising takes seconds a page: each sample is read once for all tests."""
    return score_case(CASES[folder])


def _score(folder: str) -> dict[str, int]:
    made = _scored(folder)
    wrong = [d for d in made.bad("silent", "missing", "invented") if d.kind != "text"]
    assert not wrong, wrong
    return dict(made.counts)


def test_every_scan_has_its_truth() -> None:
    assert sorted(CASES) == sorted(s.folder for s in scanned_samples())


@pytest.mark.parametrize("folder", SHORT)
def test_figures_of_a_scan_are_right_or_ask_for_a_look(folder: str) -> None:
    counts = _score(folder)
    assert counts["figure.right"] >= 18 and not counts.get("programme.wrong")


def test_of_figures_that_ask_for_no_look_999_in_1000_are_right() -> None:
    counts = sum((Counter(_scored(folder).counts) for folder in SHORT), Counter[str]())
    silent = counts["figure.silent"]
    sure = counts["figure.right"] - counts["figure.right_but_look"]
    assert sure >= 36  # it does not get there by doubting everything
    assert silent <= 0.001 * (sure + silent)


@pytest.mark.benchmark
def test_a_long_form_with_pen_strokes_beyond_its_boxes() -> None:
    """Thirteen pages: half a minute on two processors."""
    [folder] = [s.folder for s in scanned_samples() if s.scanner.pen]
    counts = _score(folder)
    right, looks = counts["figure.right"], counts.get("figure.right_but_look", 0)
    assert right >= 105 and looks <= 0.06 * right
    assert counts["tick.right"] >= 75
