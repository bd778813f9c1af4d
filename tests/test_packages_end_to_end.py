"""Whole packages: what each file is, what the lists count, what is found; in folders and zips."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractor.output import Result
from extractor.pipeline import Options, review_submission
from extractor.readers.reading import read_file
from extractor.submission.package import find_submissions
from samples.make import HERE

PACKAGES = {p.name: p for p in sorted((HERE / "packages").iterdir())}
FAULTY = next(name for name in PACKAGES if "有差错" in name)


def review(path: Path, room: Path) -> Result:
    [submission] = find_submissions([path], room)
    return review_submission(submission, Options(on="2024-06-01"), room)


def truth(name: str) -> Any:
    return json.loads((PACKAGES[name] / "expected.json").read_text(encoding="utf-8"))


def found(result: Result) -> list[tuple[str, str, tuple[str, ...]]]:
    return sorted((f.rule, f.severity, f.fields) for f in result.findings if f.severity != "notice")


def wanted(name: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return sorted((f["rule"], f["severity"], tuple(f["fields"])) for f in truth(name)["findings"])


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_comes_to_what_was_put_into_it(name: str, tmp_path: Path) -> None:
    result = review(PACKAGES[name], tmp_path)
    expected = truth(name)
    assert result.programme == expected["programme"]
    assert {f.name: f.role for f in result.files} == {
        e["file"]: e["role"] for e in expected["roles"]
    }
    assert result.application is not None
    counts = {(one.field, one.period): (one.count, one.sure) for one in result.application.listings}
    for one in expected["lists"]:
        assert counts[one["field"], one["period"]] == (one["count"], True), one
    assert found(result) == wanted(name)
    for finding in result.findings:
        if finding.rule.startswith("agreement."):
            assert len({e.file for e in finding.evidences}) > 1, "both places"


def test_a_package_in_zips_within_a_zip_with_names_in_gbk(tmp_path: Path) -> None:
    """As Windows packs it: 附件.zip beside the form, no name says its encoding."""
    source = PACKAGES[FAULTY]
    inner = tmp_path / "inner.zip"
    outer = tmp_path / "申报材料.zip"
    _pack(inner, source / "附件")
    _pack(outer, source, leave="附件", and_also={"附件.zip": inner.read_bytes()})
    result = review(outer, tmp_path / "room")
    assert found(result) == wanted(FAULTY)
    files = {f.name for f in result.files}
    assert "附件.zip/佐证材料/附件9.docx" in files and "申报表.docx" in files


def _pack(
    target: Path,
    folder: Path,
    leave: str = "",
    and_also: dict[str, bytes] | None = None,
) -> None:
    entries = {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.suffix != ".json" and (not leave or leave not in p.parent.parts)
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (entries | (and_also or {})).items():
            archive.writestr(_InGbk(name), data)


class _InGbk(zipfile.ZipInfo):
    """A member whose name is written in GBK and not marked as anything."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


# ------------------------------------------------------------------ the cost of attachments


def _pdf(path: Path, pages: int, table_on: int = 0) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path))
    for page in range(1, pages + 1):
        canvas.setFont("STSong-Light", 12)
        canvas.line(72, 770, 520, 770)  # a letterhead's line
        for n in range(8):
            canvas.drawString(72, 740 - 24 * n, f"第{page}页第{n}行：集群企业之间约定共享用工。")
        if page == table_on:
            for n in range(4):
                canvas.line(72, 500 - 24 * n, 400, 500 - 24 * n)
                canvas.line(72 + 109 * n, 500, 72 + 109 * n, 428)
            for r, row in enumerate((("序号", "名称", "年份"), ("1", "甲", "2021"))):
                for c, text in enumerate(row):
                    canvas.drawString(76 + 109 * c, 484 - 24 * r, text)
        canvas.showPage()
    canvas.save()
    return path


def test_pages_of_evidence_are_read_by_pdfium_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the page with a table goes to pdfplumber."""
    import extractor.readers.pdf.reader as reader

    careful: list[int] = []
    read_page = reader.read_page

    def counted(page: Any, *rest: Any) -> Any:
        careful.append(page.page_number)
        return read_page(page, *rest)

    monkeypatch.setattr(reader, "read_page", counted)
    path = _pdf(tmp_path / "证.pdf", 5, table_on=4)
    document = read_file(path, "证.pdf", "off", sparing=True)
    assert careful == [4]
    shown = "".join(getattr(b, "text", "") for b in document.blocks)
    assert all(f"第{n}页第7行：集群企业之间约定共享用工。" in shown for n in (1, 2, 3, 5))
    tables = [b for b in document.blocks if hasattr(b, "cells")]
    assert [c.text for t in tables for c in t.cells][:3] == ["序号", "名称", "年份"]
    careful.clear()
    read_file(path, "证.pdf", "off")
    assert careful == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("form", sorted((HERE / "printed").iterdir())[:4], ids=lambda p: p.name)
def test_a_form_is_never_taken_for_an_attachment(form: Path) -> None:
    import pypdfium2

    from extractor.readers.pdf.survey import Opened, may_hold_form

    [pdf] = form.glob("*.pdf")
    with pypdfium2.PdfDocument(pdf) as file:
        opened = Opened(file)
        assert may_hold_form(opened)
        opened.close()
