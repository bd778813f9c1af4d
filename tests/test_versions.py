"""The form in Word and in PDF: from the papers to the findings."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from extractor.pipeline import review_file

SAMPLES = Path(__file__).parents[1] / "samples"


def package(tmp_path: Path, name: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    for kind in ("applications", "printed"):
        sample = next(p for p in (SAMPLES / kind).iterdir() if p.name.startswith(name))
        for file in sample.iterdir():
            if file.suffix != ".json":
                shutil.copy(file, folder)
    return folder


def told(folder: Path) -> list[tuple[str, list[str]]]:
    made = review_file(folder, on="2024-04-20", ocr="off")
    found = [f for f in made["findings"] if f["rule"] == "agreement.versions"]
    checks = [c for c in made["checks"] if c["rule"] == "agreement.versions"]
    assert checks
    return [(f["severity"], f["fields"]) for f in found]


@pytest.mark.parametrize("name", ["寿光", "诸城", "曹县", "阳谷"])
def test_word_and_its_print_are_the_same(tmp_path: Path, name: str) -> None:
    assert told(package(tmp_path, name)) == []


def test_a_changed_figure_and_a_changed_sentence(tmp_path: Path) -> None:
    import docx

    folder = package(tmp_path, "诸城")
    (word,) = folder.glob("*.docx")
    document = docx.Document(str(word))
    changed = []
    for table in document.tables:
        for cell in dict.fromkeys(c for row in table.rows for c in row.cells):
            for paragraph in cell.paragraphs:
                for old, new in (("13800", "13080"), ("产学研合作", "校企合作")):
                    for run in paragraph.runs:
                        if old in run.text and old not in changed:
                            run.text = run.text.replace(old, new, 1)
                            changed.append(old)
    assert sorted(changed) == ["13800", "产学研合作"]
    document.save(str(word))
    assert told(folder) == [("error", ["employees"]), ("warning", ["introduction"])]


def test_pages_missing_from_the_print_are_said_once(tmp_path: Path) -> None:
    import pypdfium2

    folder = package(tmp_path, "寿光")
    (printed,) = folder.glob("*.pdf")
    whole = pypdfium2.PdfDocument(printed)
    short = pypdfium2.PdfDocument.new()
    short.import_pages(whole, list(range(3)))
    whole.close()
    printed.unlink()
    short.save(str(printed))
    short.close()
    ((severity, fields),) = told(folder)
    assert severity == "warning" and "plan" in fields and len(fields) > 20


def test_a_print_of_the_blank_form_is_said_once(tmp_path: Path) -> None:
    folder = package(tmp_path, "寿光")
    (printed,) = folder.glob("*.pdf")
    printed.unlink()
    shutil.copy(SAMPLES / "blank" / "山东省特色产业集群申报表.docx", folder / "A空表.docx")
    assert told(folder) == [("error", [])]
