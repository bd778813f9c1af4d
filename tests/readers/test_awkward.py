"""Every awkward file of other tools' test suites gives a document or a named problem, never an
exception. The files stand beside the repository; without them there is nothing to do here."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from extractor.readers.reading import read_file
from models.types import BOXES, Document, Paragraph
from tests.readers.build import docx, p

AWKWARD = Path(__file__).parents[3] / "shared" / "awkward"
FILES = sorted(f for folder in ("word", "pdf") for f in (AWKWARD / folder).glob("*"))
HOSTILE = sorted((AWKWARD / "xml").glob("*.xml"))

pytestmark = pytest.mark.skipif(not AWKWARD.is_dir(), reason="no shared/awkward here")


EMPTY = {"nested_paragraphs_in_header.docx"}
"""Nothing stands in its body, and what stands in its header is no form."""


def accounted_for(document: Document) -> None:
    assert document.blocks or document.problems or document.file in EMPTY
    assert all(found.rule.startswith("file.") for found in document.problems)
    # what read_file makes of an exception that a reader let out
    assert not any("ould not be read (" in found.message.en for found in document.problems)
    for block in document.blocks:
        for holder in [block] if isinstance(block, Paragraph) else block.cells:
            assert sum(c in BOXES for c in holder.text) == len(holder.marks)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_awkward_file_is_read_or_named(path: Path) -> None:
    accounted_for(read_file(path, path.name))


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_hostile_xml_in_the_place_of_the_text_is_named(path: Path, tmp_path: Path) -> None:
    form = docx(tmp_path / "申报表.docx", p("甲"))
    hostile = tmp_path / "hostile.docx"
    with zipfile.ZipFile(form) as old, zipfile.ZipFile(hostile, "w") as new:
        for name in old.namelist():
            main = name == "word/document.xml"
            new.writestr(name, path.read_bytes() if main else old.read(name))
    document = read_file(hostile, "申报表.docx")
    accounted_for(document)
    assert document.blocks == () and [found.severity for found in document.problems] == ["error"]
