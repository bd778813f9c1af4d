"""Layouts of real offices, each named after what is unusual in it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extractor.locating.locate import locate, split_region
from models.form import load_form
from models.types import Document
from tests.extractor.grids import document, grid

SHANDONG = load_form("shandong-2024")
WEIFANG = load_form("weifang-2021")


def figures(form, *parts):
    """{field or field@period: value or state} of what the document has a place for."""
    application = locate(document(*parts), form)
    result = {}
    for a in application.answers:
        if a.state != "absent":
            key = a.field if a.period is None else f"{a.field}@{a.period}"
            result[key] = str(a.value) if a.state == "given" else a.state
            assert not a.needs_look, (key, a.raw, a.why_look)
    return result


def ticked(form, *parts):
    application = locate(document(*parts), form)
    return {
        t.field: [o.text for o in t.options if o.ticked]
        for t in application.ticks
        if t.state != "absent" and not t.needs_look
    }


PRINTED_MATRIX = [
    ["产业集群名称", "<", "潍坊市寿光市种苗特色产业集群", "<", "<", "<", "<", "产业集群\n区域面积", "<", "86.5"],
    ["企业户数", "<", "<", "从业人员数量", "主导产品情况", "<", "<", "2020年经济效益", "<", "<"],
    ["总数", "其中", "<", "^", "主导\n产品", "年产量", "国内市场比重", "营业\n收入", "利润", "税金"],
    ["^", "规模以上企业", "进入产业园区企业", "^", "^", "^", "^", "^", "^", "^"],
    ["126", "42", "88", "15560", "种苗", "20亿株", "18%", "82.6", "6.1", "2.3"],
    ["省级以上品牌、商标或产业荣誉称号数量", "<", "12", "其中", "名牌产品", "5", "驰（著）名商标", "4", "产业荣誉称号", "3"],
    ["公共服务平台数量", "6", "其中", "研发", "2", "检测", "1", "物流", "1", "电子商务"],
    ["产业集群简介", "集群位于寿光。", "<", "<", "<", "<", "<", "<", "<", "<"],
    ["各县市区、开发区工信部门审核意见", "同意推荐。（章）", "<", "<", "<", "<", "<", "<", "<", "<"],
]  # fmt: skip

TWO_COLUMNS = [
    ["产业集群名称", "潍坊市寿光市种苗特色产业集群"],
    ["产业集群区域面积（平方公里）", "86.5"],
    ["企业户数总数（户）", "126"],
    ["其中：规模以上企业", "42"],
    ["其中：进入产业园区企业", "88"],
    ["从业人员数量（人）", "15560"],
    ["主导产品", "种苗"],
    ["年产量", "20亿株"],
    ["国内市场比重（%）", "18"],
    ["2020年营业收入（亿元）", "82.6"],
    ["2020年利润（亿元）", "6.1"],
    ["2020年税金（亿元）", "2.3"],
    ["产业集群简介", "集群位于寿光。"],
]

WEIFANG_FIGURES = {
    "area": "86.5",
    "enterprises": "126",
    "enterprises_above_scale": "42",
    "enterprises_in_park": "88",
    "employees": "15560",
    "main_product": "种苗",
    "market_share_national": "18",
    "revenue@2020": "82.6",
    "profit@2020": "6.1",
    "tax@2020": "2.3",
}


@pytest.mark.parametrize("table", [PRINTED_MATRIX, TWO_COLUMNS], ids=["printed", "two-columns"])
def test_weifang_layouts(table):
    found = figures(WEIFANG, "潍坊市中小企业特色产业集群申请表", table)
    assert WEIFANG_FIGURES.items() <= found.items()


def test_honours_of_the_printed_matrix():
    found = figures(WEIFANG, PRINTED_MATRIX)
    wanted = {"honours": "12", "honours_brands": "5", "honours_trademarks": "4"}
    assert wanted.items() <= found.items()
    assert found["honours_titles"] == "3"
    assert found["service_platform_count"] == "6"
    assert found["service_platform_rd"] == "2"


def standards(found):
    return {k: v for k, v in found.items() if k.startswith("standards_")}


EXPECTED = {
    f"standards_{kind}_{level}@{year}": str(100 * (y + 1) + 10 * (n + 1) + k)
    for y, year in enumerate(("2021", "2022", "2023"))
    for n, level in enumerate(("international", "national", "industry", "association"))
    for k, kind in enumerate(("led", "joined"))
}
LEVELS = ("国际", "国家", "行业", "团体")
TITLE = "集群中小企业近三年主持（起草单位排名前三位）或参与制修订标准数量情况（需提供清单）"


def number(y, n, k):
    return str(100 * (y + 1) + 10 * (n + 1) + k)


def side_by_side():
    rows = [["年度", "2021 年", "<", "<", "2022 年", "<", "<", "2023 年", "<", "<"]]
    rows.append(["集群中小企业近三年研发投入强度 (%)", *[c for y in "123" for c in (y, "<", "<")]])
    rows.append([TITLE, *["类别", "主持数量", "参与数量"] * 3])
    for n, level in enumerate(LEVELS):
        rows.append(
            ["^", *[c for y in range(3) for c in (level, number(y, n, 0), number(y, n, 1))]]
        )
    return rows


def stacked_years():
    rows = [[TITLE, "年度", "类别", "主持数量", "参与数量"]]
    for y, year in enumerate(("2021年", "2022年", "2023年")):
        for n, level in enumerate(LEVELS):
            rows.append(["^", "^" if n else year, level, number(y, n, 0), number(y, n, 1)])
    return rows


def years_within_levels():
    rows = [[TITLE, "类别", "年度", "主持", "参与"]]
    for n, level in enumerate(LEVELS):
        for y, year in enumerate(("2021", "2022", "2023")):
            rows.append(["^", "^" if y else level, year, number(y, n, 0), number(y, n, 1)])
    return rows


def years_above_kinds_once_per_level():
    rows = [[TITLE, "类别", "2021年度", "<", "2022年度", "<", "2023年度", "<"]]
    rows.append(["^", "^", *["主持数量", "参与数量"] * 3])
    for n, level in enumerate(LEVELS):
        rows.append(["^", level, *[number(y, n, k) for y in range(3) for k in range(2)]])
    return rows


@pytest.mark.parametrize(
    "rows",
    [side_by_side(), stacked_years(), years_within_levels(), years_above_kinds_once_per_level()],
    ids=["as-printed", "stacked-years", "years-within-levels", "years-above-kinds"],
)
def test_standards_in_other_geometries(rows):
    assert standards(figures(SHANDONG, "三、创新能力情况", rows)) == EXPECTED


def test_lost_row_shifts_nothing():
    found = figures(
        SHANDONG,
        [
            ["年度", "2021 年", "2022 年", "2023 年"],
            ["集群总产值（亿元）", "45.60", "53.10", "61.07"],
            ["集群主导产业产值占集群总产值比例（%）", "81.00", "82.00", "83.00"],
            ["其中：集群中小企业数量", "180", "190", "200"],
        ],
    )
    assert found["leading_output_share@2021"] == "81.00"
    assert found["smes@2023"] == "200"
    assert not any(k.startswith(("sme_output_share", "enterprises")) for k in found)


def test_serial_number_column_unit_column_and_remark_column():
    found = figures(
        SHANDONG,
        [
            ["序号", "指标名称", "计量单位", "2021年", "2022年", "2023年", "备注"],
            ["1", "集群总产值", "亿元", "45.60", "53.10", "61.07", ""],
            ["2", "集群企业数量", "户", "200", "210", "220", "含分公司"],
            ["3", "集群中小企业数量", "户", "190", "200", "210", ""],
        ],
    )
    assert found["total_output@2022"] == "53.10"
    assert found["enterprises@2023"] == "220"
    assert found["smes@2021"] == "190"


def test_year_and_label_in_one_cell():
    found = figures(
        SHANDONG,
        [
            ["2021年集群总产值（亿元）", "45.60"],
            ["2022年集群总产值（亿元）", "53.10"],
            ["2023年集群总产值（亿元）", "61.07"],
        ],
    )
    assert found == {
        "total_output@2021": "45.60",
        "total_output@2022": "53.10",
        "total_output@2023": "61.07",
    }


def test_years_and_values_alternate_in_one_row():
    found = figures(
        SHANDONG, [["工业软件采购金额（万元）", "2021年", "100", "2022年", "120", "2023年", "130"]]
    )
    assert found == {
        "software_spend@2021": "100",
        "software_spend@2022": "120",
        "software_spend@2023": "130",
    }


@pytest.mark.parametrize(
    ("unit", "value", "sure"), [("万元", "100", True), ("元", "0.01", False)]
)  # fmt: skip
def test_the_unit_in_the_row_of_years(unit: str, value: str, sure: bool) -> None:
    """As where the label asks for none; another unit than the form's is looked at."""
    years = [f"{year}年（{unit}）" for year in (2021, 2022, 2023)]
    rows = [["工业软件采购金额", *years], ["", "100", "100", "100"]]
    found = locate(document(rows), SHANDONG).answer("software_spend", "2021")
    assert (str(found.value), not found.needs_look) == (value, sure)


