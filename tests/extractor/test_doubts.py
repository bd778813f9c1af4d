"""Rows that lost their line, labels said once for several rows, and what the grid made blank."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extractor.locating.labels import vocabulary
from extractor.locating.locate import locate
from extractor.locating.misread import reread
from extractor.locating.stacks import stacked_labels
from models.form import load_form
from models.types import Answer, Document, Evidence, Paragraph
from tests.extractor.grids import document, grid

SHANDONG = load_form("shandong-2024")
WORDS = vocabulary("shandong-2024")

YEARS = ["年度", "2021年", "2022年", "2023年"]
OUTPUT = ["集群总产值（亿元）", "61.10", "66.20", "72.30"]
GROWTH = ["集群主导产业产值增速（%）", "8.10", "8.20", "8.30"]
FIRMS = ["集群企业数量", "142", "147", "153"]
SMES = ["其中：集群中小企业数量", "137", "144", "149"]


def read(*parts):
    return locate(document("二、主导产业情况", *parts), SHANDONG)


def value(application, field, period=None):
    answer = application.answer(field, period)
    return answer.state if answer.value is None else answer.value


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("集群企业数量\n企业上云比例 (%)", [(0, 1), (1, 2)]),
        ("集群内中小企业产值占集群总产值比\n例（%）\n集群企业数量", [(0, 2), (2, 3)]),
        ("集群内中小企业产值占集群总产值\n比例（%）", []),  # one label that wraps
        ("数量：\n名称：", []),  # to be filled in
        ("集群企业数量\n153", []),
        ("集群企业数量", []),
    ],
)
def test_several_labels_in_one_cell(text, groups):
    assert stacked_labels(text, WORDS) == groups


def test_two_rows_without_a_line_between_them_are_two():
    rows = [YEARS, OUTPUT, GROWTH]
    both = [f"{a}\n{b}" for a, b in zip(FIRMS, SMES, strict=True)]
    application = read([*rows, both])
    assert value(application, "enterprises", "2022") == Decimal("147")
    assert value(application, "smes", "2023") == Decimal("149")


def test_a_label_cell_over_two_rows_of_values():
    rows = [YEARS, OUTPUT, [f"{FIRMS[0]}\n{SMES[0]}", *FIRMS[1:]], ["^", *SMES[1:]]]
    application = read(rows)
    assert value(application, "enterprises", "2021") == Decimal("142")
    assert value(application, "smes", "2021") == Decimal("137")


def test_rows_whose_values_do_not_fit_their_labels_ask_for_a_look():
    application = read([YEARS, OUTPUT, GROWTH, [f"{FIRMS[0]}\n{SMES[0]}", "142", "147", "153"]])
    for period in SHANDONG.years:
        answer = application.answer("smes", period)
        assert answer.state == "absent" and answer.needs_look
    assert "smes" not in {a.field for a in application.alterations if a.kind == "missing"}


def test_words_that_several_labels_have_in_common_stand_once():
    group = "主导产业相关的"
    application = read(
        [
            ["年度", "<", *YEARS[1:]],
            [group, "省级专精特新中小企业数量", "9", "12", "16"],
            ["^", "国家级专精特新“小巨人”企业数量", "3", "4", "5"],
        ]
    )
    assert value(application, "specialised_smes", "2023") == Decimal("16")
    assert not application.answer("little_giants", "2021").needs_look
    assert not [a for a in application.alterations if a.kind == "reworded"]


def test_a_figure_that_slipped_out_of_its_row_is_no_blank():
    application = read([YEARS, OUTPUT, [FIRMS[0], "142", "", "153"], ["", "", "147", ""]])
    answer = application.answer("enterprises", "2022")
    assert answer.state == "blank" and answer.needs_look
    assert "147" in answer.why_look.zh


def test_a_blank_cell_in_a_sound_table_is_a_blank():
    application = read([YEARS, OUTPUT, [FIRMS[0], "142", "", "153"], SMES])
    answer = application.answer("enterprises", "2022")
    assert answer.state == "blank" and not answer.needs_look


def test_a_row_that_was_removed_is_absent_and_missing():
    application = read([YEARS, OUTPUT, GROWTH, FIRMS])
    answer = application.answer("smes", "2022")
    assert answer.state == "absent" and not answer.needs_look
    assert "smes" in {a.field for a in application.alterations if a.kind == "missing"}


SUMMARY = "智能制造、工业互联网以及其它新模式新业态试点示范建设或应用情况（200 字以内）"
QUESTION = "集群已开展的数字化新模式\n新业态推广工作："
BOXES = (
    "☑建有国家智能制造、工业互联网以及其它国家新模式新业态试点示范项目\n"
    "□建有省级智能制造、工业互联网以及其它国家新模式新业态试点示范项目\n"
    "☑开展了智能制造、工业互联网等新模式新业态创新应用推广"
)
LONG = "骨干企业建成数字化车间三个，关键工序数控化率明显提高，全年降低成本。" * 8


def test_a_question_below_a_long_narrative_in_one_cell():
    application = locate(
        document("四、数字化升级情况", [["数字化情况", f"{SUMMARY}\n{LONG}\n{QUESTION}\n{BOXES}"]]),
        SHANDONG,
    )
    assert application.narrative("new_models_summary").text == LONG
    ticks = next(t for t in application.ticks if t.field == "new_models_actions")
    assert [o.ticked for o in ticks.options] == [True, False, True] and not ticks.needs_look


def test_a_question_whose_label_is_gone_but_whose_options_stand_there():
    rows = [["企业上云比例 (%)", "46.36"], ["其他", BOXES]]
    application = read([YEARS, OUTPUT, GROWTH, FIRMS, SMES], "四、数字化升级情况", rows)
    ticks = next(t for t in application.ticks if t.field == "new_models_actions")
    assert ticks.state == "absent" and ticks.needs_look


def test_a_blank_narrative_with_prose_in_the_row_below_asks_for_a_look():
    rows = [["数字化服务总体情况 (200 字以内)", "", ""], ["合计", LONG[:30], "备"]]
    answer = locate(document("四、数字化升级情况", rows), SHANDONG).narrative("digital_summary")
    assert answer.state == "blank" and answer.needs_look


def test_a_narrative_in_a_row_of_its_own_below_a_label_with_a_blank_cell():
    rows = [["数字化服务总体情况 (200 字以内)", ""], [LONG[:70], "<"]]
    answer = locate(document("四、数字化升级情况", rows), SHANDONG).narrative("digital_summary")
    assert answer.text == LONG[:70]


def test_rows_set_with_tabs_in_word():
    lines = [
        "年度\t2021年\t2022年\t2023年",
        "集群总产值（亿元）\t61.10\t66.20\t72.30",
        "近三年主导产业产值年均增速（%）\t8.25",
        "集群企业数量\t142\t153",
        "工业软件采购金额 (万元)\t2021年\t2022年\t2023年",
        "12.50\t13.50\t14.50",
    ]
    application = locate(document("二、主导产业情况", *lines), SHANDONG)
    assert [value(application, "total_output", y) for y in SHANDONG.years] == [
        Decimal("61.10"),
        Decimal("66.20"),
        Decimal("72.30"),
    ]
    assert value(application, "leading_output_cagr") == Decimal("8.25")
    assert value(application, "software_spend", "2023") == Decimal("14.50")
    # one of three years is missing, and nobody can tell which
    assert all(application.answer("enterprises", y).needs_look for y in SHANDONG.years)


def scanned(*lines: tuple[str, float], table: list[list[str]] | None = None) -> Document:
    """A scan's cover with how sure each line is, and a table that was surely read."""
    blocks = [Paragraph(text, page=1, place=f"第1页 段落{n}", sure=sure)
              for n, (text, sure) in enumerate(lines, 1)]  # fmt: skip
    cells = [replace(c, page=2, sure=0.99) for c in grid(table or []).cells] if table else []
    tables = [replace(grid(table or []), cells=tuple(cells), page=2)] if table else []
    return Document("扫描.pdf", "pdf", (*blocks, *tables), pages=2, ocr_pages=2)


