"""The worksheet, read back as a spreadsheet program would read it."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from extractor.output import FileRecord, Result
from extractor.storing.store import Store
from models.types import (
    Answer,
    Application,
    Check,
    Citation,
    Evidence,
    Finding,
    NarrativeAnswer,
    Option,
    TickAnswer,
)
from models.wording import Bilingual
from review_ui.console import UsageError
from review_ui.names import rule_name
from review_ui.worksheet.book import sheet_names, write_worksheet
from review_ui.worksheet.cells import (
    LONGEST,
    add_styles,
    clean,
    header_text,
    pieces,
    put,
    units,
    wrapped,
)

FLOOR = "criterion.output-floor"
QUOTE = Citation("某管理办法", "第四条（一）", "近三年产值均在40亿元以上")
HOSTILE = '=HYPERLINK("http://example.invalid","点击")'


def at(row: int, raw: str) -> Evidence:
    return Evidence("申报表.pdf", 2, (1, 2, 3, 4), f"第2页 表2 行{row} 列3", raw)


def figure(field: str, period: str | None, value: str, unit: str, look: bool = False) -> Answer:
    why = Bilingual("数字模糊", "the digits are blurred") if look else None
    return Answer(
        field, period, "given", Decimal(value), value, 0.98, look, at(3, value), unit, None, why
    )


def submission(name: str = "甲集群", cluster: str = "某市某县某特色产业集群") -> Result:
    low, good = at(17, "38.20"), at(18, "45.60")
    application = Application(
        form="shandong-2024",
        answers=(
            Answer("cluster_name", None, "given", cluster, cluster, 0.99, False, at(1, cluster)),
            figure("total_output", "2021", "38.20", "亿元"),
            figure("total_output", "2022", "45.60", "亿元"),
            figure("area", None, "86", "平方公里", look=True),
            Answer("employees", None, "none", None, "无", 0.99, False, at(9, "无"), "人"),
            Answer("tax", None, "unreadable", None, "+3..1", 0.5, True, at(10, "+3..1"), "亿元"),
        ),
        ticks=(
            TickAnswer(
                "violations",
                "given",
                (Option("是", False, 0.9, at(12, "")), Option("否", True, 0.8, at(12, ""))),
                False,
                at(12, "☐是 ☑否"),
            ),
        ),
        narratives=(NarrativeAnswer("plan", "given", "规划" * 40, 80, 80, 3000, at(40, "规划")),),
    )
    finding = Finding(
        FLOOR, "error", ("total_output@2021",),
        Bilingual("2021年集群总产值为38.20 亿元，应不低于40 亿元", "total_output@2021 is 38.20"),
        "≥ 40 亿元", "38.20 亿元", QUOTE, (low,), suggestion="83.2",
        suggestion_field="total_output@2021",
    )  # fmt: skip
    warning = Finding(
        "file.comments", "warning", (), Bilingual("文件含批注", "there are comments"),
        evidences=(Evidence("申报表.docx"),),
    )  # fmt: skip
    checks = (
        Check(FLOOR, ("total_output@2021",), "not_met", None, (low,), required="≥ 40 亿元",
              citation=QUOTE),
        Check(FLOOR, ("total_output@2022",), "met", None, (good,), required="≥ 40 亿元",
              citation=QUOTE),
        Check("criterion.area-limit", ("area",), "unchecked", Bilingual("面积须先核对", "look")),
        Check("criterion.violations", ("violations",), "met", required="否"),
        *(Check("arithmetic.share-range", (f"sme_output_share@{y}",), "met") for y in (2021, 2022)),
        *(
            Check("arithmetic.subset", (f"smes@{y}", f"enterprises@{y}"), "unchecked",
                  Bilingual(f"没有{y}年", f"no {y}"))
            for y in (2021, 2022)
        ),
    )  # fmt: skip
    return Result(
        submission=name, path=name, location=f"/in/{name}", programme="shandong-2024",
        on="2024-04-20", files=(FileRecord("申报表.pdf", "", "application_form", "pdf", 8),),
        application=application, checks=checks, findings=(finding, warning),
        programme_version="1",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HECHA_LANG", raising=False)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "hecha.db", now=lambda: "2024-05-06T07:08:09+08:00")


def made(store: Store, ids: list[int] | None = None) -> Workbook:
    out = store.path.parent / "工作底稿.xlsx"
    write_worksheet(store, out, ids)
    return load_workbook(out)


def table(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows of a list by the titles of its columns."""
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def cell_of(sheet: Worksheet, words: str):
    return next(c for row in sheet.iter_rows() for c in row if c.value == words)