def test_one_value_in_the_middle_of_three_unmerged_cells():
    found = figures(
        SHANDONG,
        [
            ["年度", "2021 年", "2022 年", "2023 年"],
            ["近三年主导产业产值年均增速（%）", "", "15.80", ""],
        ],
    )
    assert found["leading_output_cagr"] == "15.80"


def test_contacts_belong_to_the_row_above_them():
    found = figures(
        SHANDONG,
        [
            ["县级行政区划中小企业主管部门", "甲局", "<", "<"],
            ["联系人", "甲", "联系方式", "0001"],
            ["集群运营管理机构", "乙公司", "<", "<"],
            ["联系人", "乙", "联系方式", "0002"],
        ],
    )
    assert found["authority_contact"] == "甲"
    assert found["operator_contact"] == "乙"
    assert found["operator_phone"] == "0002"


def test_a_body_and_its_contacts_below_one_another():
    table = [
        ["县级行政区划中小企业主管部门", "单位名称", "甲县工业和信息化局"],
        ["^", "联系人", "甲"],
        ["^", "联系方式", "0001"],
        ["集群运营管理机构", "单位名称", "乙公司"],
        ["^", "联系人", "乙"],
        ["^", "联系方式", "0002"],
    ]
    found = figures(SHANDONG, "一、基本情况", table)
    assert (found["county_authority"], found["operator"]) == ("甲县工业和信息化局", "乙公司")
    assert (found["authority_phone"], found["operator_phone"]) == ("0001", "0002")