AUTHORITY = "县级行政区划中小企业主管部门"


@pytest.mark.parametrize(
    ("cover", "sure", "value", "look"),
    [
        ("临朐具工业和信息化局", 0.5, "临朐县工业和信息化局", False),  # the table says it surely
        ("化局 1", 0.5, "临朐县工业和信息化局", True),  # too little to be the same
        ("青州市工业和信息化局", 0.99, "青州市工业和信息化局", True),  # two bodies
        ("临朐县工业和信息化", 0.99, "临朐县工业和信息化局", True),  # its last letter was lost
        ("临朐县工业和信息化局", 0.99, "临朐县工业和信息化局", False),
    ],
)
def test_a_name_of_the_cover_that_the_table_says_more_surely(cover, sure, value, look):
    lines = [
        ("山东省特色产业集群申报表", 0.99),
        (f"{AUTHORITY}（盖章）：{cover}", sure),
        ("一、基本情况", 0.99),
    ]
    table = [[AUTHORITY, "临朐县工业和信息化局"], ["集群占地面积（平方公里）", "43.42"]]
    answer = locate(scanned(*lines, table=table), SHANDONG).answer("county_authority", None)
    assert (answer.value, answer.needs_look) == (value, look)


def test_a_body_named_below_a_contacts_label_is_no_contact():
    """The operator's name stands in the column of the authority's telephone label, and is asked
    for on the cover too."""
    table = [
        ["县级行政区划中小企业主管部门", "<", "临邑县工业和信息化局", "<"],
        ["联系人", "孔建业", "联系方式", "000-0001"],
        ["集群运营管理机构", "<", "临邑县产业园服务中心", "<"],
        ["联系人", "周国梁", "联系方式", "000-0002"],
        ["集群占地面积(平方公里)", "<", "49.38", "<"],
    ]
    lines = [
        ("山东省特色产业集群申报表", 0.99),
        ("集群运营管理机构：临邑县产业园服务中心", 0.99),
        ("一、基本情况", 0.99),
    ]
    application = locate(scanned(*lines, table=table), SHANDONG)
    for field, phone in (("authority_phone", "000-0001"), ("operator_phone", "000-0002")):
        answer = application.answer(field, None)
        assert (answer.value, answer.needs_look) == (phone, False)


