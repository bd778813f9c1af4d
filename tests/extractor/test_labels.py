"""What is a printed label and what is not, however it was typed."""

from __future__ import annotations

import pytest

from extractor.locating.inline import labels_inside
from extractor.locating.labels import fold, vocabulary

SHANDONG = vocabulary("shandong-2024")
WEIFANG = vocabulary("weifang-2021")


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("集群总产值（亿元）", "集群总产值"),
        ("集 群 总 产 值 (亿元)", "集群总产值"),
        ("集群总产值\n（单位：亿元）", "集群总产值"),
        ("1．集群总产值", "集群总产值"),
        ("（一）集群总产值：", "集群总产值"),
        ("③ 集群总产值（亿元）", "集群总产值"),
        ("1.1 企业上云比例（％）", "企业上云比例"),
        (
            "主导产业相关的国家级专精特新小巨人企业个数",
            "主导产业相关的国家级专精特新小巨人企业数量",
        ),
        ("其中：中小企业数量", "其中中小企业数量"),
        (
            "数字化新模式新业态推广情况：\n智能制造、工业互联网以及其它新模式\n新业态试点示范建设或应用情况"
            "（200字以内）",
            "智能制造工业互联网以及其它新模式新业态试点示范建设或应用情况",
        ),
        ("大宗工业固废\n综合利用率（%）", "大宗工业固废综合利用率"),
        ("集群中小企业ＰＣＴ国际专利申请量", "集群中小企业pct国际专利申请量"),
    ],
)  # fmt: skip
def test_label_as_typed(typed, label):
    heading = SHANDONG.read(typed)
    assert heading is not None
    assert heading.labels[0][0] == label


@pytest.mark.parametrize(
    "text",
    [
        "45.60",
        "",
        "潍坊市寿光市种苗特色产业集群",
        "集群名称：潍坊市寿光市种苗特色产业集群",
        "集群总产值（亿元）：45.60",
        "集群企业数量 120 户",
        "集群内中小企业从业人员数量15560人",
        "集群质量品牌建设情况\n（200 字以内）\n培育品牌。",
        "二、发展现状",
        "围绕种苗强链。",
    ],
)
def test_text_that_holds_a_value_is_no_label(text):
    heading = SHANDONG.read(text)
    assert heading is None or not heading.labels


@pytest.mark.parametrize(
    ("typed", "year", "column"),
    [
        ("2021年", "2021", None),
        ("2021 年度", "2021", None),
        ("２０２１年", "2021", None),
        ("二〇二一年", "2021", None),
        ("2021", "2021", None),
        ("2021年（万元）", "2021", None),
        ("2023 年基准值", None, "2023"),
        ("2026年目标", None, "2026"),
        ("目标值（2026年）", None, "2026"),
        ("基准值", None, "2023"),
    ],
)
def test_years_and_target_columns(typed, year, column):
    heading = SHANDONG.read(typed)
    assert (heading.year, heading.column) == (year, column)


@pytest.mark.parametrize("typed", ["2020年经济效益", "二〇二〇年 经济效益", "**年经济效益"])
def test_year_in_the_heading_above_the_figures(typed):
    heading = WEIFANG.read(typed)
    assert heading.labels[0][0] == "年经济效益"
    assert heading.year == (None if "*" in typed else "2020")


@pytest.mark.parametrize(
    ("typed", "section"),
    [
        ("二、主导产业情况", "二、主导产业情况"),
        ("（二）主导产业情况", "二、主导产业情况"),
        ("八、未来三年特色产业集群发展规划\n(3000 字以内)", "八、未来三年特色产业集群发展规划"),
        ("九、真实性声明及推荐意见", ""),
        ("九、真实性声明及推存息见", ""),
        ("八、真实性声明及推存息见", None),
        ("三、存在的问题", None),
        ("集群基本情况简介", None),
    ],
)
def test_sections(typed, section):
    assert SHANDONG.section(typed) == section


@pytest.mark.parametrize("short", ["研发", "检测", "物流", "其他", "利润", "税金", "总数"])
def test_short_labels_are_not_confused_with_each_other(short):
    heading = WEIFANG.read(short)
    assert [key for key, _ in heading.labels] == [short]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("从业人员数量", "集群内中小企业从业人员数量"),
        ("研发人员占比", "集群内中小企业研发人员占从业人员比例"),
        ("PCT专利申请量", "集群中小企业pct国际专利申请量"),
        ("小巨人企业数量", "主导产业相关的国家级专精特新小巨人企业数量"),
        ("高新技术企业数量", "主导产业相关的国家级高新技术企业数量"),
        ("固废综合利用率", "大宗工业固废综合利用率"),
    ],
)
def test_a_shortened_label_is_found_and_looked_at(typed, label):
    heading = SHANDONG.read(typed)
    assert heading.score(label)
    assert heading.score(label) < 86


@pytest.mark.parametrize("text", ["工业软件", "车桥总成", "主导产业", "高新技术企业"])
def test_words_of_a_label_are_not_a_shortening_of_it(text):
    heading = SHANDONG.read(text)
    assert heading is None or heading.labels[0][1] > 86 or not heading.names_field


def test_a_variant_that_shares_the_glyph_is_the_same_label():
    assert fold("企业戶数") == fold("企业户数")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "绿色工厂数量5\n绿色工业园区数量0\n绿色供应链管理企亚数量0\n绿色设计产品数量6",
            ["绿色工厂数量", "绿色工业园区数量", "绿色供应链管理企业数量", "绿色设计产品数量"],
        ),
        (
            "绿色工厂数量 1\n绿色供应链管理企业数量—\n绿色工业园区数量/",
            ["绿色工厂数量", "绿色供应链管理企业数量", "绿色工业园区数量"],
        ),
        ("绿色工厂数量: 5\n绿色供应链管理企业教量：2", ["绿色工厂数量", "绿色供应链管理企业数量"]),
        ("绿色工厂数量5\n绿色示范车间管理单位合计2", ["绿色工厂数量"]),
    ],
)
def test_labels_in_the_rows_of_a_text(text, found):
    """One misread letter of a long label is forgiven there as in a cell of its own."""
    assert [h.labels[0][0] for _, _, h in labels_inside(text, SHANDONG)] == found


@pytest.mark.parametrize("label", ["申报单位（盖章）", "申报单位盖章）", "申报单位 盖章）"])
def test_a_remark_whose_bracket_a_scan_lost_belongs_to_the_label(label):
    text = f"{label}：某市果蔬机械行业协会"
    [(start, end, heading)] = labels_inside(text, WEIFANG)
    assert (text[start:end], heading.labels[0][0]) == (label, "申报单位")