# ------------------------------------------------------------------ what stands where


def test_the_summary_has_a_row_per_submission_and_a_column_per_criterion(store: Store) -> None:
    store.save_result(submission("乙"))
    store.save_result(submission("甲"))
    book = made(store)
    assert book.sheetnames == ["汇总", "问题清单", "数据明细", "集群对比", "乙", "甲"]
    sheet = book["汇总"]
    rows = table(sheet)
    assert [r["申报材料"] for r in rows] == ["乙", "甲"]
    row = rows[0]
    assert (row["错误"], row["警告"], row["未核查"], row["规则总数"], row["待查看"]) == (
        1,
        1,
        3,
        8,
        2,
    )
    assert (row["结论"], row["项目"]) == ("不符合", "2024年度山东省特色产业集群")
    assert (row["集群总产值"], row["集群面积"], row["无违法违规"]) == ("不符合", "未核查", "符合")
    # a criterion of the programme that no check looked at says nothing
    assert row["能效基准"] == "—"
    assert sheet.freeze_panes == "C2" and sheet.auto_filter.ref


def test_an_outcome_is_a_word_and_a_colour(store: Store) -> None:
    store.save_result(submission())
    sheet = made(store)["汇总"]
    head = {c.value: c.column for c in sheet[1]}
    shown = {
        sheet.cell(2, head[name]).value: sheet.cell(2, head[name]).fill.start_color.rgb
        for name in ("集群总产值", "集群面积", "无违法违规")
    }
    assert set(shown) == {"符合", "不符合", "未核查"}
    assert len(set(shown.values())) == 3


def test_the_findings_say_rule_article_figures_and_places(store: Store) -> None:
    store.save_result(submission())
    sheet = made(store)["问题清单"]
    error, warning = table(sheet)
    assert (error["严重程度"], error["规则编号"], error["规则名称"]) == (
        "错误",
        FLOOR,
        "集群总产值",
    )
    assert (error["条款"], error["应为"], error["填报值"]) == (
        "第四条（一）",
        "≥ 40 亿元",
        "38.20 亿元",
    )
    assert QUOTE.quote in str(error["条文"])
    assert error["涉及数据"] == "2021年集群总产值：38.20 亿元"
    assert error["出处"] == "申报表.pdf\n第2页 表2 行17 列3"
    assert error["疑似应为"] == "2021年集群总产值：83.2"
    assert (warning["规则名称"], warning["出处"]) == ("文件含批注", "申报表.docx")
    assert error["审核意见"] is None and error["备注"] is None


def test_the_decisions_drop_down_covers_every_finding(store: Store) -> None:
    store.save_result(submission())
    sheet = made(store)["问题清单"]
    (rule,) = sheet.data_validations.dataValidation
    assert rule.type == "list" and rule.formula1 == '"确认,不成立,请申报单位说明,仅备注"'
    column = cell_of(sheet, "审核意见").column_letter
    assert str(rule.sqref) == f"{column}2:{column}3"


def test_figures_are_numbers_with_their_places_and_words_are_words(store: Store) -> None:
    store.save_result(submission())
    sheet = made(store)["数据明细"]
    rows = {(r["字段"], r["年份"]): r for r in table(sheet)}
    output = rows["total_output", "2021"]
    assert (output["栏目"], output["数值"], output["单位"]) == ("集群总产值", 38.2, "亿元")
    assert output["原文"] == "38.20" and output["出处"] == "第2页 表2 行3 列3"
    assert rows["area", None]["是否待核对"] == "待核对"
    assert rows["area", None]["待核对原因"] == "数字模糊"
    assert (rows["employees", None]["数值"], rows["employees", None]["填写情况"]) == (None, "无")
    assert rows["tax", None]["原文"] == "+3..1" and rows["tax", None]["填写情况"] == "无法识别"
    assert rows["violations", None]["数值"] == "否"
    assert (rows["plan", None]["数值"], rows["plan", None]["单位"]) == (80, "字")
    written = next(c for c in sheet["G"] if c.value == 38.2)
    assert written.number_format == "0.00"


