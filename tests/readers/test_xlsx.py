# ruff: noqa: E501
"""Workbooks: what a sheet shows, cell by cell; and plain texts."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from extractor.readers.converted import office
from extractor.readers.opening import LIMITS
from extractor.readers.reading import read_file
from extractor.readers.xlsx import read_xlsx, shown
from models.types import Document, Paragraph, Table


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (None, "General", ""), (12, "General", "12"), (12.0, "General", "12"),
        (0.1, "General", "0.1"), (1234567.5, "#,##0.00", "1,234,567.50"),
        (0.725, "0.0%", "72.5%"), (0.7, "0%", "70%"), (61.1, "0.00", "61.10"),
        (202110123456.7, "General", "202110123456.7"), (2021101234567, "0", "2021101234567"),
        (5, '0"家"', "5家"), (5, "0.00_ ;[Red]-0.00", "5.00"), (-3.5, "0.0", "-3.5"),
        (5, "@", "5"), (True, "", "TRUE"), ("ZL2021\r\n甲", "", "ZL2021\n甲"), ("#REF!", "", "#REF!"),
        (datetime(2023, 5, 1), "yyyy-mm-dd", "2023-05-01"), (date(2023, 5, 1), "General", "2023-05-01"),
        (datetime(2023, 5, 1), 'yyyy"年"m"月"', "2023-05"), (datetime(2023, 5, 1), "yyyy", "2023"),
        (datetime(2023, 5, 1, 8, 30), "yyyy-mm-dd hh:mm", "2023-05-01 08:30"),
    ],
)  # fmt: skip
def test_a_value_as_the_sheet_shows_it(value: object, pattern: str, text: str) -> None:
    assert shown(value, pattern) == text


def _book(path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "发明专利"
    sheet["A1"] = "有效发明专利清单"
    sheet.merge_cells("A1:C1")
    for row in (
        ["序号", "名称", "专利号"],
        [1, "甲", "ZL1"],
        [2, "藏", "ZL2"],
        ["合计", None, "=1+1"],
    ):
        sheet.append(row)
    sheet.row_dimensions[4].hidden = True
    hidden = book.create_sheet("备用")
    hidden["A1"] = "不给人看"
    hidden.sheet_state = "hidden"
    book.create_sheet("空表")
    book.create_sheet("Sheet3")["B2"] = "丙"
    book.save(path)
    return path


def _texts(document: Document) -> list[object]:
    return [
        b.text if isinstance(b, Paragraph) else [(c.row, c.column, c.text) for c in b.cells]
        for b in document.blocks
    ]


def test_one_table_a_sheet_and_what_is_hidden_is_said(tmp_path: Path) -> None:
    document = read_file(_book(tmp_path / "清单.xlsx"), "清单.xlsx")
    assert document.kind == "xlsx"
    assert _texts(document) == [
        "发明专利",
        [(1, 1, "有效发明专利清单"), (2, 1, "序号"), (2, 2, "名称"), (2, 3, "专利号"),
         (3, 1, "1"), (3, 2, "甲"), (3, 3, "ZL1"), (5, 1, "合计")],
        [(2, 2, "丙")],
    ]  # fmt: skip
    table = document.blocks[1]
    assert isinstance(table, Table) and table.cells[0].column_span == 3
    assert table.cells[4].place == "工作表“发明专利” 行3 列1"
    assert [(p.rule, p.severity) for p in document.problems] == [
        ("file.hidden-text", "warning"), ("file.unreadable", "notice"), ("file.hidden-text", "notice")
    ]  # fmt: skip


def test_a_workbook_without_an_ending_is_read(tmp_path: Path) -> None:
    book = _book(tmp_path / "清单.xlsx")
    named = read_file(book, "清单.xlsx")
    kept = book.rename(tmp_path / "da82ca410b77839f")  # as a store keeps files: by their hash
    assert read_file(kept, "清单.xlsx").blocks == named.blocks != ()


def test_a_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD2"], sheet["A1048576"] = "甲", "远", "末"
    book.save(tmp_path / "a.xlsx")
    document = read_xlsx(tmp_path / "a.xlsx")
    [table] = document.blocks
    assert isinstance(table, Table) and [c.text for c in table.cells] == ["甲"]
    assert table.rows <= LIMITS.rows and [p.rule for p in document.problems] == ["file.too-large"]


def test_a_broken_workbook_says_so(tmp_path: Path) -> None:
    data = _book(tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "b.xlsx").write_bytes(data[: len(data) // 2])
    document = read_file(tmp_path / "b.xlsx", "b.xlsx")
    assert not document.readable and [p.severity for p in document.problems] == ["error"]


@pytest.mark.skipif(office() is None, reason="LibreOffice is not installed")
def test_the_old_format_is_converted(tmp_path: Path) -> None:
    import subprocess

    profile = f"-env:UserInstallation={(tmp_path / 'p').as_uri()}"
    command = [office() or "", profile, "--headless", "--convert-to", "xls", "--outdir"]
    source = _book(tmp_path / "a.xlsx")
    subprocess.run([*command, str(tmp_path), str(source)], check=True, capture_output=True)
    shutil.move(tmp_path / "a.xls", tmp_path / "b.et")
    document = read_file(tmp_path / "b.et", "b.et")
    assert document.kind == "xlsx" and "发明专利" in _texts(document)
    assert "file.unsupported" in [p.rule for p in document.problems if p.severity == "notice"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_texts(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes('序号,名称\n1,"甲,乙"\n2,丙\n'.encode(encoding))
    (tmp_path / "a.txt").write_bytes("说明\n\n集群位于某县，有企业。\n".encode(encoding))
    [table] = read_file(tmp_path / "a.csv", "a.csv").blocks
    assert isinstance(table, Table) and [c.text for c in table.cells] == [
        "序号", "名称", "1", "甲,乙", "2", "丙",
    ]  # fmt: skip
    document = read_file(tmp_path / "a.txt", "a.txt")
    assert (document.kind, _texts(document)) == ("text", ["说明", "集群位于某县，有企业。"])