def test_a_serial_number_below_a_bodys_label_names_nobody():
    table = [
        ["集群运营管理机构", "<", "乙公司", "<"],
        ["1", "集群占地面积", "平方公里", "49.38"],
        ["2", "主导产业所属产业类型", "", "□第一产业 ☑第二产业 □第三产业"],
    ]
    application = locate(document("集群运营管理机构：乙公司", "一、基本情况", table), SHANDONG)
    assert {n.text for n in application.namings if n.field == "operator"} <= {"乙公司"}


def test_contacts_of_the_operator_alone():
    found = figures(
        SHANDONG,
        [["集群运营管理机构", "乙公司", "<", "<"], ["联系人", "乙", "联系方式", "0002"]],
    )
    assert found["operator_contact"] == "乙"
    assert "authority_contact" not in found


def test_targets_among_the_applicant_s_own_indicators():
    found = figures(
        SHANDONG,
        "八、未来三年特色产业集群发展规划",
        [
            ["方向", "指标", "2023年基准值", "2026年目标值"],
            ["主导产业", "集群产值年均增速（%）", "15.80", "16.00"],
            ["^", "集群总产值（亿元）", "61.07", "95.00"],
            ["^", "优质中小企业数量（户）", "30", "45"],
            ["创新", "研发经费投入（万元）", "21000", "32000"],
            ["^", "有效发明专利数量（件）", "1286", "1800"],
            ["绿色化", "二氧化碳排放量", "120000", "100000"],
        ],
    )
    assert "total_output@2023" not in found
    assert found["target_quality_smes@2026"] == "45"
    assert found["target_invention_patents@2023"] == "1286"
    assert found["target_co2@2026"] == "100000"
    assert "invention_patents" not in found