def test_a_sheet_for_each_submission_prints_on_a4(store: Store) -> None:
    store.save_result(submission("甲 & 乙"))
    sheet = made(store)["甲 & 乙"]
    assert sheet.page_setup.paperSize == 9  # A4
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    heading = cell_of(sheet, "条款").row
    assert sheet.print_title_rows == f"${heading}:${heading}"
    titles = [c.value for c in sheet[heading]]
    assert titles == ["条款", "要求", "申报值", "核算值", "结论", "出处", "审核意见"]
    assert sheet.oddHeader.left.text == "甲 && 乙"
    assert "2024-04-20" in sheet.oddHeader.right.text
    assert sheet.oddFooter.center.text == "第&P页，共&N页"


def test_the_sheet_has_every_criterion_check_and_finding(store: Store) -> None:
    store.save_result(submission())
    sheet = made(store)["甲集群"]
    rows = [["" if v is None else str(v) for v in r] for r in sheet.iter_rows(values_only=True)]
    heading = next(n for n, r in enumerate(rows) if r[0] == "条款")
    lines = [r for r in rows[heading + 1 :] if r[4]]
    assert [(r[0], r[4]) for r in lines] == [
        ("第四条（一）", "不符合\n（错误）"),
        ("第四条（一）", "符合"),
        ("—", "未核查"),
        ("—", "符合"),
        ("—", "符合"),
        ("—", "未核查"),
        ("—", "警告"),
    ]
    first = lines[0]
    assert first[1] == "集群总产值：≥ 40 亿元\n“近三年产值均在40亿元以上”"
    assert first[2] == "2021年集群总产值：38.20 亿元"
    assert "疑似应为：2021年集群总产值：83.2" in first[3]
    assert first[5] == "申报表.pdf\n第2页 表2 行17 列3" and first[6] == ""
    assert "面积须先核对" in lines[2][3]
    assert lines[4][2] == "共2处"
    assert (
        lines[5][2] == "共2处\n其中：集群中小企业数量（2021、2022年）"
        or "2021、2022年" in lines[5][2]
    )
    assert "没有2021年\n没有2022年" in lines[5][3]
    assert any(r[0].startswith("审核人：") for r in rows)


def test_what_people_decided_stands_in_it(store: Store) -> None:
    id = store.save_result(submission())
    error, warning = store.load_submission(id).findings
    one = store.add_decision(id, error.key, "dismiss", "审核员甲", error.fingerprint, "+已核实")
    store.add_decision(id, error.key, "note", "审核员乙", error.fingerprint, "另见附件", seen=one)
    store.add_decision(id, warning.key, "ask", "审核员甲", "older", "", force=True)
    book = made(store)
    first, second = table(book["问题清单"])
    assert (first["审核意见"], first["审核人"]) == ("不成立", "审核员甲")
    assert first["备注"] == "+已核实\n另见附件 (审核员乙)"
    assert first["审核时间"] == "2024-05-06 07:08"
    assert second["审核意见"] == "请申报单位说明" and "依据有变化" in str(second["备注"])
    assert table(book["汇总"])[0]["集群总产值"] == "不符合（审核不成立）"
    opinions = [c.value for c in book["甲集群"]["G"] if c.value]
    assert any(str(o).startswith("不成立\n+已核实") for o in opinions)


def test_a_correction_stands_beside_what_it_corrects(store: Store) -> None:
    result = submission()
    id = store.save_result(result)
    store.add_correction(
        id, "total_output", "2021", "83.20", "审核员甲", "看清了",
        recheck=lambda *_: (result.checks, result.findings, "1"),
    )  # fmt: skip
    rows = {(r["字段"], r["年份"]): r for r in table(made(store)["数据明细"])}
    row = rows["total_output", "2021"]
    assert row["数值"] == 83.2
    assert row["审核更正"] == "审核员甲 2024-05-06 07:08\n原读取为“38.20”\n看清了"
    assert rows["total_output", "2022"]["审核更正"] is None


