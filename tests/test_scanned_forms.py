"""The form in Word, and printed, sealed and scanned beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extractor.pipeline import Options, review_submission
from extractor.readers.pdf.reader import read_pdf
from extractor.submission.package import find_submissions

ROOT = Path(__file__).parents[1]
WORD = next((ROOT / "samples" / "applications").glob("诸城*"))
PRINTED = next((ROOT / "samples" / "printed").glob("诸城*/*.pdf"))
"""The same form of the same cluster, saved as PDF."""


def _scan(path: Path, pages: int) -> Path:
    """A PDF of blank pictures: what stands on them the recogniser of these tests makes up."""
    import pypdfium2 as pdfium
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    sheets = [Image.new("L", (310, 438), 250 - n % 20) for n in range(pages)]
    sheets[0].save(path, save_all=True, append_images=sheets[1:], resolution=37.5)
    assert len(pdfium.PdfDocument(path)) == pages
    return path


@pytest.fixture
def recogniser(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Reads the printed form from files whose names `forms` holds, elsewhere nothing of it;
    `asked` counts the pages it was given."""

    class Recogniser:
        def __init__(self) -> None:
            self.forms: set[str] = set()
            self.asked: list[tuple[str, tuple[int, ...]]] = []

        def __call__(self, document: Any, path: Path, pages: Any, **more: Any) -> Any:
            self.asked.append((document.file, tuple(pages)))
            problems = tuple(p for p in document.problems if p.rule != "file.unreadable")
            blocks: Any = ()
            if document.file in self.forms:
                whole = read_pdf(PRINTED, document.file)
                blocks = tuple(b for b in whole.blocks if (b.page or 0) in pages)
            return replace(document, blocks=blocks, problems=problems, ocr_pages=len(pages))

    made = Recogniser()
    monkeypatch.setattr("extractor.readers.scan.reader.with_scans", made)
    return made


def _review(folder: Path, tmp_path: Path, ocr: str = "auto") -> Any:
    [submission] = find_submissions([folder], tmp_path / "room")
    return review_submission(submission, Options(on="2022-03-01", ocr=ocr), tmp_path / "room")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "诸城"
    folder.mkdir()
    [word] = WORD.glob("*.docx")
    (folder / "申请表.docx").write_bytes(word.read_bytes())
    return folder


@pytest.mark.parametrize("name", ["盖章扫描件.pdf", "申请表（盖章）.pdf", "附件/20211103.pdf"])
def test_the_sealed_scan_is_compared_with_the_word_file(package, tmp_path, recogniser, name):
    pages = read_pdf(PRINTED).pages
    _scan(package / name, pages)
    recogniser.forms = {name}
    result = _review(package, tmp_path)
    assert recogniser.asked[-1] == (name, tuple(range(1, pages + 1)))
    assert len(result.application.versions) == 1
    told = [c for c in result.checks if c.rule == "agreement.versions"]
    assert sum(c.outcome == "met" for c in told) > 15
    assert {c.outcome for c in told} <= {"met", "unchecked"}
    record = next(f for f in result.files if f.name == name)
    assert record.role == "application_form" and record.ocr_pages == pages


def test_evidence_costs_one_page_each_and_few_are_looked_into(package, tmp_path, recogniser):
    for number in range(1, 8):
        _scan(package / f"附件/佐证材料{number}.pdf", number)
    result = _review(package, tmp_path)
    assert recogniser.asked == [(f"附件/佐证材料{n}.pdf", (1,)) for n in (7, 6, 5)]
    assert not result.application.versions
    assert not any(f.ocr_pages for f in result.files)  # what was not the form stays unread
    assert "file.unreadable" in {f.rule for f in result.findings}


def test_a_scan_that_calls_itself_the_form_is_asked_first_and_twice(package, tmp_path, recogniser):
    for number in range(1, 4):
        _scan(package / f"附件/证书{number}.pdf", 9)
    _scan(package / "申请表扫描件.pdf", 3)
    _review(package, tmp_path)
    assert recogniser.asked[:2] == [("申请表扫描件.pdf", (1,)), ("申请表扫描件.pdf", (1, 2))]
    assert len(recogniser.asked) == 4


def test_without_recognition_nothing_is_looked_into(package, tmp_path, recogniser):
    _scan(package / "申请表扫描件.pdf", 3)
    recogniser.forms = {"申请表扫描件.pdf"}
    result = _review(package, tmp_path, "off")
    assert not recogniser.asked and not result.application.versions