def test_cover_as_a_borderless_table():
    found = figures(
        SHANDONG,
        [
            ["集群名称：", "潍坊市寿光市种苗特色产业集群"],
            ["所属地区：", "潍坊市寿光市"],
            ["集群运营管理机构：", "某管委会"],
            ["申报时间：", "二〇二四年四月二十日"],
        ],
    )
    assert found["cluster_name"] == "潍坊市寿光市种苗特色产业集群"
    assert (found["region_city"], found["region_county"]) == ("潍坊市", "寿光市")
    assert found["filing_date"] == "2024-04-20"


def test_city_and_county_in_rows_of_their_own():
    found = figures(SHANDONG, [["所属地区（市）", "济宁市"], ["所属地区（县、市、区）", "梁山县"]])
    assert (found["region_city"], found["region_county"]) == ("济宁市", "梁山县")


def test_several_labels_in_one_cell():
    found = figures(
        SHANDONG,
        [
            ["集群绿色制造体系建设水平", "绿色工厂数量 5 个\n绿色工业园区数量：1个\n"
             "绿色供应链管理企业数量__2__\n绿色设计产品数量无"],
            ["国家制造业创新中心或国家级创新平台名称及数量", "数量：2 个 名称：甲平台、乙平台"],
        ],
    )  # fmt: skip
    assert found["green_factories"] == "5"
    assert found["green_parks"] == "1"
    assert found["green_supply_chain_enterprises"] == "2"
    assert found["green_products"] == "none"
    assert found["innovation_platforms_national"] == "2"
    assert found["innovation_platforms_national_names"] == "甲平台、乙平台"


def test_narrative_below_its_label_beside_it_and_within_it():
    application = locate(
        document(
            [
                ["集群产业链强链补链情况 (200 字以内)"],
                ["围绕种苗强链。"],
                ["集群内产业链资源协同协作情况（200字以内）：共享设备。"],
                ["集群质量品牌建设情况\n（200 字以内）\n培育品牌。"],
            ],
            [["数字化服务总体情况 (200 字以内)", "引入服务商。"]],
        ),
        SHANDONG,
    )
    texts = {n.field: n.text for n in application.narratives if n.state == "given"}
    assert texts == {
        "chain_summary": "围绕种苗强链。",
        "sharing_summary": "共享设备。",
        "quality_summary": "培育品牌。",
        "digital_summary": "引入服务商。",
    }


@pytest.mark.parametrize("closing", ["）", ""])
def test_plan_without_target_table_and_printed_guidance(closing):
    application = locate(
        document(
            "八、未来三年特色产业集群发展规划",
            "(3000 字以内)",
            "一、集群基本情况简介",
            "拥有企业120户。",
            "二、主导产业情况",
            "集群总产值：61.07亿元。",
            "（集群须围绕主导产业、创新、数字化、绿色化、开放合作、治理和服务等方面设定清晰、可考核的"
            "发展目标，鼓励集群根据自身特色增加考核指标，不局限于以上方面" + closing,
            [
                ["方向", "指标", "2023 年基准值", "2026 年目标值"],
                ["主导产业", "集群产值年均增速", "15", "16"],
                ["其它", "新增就业", "10", "20"],
            ],
            "（四）保障措施",
            "加强领导。",
            "九、真实性声明及推荐意见",
            [["真实性声明", "本单位承诺"]],
        ),
        SHANDONG,
    )
    plan = application.narrative("plan")
    assert plan.text == (
        "一、集群基本情况简介\n拥有企业120户。\n二、主导产业情况\n集群总产值：61.07亿元。\n"
        "（四）保障措施\n加强领导。"
    )
    assert application.answer("total_output", "2023").state == "absent"


