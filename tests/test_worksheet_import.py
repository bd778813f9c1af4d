"""A worksheet that comes back: what it changes, what it may not."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from extractor.storing.store import Store
from models.wording import text
from review_ui.cli import main
from review_ui.console import UsageError
from review_ui.worksheet.book import write_worksheet
from review_ui.worksheet.taking_in import read_worksheet, take_in
from tests.test_desk import result


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HECHA_LANG", "zh")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "hecha.db") as opened:
        opened.save_result(result("一", "criterion.area-limit", "blank.required"))
        opened.save_result(result("二", "blank.required"))
        yield opened


def written(store: Store, tmp_path: Path) -> Path:
    path = tmp_path / "表.xlsx"
    write_worksheet(store, path)
    return path


def fill(path: Path, change: Callable[[Any, dict[str, int]], None]) -> Path:
    """The findings sheet as a person leaves it; `change` gets the sheet and its columns."""
    book = load_workbook(path)
    sheet = book[text("Findings sheet")]
    change(sheet, {str(c.value): c.column for c in sheet[1]})
    book.save(path)
    return path


def decided(*rows: tuple[int, str, str]) -> Callable[[Any, dict[str, int]], None]:
    def change(sheet: Any, columns: dict[str, int]) -> None:
        for row, decision, note in rows:
            sheet.cell(row, columns["审核意见"], decision)
            sheet.cell(row, columns["备注"], note)

    return change


def taken(store: Store, path: Path) -> tuple[list[tuple[str | None, str]], list[str]]:
    found = read_worksheet(store, path)
    refused = [str(r.why) for r in found.refused]
    refused += [str(r.why) for r in take_in(store, found, "审核员甲")]
    return [(r.verdict, r.note) for r in found.changes], refused


def test_what_was_filled_in_is_taken_in(store: Store, tmp_path: Path) -> None:
    rows = decided((2, "确认", ""), (3, "不成立", "已核对原件"), (4, "", "待电话核实"))
    path = fill(written(store, tmp_path), rows)
    before = store.desk.stamp()
    assert len(read_worksheet(store, path).changes) == 3
    assert store.desk.stamp() == before  # looking changes nothing
    changes, refused = taken(store, path)
    assert changes == [("confirm", ""), ("dismiss", "已核对原件"), ("note", "待电话核实")]
    assert refused == []
    made = [d for r in store.load_submission(1).findings for d in r.decisions]
    assert [(d.verdict, d.who) for d in made] == [
        ("confirm", "审核员甲"), ("dismiss", "审核员甲"),
    ]  # fmt: skip
    # the same file a second time: somebody (this import) has decided since
    again = read_worksheet(store, path)
    assert again.changes == []


def test_an_untouched_worksheet_changes_nothing(store: Store, tmp_path: Path) -> None:
    r = store.load_submission(1).findings[0]
    store.add_decision(1, r.key, "ask", "甲", r.fingerprint, "请补说明")
    found = read_worksheet(store, written(store, tmp_path))
    assert (found.rows, found.unchanged) == ((), 3)


@pytest.mark.parametrize(
    ("decision", "note", "why"),
    [
        ("不成立", "", "备注栏缺少理由"),
        ("随便写", "", "不是可选的处理意见"),
    ],
)
def test_a_row_that_says_too_little_is_refused(
    store: Store, tmp_path: Path, decision: str, note: str, why: str
) -> None:
    path = fill(written(store, tmp_path), decided((2, decision, note)))
    changes, refused = taken(store, path)
    assert changes == [] and len(refused) == 1 and why in refused[0]


def test_figures_that_have_changed_since_are_refused(store: Store, tmp_path: Path) -> None:
    path = fill(written(store, tmp_path), decided((2, "确认", ""), (4, "确认", "")))
    store.add_correction(
        1, "area", None, "118.70", "乙", "看错",
        lambda *_: ((), result("一", "criterion.area-limit").findings, "x"),
    )  # fmt: skip
    changes, refused = taken(store, path)
    assert changes == [("confirm", "")]  # of the other submission
    assert len(refused) == 1 and "依据已有变化" in refused[0]


def test_somebody_was_faster(store: Store, tmp_path: Path) -> None:
    path = fill(written(store, tmp_path), decided((2, "确认", "")))
    r = store.load_submission(1).findings[0]
    store.add_decision(1, r.key, "dismiss", "乙", r.fingerprint, "先处理")
    assert taken(store, path) == ([], ["导出核查表后已有人处理"])
    last = store.load_submission(1).findings[0].decision
    assert last is not None and last.who == "乙"


def test_between_looking_and_taking_in_somebody_was_faster(store: Store, tmp_path: Path) -> None:
    found = read_worksheet(store, fill(written(store, tmp_path), decided((2, "确认", ""))))
    r = store.load_submission(1).findings[0]
    store.add_decision(1, r.key, "note", "乙", r.fingerprint, "看过")
    assert len(take_in(store, found, "甲")) == 1


def test_sorted_columns_moved_rows_added_and_gone(store: Store, tmp_path: Path) -> None:
    def change(sheet: Any, columns: dict[str, int]) -> None:
        decided((3, "Confirmed", ""))(sheet, columns)  # of an English screen
        rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=2)]
        sheet.delete_rows(2, sheet.max_row)
        sheet.append([None, "随手加的一行", "……"])
        for row in reversed(rows[:2]):
            sheet.append(row)
        sheet.move_range(f"A1:V{sheet.max_row}", cols=3)

    changes, refused = taken(store, fill(written(store, tmp_path), change))
    assert (changes, refused) == ([("confirm", "")], [])


def test_one_finding_decided_twice(store: Store, tmp_path: Path) -> None:
    def change(sheet: Any, columns: dict[str, int]) -> None:
        decided((2, "确认", ""))(sheet, columns)
        row = [c.value for c in sheet[2]]
        row[columns["审核意见"] - 1] = "不成立"
        row[columns["备注"] - 1] = "因"
        sheet.append(row)

    changes, refused = taken(store, fill(written(store, tmp_path), change))
    assert changes == [("confirm", "")] and "两行" in refused[0]


def no_workbook(path: Path) -> None:
    path.write_bytes(b"PK nonsense")


def no_worksheet(path: Path) -> None:
    Workbook().save(path)


def no_such_column(path: Path) -> None:
    book = load_workbook(path)
    sheet = book[text("Findings sheet")]
    sheet.delete_cols(15)
    book.save(path)


def half_a_file(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def no_sheets(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("[Content_Types].xml", "<x/>")


@pytest.mark.parametrize(
    "spoil", [no_workbook, no_worksheet, no_such_column, half_a_file, no_sheets]
)
def test_what_is_no_worksheet_is_told(
    store: Store, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    path = written(store, tmp_path)
    spoil(path)
    with pytest.raises(UsageError):
        read_worksheet(store, path)


def test_the_command_line_shows_before_it_writes(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = fill(written(store, tmp_path), decided((2, "确认", ""), (3, "不成立", "")))
    call = ["worksheet", "--db", str(store.path), "--import", str(path), "--by", "审核员丙"]
    assert main([*call, "--dry-run"]) == 3  # a row is refused
    assert "将读回1项，不予读回1项" in capsys.readouterr().out
    assert not any(r.decisions for r in store.load_submission(1).findings)
    assert main(call) == 3
    assert "已读回1项" in capsys.readouterr().out
    made = store.load_submission(1).findings[0].decision
    assert made is not None and (made.verdict, made.who) == ("confirm", "审核员丙")
