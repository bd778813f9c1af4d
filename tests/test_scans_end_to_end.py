"""A PDF of which some pages are scans is read as a whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("rapidocr")

ROOT = Path(__file__).parents[1]
PRINTED = ROOT / "samples" / "printed"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory) -> Path:
    """The second page of a printed form as a picture, the others as they were."""
    import pypdfium2 as pdfium

    source = next(PRINTED.glob("诸城*/*.pdf"))
    folder = tmp_path_factory.mktemp("mixed")
    with pdfium.PdfDocument(source) as form, pdfium.PdfDocument.new() as out:
        picture = folder / "page.pdf"
        form[1].render(scale=200 / 72).to_pil().convert("RGB").save(picture, resolution=200)
        out.import_pages(form, [0])
        with pdfium.PdfDocument(picture) as scan:
            out.import_pages(scan)
        if len(form) > 2:
            out.import_pages(form, list(range(2, len(form))))
        path = folder / "申请表.pdf"
        out.save(path)
    return path


def review(path: Path, home: Path, ocr: str) -> dict:
    """In a process of its own: the recogniser stays in the memory of the one that loads it."""
    argv = [sys.executable, "-m", "review_ui.cli", "review", str(path), "--json", "--ocr", ocr]
    environment = {**os.environ, "HECHA_HOME": str(home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(argv, env=environment, capture_output=True, check=True, cwd=ROOT)
    return json.loads(done.stdout)


def test_only_the_scanned_page_is_recognised(mixed, tmp_path):
    result = review(mixed, tmp_path, "auto")
    assert result["files"][0]["ocr_pages"] == 1
    figures = {f["field"]: f for f in result["figures"]}
    assert figures["area"]["value"] == 70.66 and figures["employees"]["value"] == 13800
    assert not [f for f in result["findings"] if f["rule"] == "file.unreadable"]
    assert all(f["needs_look"] for f in figures.values() if f["confidence"] < 0.9)


def test_off_names_the_page_and_reads_nothing_of_it(mixed, tmp_path):
    result = review(mixed, tmp_path, "off")
    assert result["files"][0]["ocr_pages"] == 0
    assert not [f for f in result["figures"] if f["state"] == "given"]
    assert "file.unreadable" in {f["rule"] for f in result["findings"]}


def test_a_second_review_recognises_nothing(mixed, tmp_path, monkeypatch):
    """Its pages lie beside the database, under what they show."""
    from extractor.pipeline import Options, review_submission
    from extractor.readers.reading import Scanning
    from extractor.submission.package import find_submissions

    kept = tmp_path / "pages"
    options = Options(on="2024-01-01", scanning=Scanning(cache=kept))
    submission = find_submissions([mixed], tmp_path)[0]
    heard = []

    def step(name, done=0, of=0):
        heard.append((name, done, of))

    first = review_submission(submission, options, tmp_path, step=step)
    assert heard[:2] == [("申请表.pdf", 0, 0), ("", 0, 0)] and heard[-1] == ("", 0, 0)
    # only recognising counts pages: that is what takes long, and what takes more memory
    assert [h for h in heard if h[2]] == [("申请表.pdf", 0, 1), ("申请表.pdf", 1, 1)]
    assert len(list(kept.iterdir())) == 1

    def refuse(*_):
        raise AssertionError("read again")

    monkeypatch.setattr("extractor.readers.scan.reader.read_picture", refuse)
    opened = []
    from extractor.readers.pdf import reader as pdf

    read_pdf = pdf.read_pdf
    monkeypatch.setattr(pdf, "read_pdf", lambda *a, **k: opened.append(a) or read_pdf(*a, **k))
    assert review_submission(submission, options, tmp_path) == first
    assert len(opened) == 1  # the text layer is read once, also where pages are recognised