def test_plan_in_a_cell_of_the_one_big_table():
    application = locate(
        document(
            [
                ["七、治理和服务水平", "<", "<", "<"],
                ["集群发展环境情况 (200 字以内)", "设管委会。", "<", "<"],
                ["八、未来三年特色产业集群发展规划", "<", "<", "<"],
                ["一、集群基本情况简介\n拥有企业120户。", "<", "<", "<"],
                ["方向", "指标", "2023年基准值", "2026年目标值"],
                ["主导产业", "集群产值年均增速", "15", "16"],
                ["2.阶段性目标\n稳步推进。", "<", "<", "<"],
                ["真实性声明", "本单位承诺", "<", "<"],
            ]
        ),
        SHANDONG,
    )
    plan = application.narrative("plan")
    assert plan.text == "一、集群基本情况简介\n拥有企业120户。\n2.阶段性目标\n稳步推进。"
    assert application.answer("target_output_growth", "2026").value == Decimal(16)
    assert application.narrative("governance_summary").text == "设管委会。"


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("☑是 □否", ["是"]),
        ("□是 √否", ["否"]),
        ("是 √  否 □", ["是"]),
        ("（√）是（ ）否", ["是"]),
        ("□是 □否", []),
        ("☑是 ☑否", ["是", "否"]),
    ],
)
def test_yes_and_no(cell, wanted):
    found = ticked(SHANDONG, [["是否存在偷税漏税、违法违规、严重失信和其他重大问题的行为", cell]])
    assert found == {"violations": wanted}


def test_options_a_row_each_and_boxes_in_a_column_of_their_own():
    found = ticked(
        SHANDONG,
        [
            ["集群已开展的质量品牌建设工作", "☑", "开展了先进质量管理模式推广"],
            ["^", "□", "开展了质量诊断服务"],
            ["^", "☑", "建立了品牌运营、品牌管理标准宣贯等机制"],
            ["^", "□", "获得了集体商标、地理标志产品批准认证或证明商标通过注册"],
        ],
    )
    assert found == {
        "quality_actions": [
            "开展了先进质量管理模式推广",
            "建立了品牌运营、品牌管理标准宣贯等机制",
        ]
    }


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("潍坊 市 寿光 县(市、区)", ("潍坊市", "寿光")),
        ("____潍坊____ 市 __寿光市__ 县（市、区）", ("潍坊市", "寿光市")),
        ("山东省潍坊市寿光市", ("潍坊市", "寿光市")),
        ("潍坊市 青州市", ("潍坊市", "青州市")),
        ("聊城市东昌府区", ("聊城市", "东昌府区")),
        ("____ 市 ____ 县 (市、区)", ("", "")),
        ("菏泽 单县", ("菏泽", "单县")),
        ("滨州 市 博兴县 (县、市、区)", ("滨州市", "博兴县")),
        ("烟台市莱阳市县（市、区", ("烟台市", "莱阳市")),  # a bracket lost in a scan
        ("济宁市汶上县县（市、区）某章", ("济宁市", "汶上县")),
    ],
)
def test_region_line(raw, wanted):
    assert split_region(raw) == wanted


def test_label_in_another_unit_is_converted_and_shown():
    application = locate(
        document([["年度", "2021年", "2022年"], ["集群总产值（万元）", "456000", "531000"]]),
        SHANDONG,
    )
    answer = application.answer("total_output", "2021")
    assert answer.value == Decimal("45.6")
    assert answer.needs_look


def test_years_and_figures_in_one_cell():
    found = figures(
        SHANDONG,
        [
            [
                "近三年单位产值二氧化碳排放量（吨二氧化碳/万元）",
                "2021年：0.38\n2022年：0.36\n2023年：0.34",
            ]
        ],
    )
    assert found == {
        "co2_intensity@2021": "0.38",
        "co2_intensity@2022": "0.36",
        "co2_intensity@2023": "0.34",
    }


def test_table_that_goes_on_without_repeating_the_years():
    found = figures(
        SHANDONG,
        [
            ["年度", "2021 年", "2022 年", "2023 年"],
            ["集群总产值（亿元）", "45.60", "53.10", "61.07"],
        ],
        [
            ["集群企业数量", "<", "200", "210", "220"],
            ["其中：集群中小企业数量", "<", "1", "2", "3"],
        ],
    )
    assert found["enterprises@2022"] == "210"
    assert found["smes@2023"] == "3"