@pytest.mark.parametrize(
    ("said", "meant", "look"),
    [
        ("夏津棉纺织博十工作站", "夏津棉纺织博士工作站", True),
        ("棉纺织研究院：棉纺织检测站点", "棉纺织研究院；棉纺织检测站点", True),
        ("绳网织浩工业设计中心", "绳网织造工业设计中心", True),  # the plan says 织造
        ("浩天绳网设计中心", "浩天绳网设计中心", False),
        ("不锈铜绳网研究院", "不锈铜绳网研究院", False),  # the plan is not sure of 不锈钢
        ("申线申缆产业检验检测中心", "电线电缆产业检验检测中心", True),
        ("临朐具产学研合作示范其地", "临朐县产学研合作示范基地", True),
        ("博兴商用厨具企业技术中心", "博兴商用厨具企业技术中心", False),
    ],
)
def test_letters_of_a_scan_that_no_name_holds(said, meant, look):
    plan = (
        Paragraph("绳网织造产业有绳网织\n造企业142户。", sure=0.95),
        Paragraph("不锈钢绳", sure=0.5),
    )
    paper = Document("扫描.pdf", "pdf", plan)
    named = "集群创新平台 > 名称"
    evidence = Evidence("扫描.pdf", 1, how="ocr")
    answers = [
        Answer(
            "cluster_name",
            None,
            "given",
            "潍坊市临朐县铝型材特色产业集群",
            "",
            0.99,
            False,
            evidence,
        ),
        Answer(named, None, "given", said, said, 0.99, False, evidence),
    ]
    got = reread(answers, paper)
    assert got[0] is answers[0]
    assert (got[1].value, got[1].needs_look, got[1].raw) == (meant, look, said)
    typed = [replace(a, evidence=replace(evidence, how="text")) for a in answers]
    assert reread(typed, paper) == typed


@pytest.mark.parametrize(
    ("cover", "table", "look"),
    [
        ("T一凡0536-0012671", "丁一凡", True),
        ("斐明野0635-0010446", "裴明野", True),
        ("裴明野0635-0010446", "裴明野", False),
        ("裴明野0635-0010446", "颜知远", False),
    ],
)
def test_a_persons_name_read_in_two_ways(cover, table, look):
    evidence = Evidence("扫描.pdf", 1, how="ocr")
    answers = [
        Answer("contact", None, "given", cover, cover, 0.97, False, evidence),
        Answer("authority_contact", None, "given", table, table, 0.97, False, evidence),
    ]
    assert reread(answers, Document("扫描.pdf", "pdf"))[0].needs_look is look


def test_a_label_that_a_scan_misread_by_a_letter_is_not_reworded():
    table = [["集群占地面积（平方公里）", "43.42"], ["企业上去比例（%）", "66.25"]]
    scan = scanned(("四、数字化升级情况", 0.99), table=table)
    typed = document("四、数字化升级情况", table)
    for paper, kinds in ((scan, []), (typed, ["reworded"])):
        application = locate(paper, SHANDONG)
        answer = application.answer("cloud_share", None)
        assert answer.value == Decimal("66.25") and answer.needs_look
        found = [a.kind for a in application.alterations if a.field == "cloud_share"]
        assert found == kinds


@pytest.mark.parametrize(("sure", "looked_at"), [(1.0, False), (0.97, True)])
def test_a_unit_alone_in_a_scan_may_have_lost_its_figure(sure, looked_at):
    table = grid([YEARS, OUTPUT, ["集群企业数量", "家", "147", "153"]])
    cells = tuple(replace(c, sure=sure) for c in table.cells)
    scan = Document("申报表.pdf", "pdf", blocks=(replace(table, cells=cells),))
    answer = locate(scan, SHANDONG).answer("enterprises", "2021")
    assert (answer.state, answer.needs_look) == ("blank", looked_at)
