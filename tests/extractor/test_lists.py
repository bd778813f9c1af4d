# ruff: noqa: E501
"""Attached lists: which rows count, for which figures; one awkward clerk a test."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from extractor.submission.lists import listings
from models.form import load_form
from models.loading.list_kinds import list_kinds
from models.types import Answer, Application, Document, Evidence, Listing
from models.writing.list_numbers import (
    check_digit,
    number_year,
    patent_number,
    standard_level,
    standard_number,
)
from tests.extractor.grids import document

NAME = "甲市乙县丙特色产业集群"


def zl(n: int, year: int = 2020, kind: int = 1) -> str:
    digits = f"{year}{kind}{n:07d}"
    return f"ZL{digits}.{check_digit(digits)}"


def count(*documents: Document, form: str = "shandong-2024") -> list[Listing]:
    answer = Answer("cluster_name", None, "given", NAME, NAME, 1.0, False, Evidence())
    application = Application(form, (answer,))
    found, _ = listings(load_form(form), application, documents)
    return list(found)


def counts(*documents: Document, form: str = "shandong-2024") -> dict[str, Any]:
    """Reference → count of what is not nought; a star where it is not sure."""
    return {
        (f"{one.field}@{one.period}" if one.period else one.field): f"{one.count}*"
        if not one.sure
        else one.count
        for one in count(*documents, form=form)
        if one.rows
    }


PATENTS = [["序号", "专利名称", "专利号", "权利人"]]


def patents(
    *rows: list[str], title: str = f"{NAME}有效发明专利清单", file: str = "001.docx"
) -> Document:
    return document(title, [*PATENTS, *rows], file=file)


# ------------------------------------------------------------------ which rows count


def test_headings_totals_blanks_and_remarks_are_no_rows() -> None:
    made = patents(
        ["1", "一种方法", zl(1), "某公司"],
        ["2", "一种装置", zl(2), "某公司"],
        ["序号", "专利名称", "专利号", "权利人"],
        ["3", "", "", ""],
        ["", "", "", ""],
        ["3", "一种系统", zl(3), "某厂"],
        ["小计", "", "3", ""],
        ["", "合  计", "3件", ""],
        ["注：数据截至2023年底", "<", "<", "<"],
        ["……", "", "", ""],
    )
    assert counts(made) == {"invention_patents": 3}


def test_rows_that_a_page_joined_are_parted_by_their_numbers() -> None:
    made = patents(
        ["1\n2", "一种方法\n一种装置", f"{zl(1)}\n{zl(2)}", "某公司"],
        ["3", "一种系统", zl(3), "某厂"],
        file="001.pdf",
    )
    assert counts(made) == {"invention_patents": 3}


def test_names_that_run_over_all_rows_are_one_each() -> None:
    made = document("集群省级以上名牌产品、著名商标及荣誉称号清单", [
        ["序号", "名称", "类别", "级别"],
        ["1", "“甲”牌拖拉机\n“乙”商标\n丙称号", "名牌产品", "省级"],
        ["2", "^", "著名商标", "省级"],
        ["3", "^", "荣誉称号", "国家级"],
    ], file="5.pdf")  # fmt: skip
    assert counts(made, form="weifang-2021")["honours"] == 3


@pytest.mark.parametrize(("serials", "sure"), [("123", True), ("124", False), ("12 ", False)])
def test_a_page_whose_numbers_do_not_run_on_may_have_lost_rows(serials: str, sure: bool) -> None:
    rows = [[s.strip(), f"一种方法{s}", zl(n), "某厂"] for n, s in enumerate(serials)]
    read = document(f"{NAME}有效发明专利清单", [*PATENTS, *rows], file="a.pdf")
    [listing] = count(replace(read, kind="pdf"))
    assert listing.sure == sure


def test_the_title_may_stand_in_the_table_and_the_heading_in_two_rows() -> None:
    made = document([
        ["有效发明专利清单", "<", "<", "<"],
        ["序号", "专利", "<", "权利人"],
        ["^", "名称", "专利号", "^"],
        ["1", "一种方法", zl(1), "某公司"],
        ["2", "一种装置", zl(2), "某公司"],
    ])  # fmt: skip
    assert counts(made) == {"invention_patents": 2}


def test_doubled_and_malformed_numbers_are_told() -> None:
    typed = zl(2).lower().replace("zl", "ＺＬ ").replace(".", "．")
    rows = [["1", "一", zl(1), ""], ["2", "二", zl(2), ""], ["3", "三", typed, ""],
            ["4", "四", "ZL20201000", ""], ["5", "五", zl(5), ""], ["6", "六", zl(6), ""],
            ["7", "七", zl(7)[:-1] + ("1" if zl(7)[-1] != "1" else "2"), ""], ["8", "八", zl(8, kind=2), ""],
            *[[str(n), f"第{n}", zl(n), ""] for n in range(9, 16)]]  # fmt: skip
    [one] = count(patents(*rows))
    assert one.count == 14
    told = [(r.status, r.number) for r in one.rows if r.status != "counted"]
    assert [s for s, _ in told] == ["doubled", "malformed", "malformed", "malformed"]
    assert told[0] == ("doubled", zl(2)) and told[1] == ("malformed", "ZL20201000")


def test_check_digits_that_nobody_computed_are_not_held_against_the_list() -> None:
    rows = [[str(n), f"名{n}", zl(n)[:-1] + "0", ""] for n in range(1, 12)]
    [one] = count(patents(*rows))
    assert {r.status for r in one.rows} == {"counted"}


def test_two_columns_of_a_list_beside_each_other() -> None:
    made = document(
        "集群企业名录",
        [
            ["序号", "企业名称", "序号", "企业名称"],
            ["1", "甲公司", "3", "丙公司"],
            ["2", "乙公司", "", ""],
        ],
    )
    assert counts(made, form="weifang-2021") == {"enterprises": 3}


def test_a_table_that_goes_on_without_its_heading() -> None:
    made = document(
        "有效发明专利清单",
        [*PATENTS, ["1", "一", zl(1), "某"]],
        [["2", "二", zl(2), "某"], ["3", "三", zl(3), "某"]],
    )
    assert counts(made) == {"invention_patents": 3}


def test_numbered_paragraphs_are_a_list() -> None:
    made = document(
        "境外分支机构清单", "1.某某（越南）有限公司，2021年", "2、某某泰国办事处", "合计2个"
    )
    assert counts(made) == {"overseas_branches": 2}


def test_several_lists_in_one_document() -> None:
    made = document(
        "附件清单汇编", "一、有效发明专利清单", [*PATENTS, ["1", "一", zl(1), "某"]],
        "二、境外分支机构清单", [["序号", "机构名称", "所在国家"], ["1", "某泰国公司", "泰国"], ["2", "某办事处", "越南"]],
    )  # fmt: skip
    assert counts(made) == {"invention_patents": 1, "overseas_branches": 2}


def test_a_list_over_several_sheets_is_one() -> None:
    made = document("2021年授权发明专利", [*PATENTS, ["1", "一", zl(1), "某"]],
                    "2022年授权发明专利", [*PATENTS, ["1", "二", zl(2), "某"], ["2", "一", zl(1), "某"]],
                    "填表说明", [["1、专利号应与证书一致。"], ["2、由企业填报。"]])  # fmt: skip
    [one] = count(made)
    assert (one.count, len(one.rows)) == (2, 3)


def test_the_same_list_in_word_and_in_pdf_counts_once() -> None:
    rows = [[str(n), f"名{n}", zl(n), "某"] for n in range(1, 9)]
    part = [["1", "名1", zl(1), "某"], ["2", "名2", zl(2), "某"]]
    certificates = patents(*part, title="发明专利证书", file="证书.docx")
    assert counts(patents(*rows), patents(*rows, file="002.docx"), certificates) == {
        "invention_patents": 8
    }


@pytest.mark.parametrize(
    "title", ["参训企业名单", "上云企业名单", "银企对接会参会企业名单", "获得贷款企业清单"]
)
def test_a_list_of_something_else_counts_nothing(title: str) -> None:
    made = document(title, [["序号", "企业名称"], ["1", "甲公司"], ["2", "乙公司"]])
    assert counts(made, form="weifang-2021") == {}


# ------------------------------------------------------------------ what the rows are

STANDARDS = {
    "columns for everything": [
        ["序号", "标准名称", "标准号", "标准级别", "主持/参与", "发布年度"],
        ["1", "一", "GB/T 11-2021", "国家标准", "主持", "2021"],
        ["2", "二", "T/AB 12-2022", "团体标准", "参与", "2022"],
        ["3", "三", "GB/T 13-2022", "国家标准", "参与", "2022年5月"],
    ],
    "sub-headings and the drafter's rank": [
        ["序号", "标准名称", "标准编号", "起草单位排名", "发布日期"],
        ["一、国家标准", "<", "<", "<", "<"],
        ["1", "一", "GB/T 11-2021", "2", "2021-06-01"],
        ["2", "三", "GB/T 13-2022", "第5", "2022-06-01"],
        ["二、团体标准", "<", "<", "<", "<"],
        ["1", "二", "T/AB 12-2022", "4", "2022-06-01"],
    ],
    "the level merged over its rows, the year in the number": [
        ["级别", "序号", "标准名称", "标准号", "参与方式"],
        ["国家", "1", "一", "GB/T 11-2021", "主持起草"],
        ["^", "2", "三", "GB/T 13-2022", "参与起草"],
        ["团体", "3", "二", "T/AB 12—2022", "参与"],
    ],
    "only the number says the level": [
        ["序号", "标准名称", "标准号", "制定方式", "年份"],
        ["1", "一", "GB 11-2021", "牵头", "2021"],
        ["2", "二", "T/AB 12-2022", "参编", "2022"],
        ["3", "三", "GB/Z 13-2022", "参编", "2022"],
        ["4", "四", "GB/T 14-2019", "参编", "2019"],
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", STANDARDS)
def test_standards_by_level_part_and_year(name: str) -> None:
    made = document("标准制修订清单", STANDARDS[name])
    found = counts(made)
    assert {k: int(str(v).rstrip("*")) for k, v in found.items()} == {
        "standards_led_national@2021": 1,
        "standards_joined_national@2022": 1,
        "standards_joined_association@2022": 1,
    }


def test_lists_of_one_level_each_cover_only_that_level() -> None:
    rows = [
        ["序号", "标准名称", "标准号", "主持或参与", "年度"],
        ["1", "一", "GB 11-2021", "主持", "2021"],
    ]
    found = count(document("国家标准清单", rows))
    assert {one.field for one in found} == {"standards_led_national", "standards_joined_national"}


def test_what_cannot_be_told_is_counted_together() -> None:
    rows = [["序号", "标准名称", "标准号"], ["1", "一", "GB 11"], ["2", "二", "GB 12"]]
    found = {one.field: one for one in count(document("标准清单", rows))}
    national = found["standards_led_national"]
    assert national.count == 2
    assert set(national.fields) == {
        f"standards_{part}_national@{year}"
        for part in ("led", "joined")
        for year in (2021, 2022, 2023)
    }


def test_platforms_by_level() -> None:
    rows = [
        ["序号", "平台名称", "级别"],
        ["1", "某中心", "国家级"],
        ["2", "某实验室", "省级"],
        ["3", "某站", "市级"],
        ["4", "某院", "县级"],
    ]
    assert counts(document("创新平台清单", rows)) == {
        "innovation_platforms_national": 1, "innovation_platforms_provincial": 1, "innovation_platforms_other": 2,
    }  # fmt: skip


def test_honours_by_kind_and_in_all() -> None:
    rows = [
        ["序号", "名称", "类别", "授予单位"],
        ["1", "某牌", "名牌产品", "某局"],
        ["2", "某标", "驰名商标", "某局"],
        ["3", "某都", "产业荣誉称号", "某会"],
    ]
    assert counts(document("品牌商标荣誉清单", rows), form="weifang-2021") == {
        "honours_brands": 1, "honours_trademarks": 1, "honours_titles": 1, "honours": 3,
    }  # fmt: skip


def test_a_list_of_one_kind_says_nothing_of_all() -> None:
    made = document("名牌产品清单", [["序号", "产品名称"], ["1", "某牌"], ["2", "另牌"]])
    assert counts(made, form="weifang-2021") == {"honours_brands": 2}


def test_a_title_that_names_both_decides_nothing() -> None:
    rows = [["序号", "标准名称", "标准号", "年度"], ["1", "一", "GB 11-2021", "2021"]]
    [one] = [o for o in count(document("近三年主持或参与制修订标准清单", rows)) if o.rows]
    assert set(one.fields) == {"standards_led_national@2021", "standards_joined_national@2021"}


@pytest.mark.parametrize(
    ("heads", "one", "two"),
    [
        (["是否规模以上", "是否入园"], ["是", "是"], ["否", "是"]),
        (["规上企业", "进入产业园区"], ["√", "√"], ["", "√"]),
        (["企业规模", "所在园区"], ["规模以上", "园区内"], ["规模以下", "园区内"]),
    ],
)
def test_columns_of_yes_and_no_count_their_own_figures(
    heads: list[str], one: list[str], two: list[str]
) -> None:
    made = document(
        "集群企业名录", [["序号", "企业名称", *heads], ["1", "甲公司", *one], ["2", "乙公司", *two]]
    )
    found = counts(made, form="weifang-2021")
    assert found["enterprises"] == 2 and found["enterprises_above_scale"] == 1
    assert found.get("enterprises_in_park", 2) == 2


def test_an_enterprise_list_of_a_kind_counts_the_last_year() -> None:
    made = document(
        "专精特新中小企业名单", [["序号", "企业名称"], ["1", "甲公司"], ["2", "乙公司"]]
    )
    assert counts(made) == {"specialised_smes@2023": 2}


# ------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    ("raw", "usual", "sound"),
    [
        (zl(7), zl(7), True), ("ZL 2021 1 0123456.7", "ZL202110123456.7", True),
        ("专利号：202110123456．7", "ZL202110123456.7", True), ("ZL98101234.5", "ZL98101234.5", True),
        ("CN113456789B", "CN113456789B", True), ("ZL20211012345", "ZL20211012345", False),
        ("ZL2O2110123456.7", "ZL2O2110123456.7", False), ("国审稻20210001", "国审稻20210001", True),
    ],
)  # fmt: skip
def test_patent_numbers(raw: str, usual: str, sound: bool) -> None:
    number = patent_number(raw)
    assert number is not None and (number.text, number.sound) == (usual, sound)


def test_a_patent_of_another_kind_is_no_invention() -> None:
    kinds = {zl(1): True, zl(1, kind=2): False, zl(1, kind=3): False, "CN214567890U": False}
    for raw, invention in kinds.items():
        number = patent_number(raw)
        assert number is not None and number.invention is invention
    assert patent_number("申请中") is None


@pytest.mark.parametrize(
    ("raw", "level", "year"),
    [
        ("GB/T 12345—2022", "national", "2022"), ("GB 1234.1-2020", "national", "2020"),
        ("HG/T 1234-2021", "industry", "2021"), ("T/SDAS 123—2021", "association", "2021"),
        ("ISO/IEC 27001:2022", "international", "2022"), ("IEC 60601-1-2:2020", "international", "2020"),
        ("DB37/T 1234-2020", None, "2020"), ("Q/ABC 001-2020", None, "2020"),
    ],
)  # fmt: skip
def test_standard_numbers(raw: str, level: str | None, year: str) -> None:
    number = standard_number(raw)
    assert number is not None and number.sound
    assert (standard_level(number.text), number_year(number.text)) == (level, year)


@pytest.mark.parametrize("raw", ["GB/T XXXX-2023", "标准2022", "T/2022-1", "GB/T 1234-20220"])
def test_malformed_standard_numbers(raw: str) -> None:
    number = standard_number(raw)
    assert number is not None and not number.sound


# ------------------------------------------------------------------ the data


def test_what_the_lists_count_are_figures_of_some_form() -> None:
    forms = [load_form(id) for id in ("shandong-2024", "weifang-2021")]
    for kind in list_kinds():
        for field in kind.fields():
            assert any(f.has(field) and f.field(field).integer for f in forms), field


def test_every_figure_that_asks_for_a_list_has_one() -> None:
    form = load_form("shandong-2024")
    counted = {f for kind in list_kinds() for f in kind.fields()}
    assert {f.id for f in form.fields if f.list} <= counted


def test_a_total_says_nothing_more_than_its_part_that_is_short() -> None:
    from models.rules.list_checks import list_checks

    rows = [["1", "甲牌", "名牌产品"], ["2", "乙", "著名商标"], ["3", "丙", "荣誉称号"]]
    read = document(
        "名牌产品、著名商标及荣誉称号清单", [["序号", "名称", "类别"], *rows], file="5.docx"
    )
    form = load_form("liaocheng-2021")
    said = {"honours": 4, "honours_brands": 1, "honours_trademarks": 2, "honours_titles": 1}
    answers = tuple(
        Answer(f, None, "given", Decimal(v), str(v), 1.0, False, Evidence("申请表.docx"))
        for f, v in said.items()
    )
    application = Application(form.id, answers)
    found, _ = listings(form, application, [read])
    told = [f for _, f in list_checks(form, replace(application, listings=found)) if f is not None]
    assert [(f.severity, f.fields) for f in told] == [("error", ("honours_trademarks", "honours"))]


@pytest.mark.parametrize(("name", "severity"), [("某公司", "error"), ("另一公司", None)])
def test_a_firm_that_stands_twice_is_one_firm(name: str, severity: str | None) -> None:
    from models.rules.list_checks import list_checks

    rows = [["1", "某公司", "园区"], ["2", name, "园区"]]
    read = document("企业名录", [["序号", "企业名称", "地址"], *rows], file="6.docx")
    form = load_form("weifang-2021")
    stated = Answer("enterprises", None, "given", Decimal(2), "2", 1.0, False, Evidence("申.docx"))
    application = Application(form.id, (stated,))
    found, _ = listings(form, application, [read])
    told = list_checks(form, replace(application, listings=found))
    assert [f.severity for _, f in told if f] == ([severity] if severity else [])


def test_the_nearest_title_says_which_list_it_is():
    """A workbook's first and longer title stands over its other sheets too."""
    partners = [["序号", "院校名称"], ["1", "甲大学"], ["2", "乙大学"]]
    bases = [["序号", "载体名称"], ["1", "甲众创空间"], ["2", "乙众创空间"], ["3", "丙众创空间"]]
    made = document(
        "合作的科研院所、院校名单",
        partners,
        "双创载体名单",
        bases,
        file="4.合作院校、双创载体名单.docx",
    )
    assert counts(made, form="shandong-2022-evaluation") == {
        "academic_partners": 2,
        "incubators": 3,
    }