def test_numbers_word_counts_by_itself_are_not_characters_of_the_narrative():
    table = grid([["集群质量品牌建设情况 (200 字以内)", "1. 培育品牌。\n2. 推广质量管理。"]])
    label, cell = table.cells
    cells = (label, replace(cell, numbering=((0, 3), (9, 12))))
    numbered = Document("申报表.docx", "docx", (replace(table, cells=cells),))
    narrative = locate(numbered, SHANDONG).narrative("quality_summary")
    assert narrative.text == "培育品牌。\n推广质量管理。"
    assert narrative.characters == 12


def test_parts_in_a_table_within_a_form_within_a_frame():
    """The whole form stands in one cell, and 其中 of it in a table of its own."""
    parts = grid([["名牌产品", "驰（著）名商标", "产业荣誉称号"], ["6", "3", "2"]])
    text = "名牌产品\t驰（著）名商标\t产业荣誉称号\n6\t3\t2"
    rows = [
        ["产业集群名称", "莘县水产加工特色产业集群", "产业集群区域面积", "46.10"],
        ["省级以上品牌、商标或产业荣誉称号数量", "11", "其中", text],
    ]
    inner = grid(rows)
    whole = "\n".join("\t".join(row) for row in rows)
    frame = grid([[whole]])
    blocks = (frame, replace(inner, nested=True), replace(parts, nested=True))
    application = locate(Document("申请表.docx", "docx", blocks), WEIFANG)
    found = {a.field: str(a.value) for a in application.answers if a.state == "given"}
    assert found["honours"] == "11" and found["area"] == "46.10"
    assert (found["honours_brands"], found["honours_trademarks"], found["honours_titles"]) == (
        "6", "3", "2",
    )  # fmt: skip


def test_groups_of_columns_that_repeat_their_labels_follow_the_years_of_the_table_before():
    """The years stand over the table above; here 类别, 主持数量 and 参与数量 come three times."""
    standards = "集群中小企业近三年主持（起草单位排名前三位）或参与制修订标准数量情况（需提供清单）"
    group = ["类别", "主持数量", "参与数量"]
    rows = [
        [standards, *group * 3],
        ["^", "国际", "1", "2", "国际", "3", "4", "国际", "5", "6"],
        ["^", "国家", "11", "12", "国家", "13", "14", "国家", "15", "16"],
    ]
    years = ["年度", "2023年", "2022年", "2021年"]
    above = [years, ["集群中小企业近三年研发投入强度 (%)", "3.10", "3.20", "3.30"]]
    made = locate(document("三、创新能力情况", above, rows), load_form("shandong-2024"))
    found = {
        year: [
            made.answer(f"standards_{part}_{level}", year).value
            for level in ("international", "national")
            for part in ("led", "joined")
        ]
        for year in ("2021", "2022", "2023")
    }
    assert found == {"2023": [1, 2, 11, 12], "2022": [3, 4, 13, 14], "2021": [5, 6, 15, 16]}


def test_a_list_of_boxes_that_goes_on_below_its_table():
    """Without lines the reader cannot see that the last cell reaches down to them."""
    table = grid([["集群已开展的产业链资源协同协作工作", "☑开展通用生产设备共享"]])
    table = replace(table, cells=tuple(replace(c, page=1) for c in table.cells))
    below = [
        replace(part, page=1)
        for part in document(
            "□开展物流、仓储、设计等服务资源共享", "√开展人力资源共享",
            "□开展同类设备和产品的集中采销", "√建立共享车间、共享工厂", "（注：勾选需提供佐证材料）",
            "集群质量品牌建设情况（200字以内）：推行首席质量官制度。",
        ).blocks
    ]  # fmt: skip
    application = locate(Document("申报表.pdf", "pdf", (table, *below)), SHANDONG)
    (sharing,) = (t for t in application.ticks if t.field == "sharing_actions")
    assert [o.ticked for o in sharing.options] == [True, False, True, False, True]
    assert not sharing.needs_look