def test_only_the_submissions_asked_for_each_once(store: Store) -> None:
    ids = [store.save_result(submission(name)) for name in ("甲", "乙", "丙")]
    assert made(store, [ids[2], ids[0], ids[2]]).sheetnames[4:] == ["丙", "甲"]
    with pytest.raises(KeyError):
        made(store, [99])


@pytest.mark.parametrize("ids", [None, []])
def test_an_empty_store_gives_an_empty_worksheet(store: Store, ids: list[int] | None) -> None:
    book = made(store, ids)
    assert book.sheetnames == ["汇总", "问题清单", "数据明细"]
    assert [table(sheet) for sheet in book] == [[], [], []]


def test_a_submission_of_which_nothing_was_read(store: Store) -> None:
    unreadable = Finding(
        "file.unreadable", "error", (), Bilingual("打不开", "cannot be opened"),
        evidences=(Evidence("坏.docx"),),
    )  # fmt: skip
    store.save_result(
        Result("坏", "坏", "/in/坏", None, "2024-04-20", findings=(unreadable,), processed=False)
    )
    book = made(store)
    row = table(book["汇总"])[0]
    assert (row["结论"], row["项目"], row["错误"]) == ("未能核查", "项目不明", 1)
    assert cell_of(book["坏"], "打不开")


def test_english_where_it_is_asked_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HECHA_LANG", "en")
    store.save_result(submission())
    book = made(store)
    assert book.sheetnames[0] == "Summary sheet"
    assert table(book["Summary sheet"])[0]["Total output"] == "not fulfilled"
    assert table(book["Findings sheet"])[0]["where it stands"] == (
        "申报表.pdf\np. 2 table 2 row 17 column 3"
    )


def test_twice_the_same(store: Store) -> None:
    store.save_result(submission())
    parts = []
    for name in ("a.xlsx", "b.xlsx"):
        write_worksheet(store, store.path.parent / name)
        with zipfile.ZipFile(store.path.parent / name) as z:
            parts.append({n: z.read(n) for n in z.namelist() if not n.startswith("docProps/")})
    assert parts[0] == parts[1]


def test_a_file_that_cannot_be_written_is_said_so(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_worksheet(store, tmp_path / "nowhere" / "w.xlsx")
    (tmp_path / "taken.xlsx").mkdir()
    with pytest.raises(UsageError):
        write_worksheet(store, tmp_path / "taken.xlsx")
    assert [p.name for p in tmp_path.iterdir() if "new" in p.name] == []


# ------------------------------------------------------------------ text is never a formula


def test_no_formula_gets_in(store: Store) -> None:
    result = submission(HOSTILE, cluster=HOSTILE)
    id = store.save_result(result)
    r = store.load_submission(id).findings[0]
    store.add_decision(id, r.key, "note", "@SUM(1)", r.fingerprint, "-2+3|cmd")
    out = store.path.parent / "w.xlsx"
    write_worksheet(store, out)
    with zipfile.ZipFile(out) as z:
        assert not [n for n in z.namelist() if b"<f>" in z.read(n) or b"<f " in z.read(n)]
        assert not [n for n in z.namelist() if "externalLink" in n]
    book = load_workbook(out)
    assert table(book["汇总"])[0]["集群名称"] == HOSTILE
    for sheet in book:
        for row in sheet.iter_rows():
            for c in row:
                assert c.data_type in "snb", (sheet.title, c.coordinate)
                if isinstance(c.value, str) and c.value[:1] in "=+-@":
                    assert c.quotePrefix, (sheet.title, c.coordinate)


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@a", "\tx", "\rx", "＝1", "#N/A", "1.0"])
def test_text_stays_text(words: str) -> None:
    book = Workbook()
    add_styles(book)
    cell = put(book.active, 1, 1, words)
    assert cell.data_type == "s" and cell.value == words.replace("\r", "\n")


@example("a\x00b\x0b\ud800￾")
@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_text_can_be_written(words: str) -> None:
    assert clean(clean(words)) == clean(words)
    clean(words).encode("utf-8")
    book = Workbook()
    add_styles(book)
    assert put(book.active, 1, 1, words).value == (clean(words) or None)


def test_a_text_too_long_for_a_cell_is_cut_with_a_mark() -> None:
    for long in ("长" * 40000, "𠀀" * 20000):
        cut = clean(long)
        assert len(cut.encode("utf-16-le")) // 2 <= LONGEST
        assert cut.endswith("以下截断）")
    assert clean("长" * LONGEST) == "长" * LONGEST


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (Decimal("38.20"), "n", "0.00"),
        (Decimal("70"), "n", "0"),
        (Decimal("-0.5"), "n", "0.0"),
        (Decimal("4.56E+5"), "n", "0"),
        (Decimal("12345678901234567890"), "s", "General"),
        (Decimal("1E+400"), "s", "General"),
        (Decimal("NaN"), "s", "General"),
    ],
)
def test_a_number_keeps_its_digits(value: Decimal, kind: str, shown: str) -> None:
    book = Workbook()
    add_styles(book)
    cell = put(book.active, 1, 1, value)
    assert (cell.data_type, cell.number_format) == (kind, shown)


# ------------------------------------------------------------------ names of sheets


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        (["a/b", "a:b", "A*B"], ["a b", "a b (2)", "A B (3)"]),
        (["[x]?", "'x'"], ["x", "x (2)"]),
        (["History", "汇总"], ["History (2)", "汇总 (2)"]),
        (["", "///", "\x00"], ["—", "— (2)", "— (3)"]),
        (["长" * 40, "长" * 41], ["长" * 31, "长" * 27 + " (2)"]),
        (["𠀀" * 20], ["𠀀" * 15]),
    ],
)
def test_sheet_names(wanted: list[str], got: list[str]) -> None:
    assert sheet_names(wanted, ["汇总"]) == got


@given(st.lists(st.text(max_size=40), max_size=12))
def test_sheet_names_are_legal_and_unlike(wanted: list[str]) -> None:
    names = sheet_names(wanted)
    assert len({n.casefold() for n in names}) == len(wanted)
    for n in names:
        assert 0 < len(n.encode("utf-16-le")) // 2 <= 31
        assert not set(n) & set("[]:*?/\\") and n[0] != "'" and n[-1] != "'"


def test_submissions_called_alike_each_have_their_sheet(store: Store) -> None:
    for place in ("一", "二"):
        store.save_result(replace(submission("某/县"), location=place))
    book = made(store)
    assert book.sheetnames[4:] == ["某 县", "某 县 (2)"]
    links = [c.hyperlink.location for c in book["汇总"]["A"] if c.hyperlink]
    assert links == ["'某 县'!A1", "'某 县 (2)'!A1"]


# ------------------------------------------------------------------ print


@given(
    st.text(alphabet="一二三abc 1234\n（）", max_size=200), st.integers(4, 40), st.integers(1, 9)
)
def test_pieces_lose_nothing_and_fit(words: str, width: int, most: int) -> None:
    parts = pieces(words, width, most)
    assert "".join(parts).replace("\n", "") == words.replace("\n", "")
    assert all(len(wrapped(p, width)) <= most for p in parts)
    assert all(units(line) <= width for p in parts for line in wrapped(p, width))


def test_a_long_line_goes_on_in_the_next_row(store: Store) -> None:
    words = "".join(f"缺少“第{n}栏”；" for n in range(120))
    long = Finding("format.altered", "warning", (), Bilingual(words, "altered"))
    store.save_result(replace(submission(), findings=(long,)))
    sheet = made(store)["甲集群"]
    first = next(c.row for c in sheet["B"] if c.value == "表样未改动")
    said = [sheet.cell(first, 4).value]
    while sheet.cell(first + len(said), 1).value == "（续）":
        said.append(sheet.cell(first + len(said), 4).value)
    assert len(said) > 2 and "".join(said) == words
    assert all(sheet.row_dimensions[first + n].height < 400 for n in range(len(said)))


def test_a_header_holds_no_codes() -> None:
    assert header_text("a&P\nb") == "a&&P b"
    assert len(header_text("长" * 300)) == 70


# ------------------------------------------------------------------ names of rules


def test_every_rule_of_the_programmes_has_a_name() -> None:
    from models.programme import load_programme, programme_ids

    rules = {c.rule for id in programme_ids() for c in load_programme(id).criteria}
    assert [r for r in sorted(rules) if rule_name(r).zh == r] == []
    assert rule_name("criterion.unheard-of").zh == "criterion.unheard-of"
