"""Self-evaluation reports: indicators as at one day, wherever they stand, and typical projects."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extractor.evaluation.days import day_of
from extractor.evaluation.report import read_report
from extractor.locating.recognise import recognise
from models.form import load_form
from models.types import Document
from tests.extractor.grids import document

FORM = load_form("shandong-2022-evaluation")
DAY = "2021-12-31"


def read(*parts, kind="docx"):
    made = document(*parts)
    return read_report(Document(made.file, kind, made.blocks), FORM)


def figure(field, *parts):
    """(value, whether a person must look) of an indicator; None where it is absent."""
    answer = read(*parts).answer(field)
    if answer.state == "absent":
        return None
    return (float(answer.value) if isinstance(answer.value, Decimal) else answer.state,
            answer.needs_look)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2021年", "asked"),
        ("2021年度", "asked"),
        ("截至2021年底", "asked"),
        ("截止2021年12月31日", "asked"),
        ("2021.12.31", "asked"),
        ("二〇二一年末", "asked"),
        ("2021年6月底", "other"),
        ("2021年上半年", "other"),
        ("2021年1-9月", "other"),
        ("2021年前三季度", "other"),
        ("2020年", "other"),
        ("2022年一季度", "other"),
        ("截至2022年3月底", "other"),
        ("目前", "other"),
        ("截至目前", "other"),
        ("由2020年底增加到2021年底", "asked"),
        ("2021年底以来，目前", "other"),
        ("营业收入", ""),
        ("2042", "other"),
        ("", ""),
    ],
)
def test_day(words, expected):
    assert day_of(words, DAY) == expected


PAIRS = [["指标", "数值"], ["营业收入（亿元）", "312.60"], ["瞪羚企业数量", "4家"]]
FOUR = [["营业收入", "312.6亿元", "利润总额", "18.9亿元"], ["瞪羚企业", "4", "税收", "9.7亿元"]]
YEARS = [
    ["序号", "指标名称", "单位", "2020年", "2021年", "2022年一季度", "同比增长"],
    ["1", "收入", "万元", "2801000", "3126000", "801000", "11.6%"],
    ["2", "瞪羚企业", "家", "3", "4", "5", "—"],
    ["3", "各类市场主体数量", "户", "1980", "2042", "2050", "3.1%"],
]
ACROSS = [
    ["年份", "营业收入（亿元）", "瞪羚企业"],
    ["2021年", "312.60", "4"],
    ["2020年", "280.1", "3"],
]
AS_OF = "各项指标数据截至2021年12月31日。"


@pytest.mark.parametrize(
    ("parts", "field", "expected"),
    [
        ((AS_OF, PAIRS), "revenue", (312.6, False)),
        ((PAIRS,), "revenue", (312.6, True)),
        ((AS_OF, PAIRS), "gazelles", (4, False)),
        ((AS_OF, FOUR), "profit", (18.9, False)),
        ((AS_OF, FOUR), "tax", (9.7, False)),
        ((YEARS,), "revenue", (312.6, False)),
        ((YEARS,), "gazelles", (4, False)),
        ((YEARS,), "market_entities", (2042, False)),
        ((ACROSS,), "revenue", (312.6, False)),
        ((ACROSS,), "gazelles", (4, False)),
        ((YEARS,), "tax", None),
    ],
)
def test_table(parts, field, expected):
    assert figure(field, *parts) == expected


COUNTY = [["指标", "全县", "其中：集群"], ["收入（亿元）", "500", "212.5"]]
TOWNS = [["镇街", "收入（亿元）", "税收（亿元）"], ["张庄镇", "10", "1"], ["李家镇", "22", "2"]]
FIRMS = [
    ["序号", "企业名称", "收入（亿元）"],
    ["1", "甲机械", "20"],
    ["2", "乙", "30"],
    ["合计", "<", "50"],
]
LEVELS = [
    ["类别", "数量"],
    ["技术研发中心", "30"],
    ["其中：国家级", "3"],
    ["省级", "12"],
    ["市级", "15"],
]
ACROSS_LEVELS = [["平台", "国家级", "省级", "市级"], ["技术研发中心", "3", "12", "15"]]
QUARTERS = [
    ["指标", "2021年", "<", "<", "2020年"],
    ["", "一季度", "上半年", "全年", "全年"],
    ["收入（亿元）", "60", "130", "286", "250"],
]
BEFORE = [
    ["序号", "指标", "单位", "上年同期", "2021年", "序号", "指标", "单位", "上年同期", "2021年"],
    ["1", "收入", "亿元", "270.71", "312.02", "2", "瞪羚企业数量", "户", "8", "9"],
]
BY_KIND = [
    ["企业类型", "认定级别", "2020年底数量（户）", "2021年底数量（户）"],
    ["专精特新", "省级", "60", "66"],
    ["单项冠军", "省级以上", "5", "6"],
]
STACKED = [
    ["收入（亿元）", "税收（亿元）"],
    ["286.1", "8.8"],
    ["瞪羚企业", "单项冠军企业"],
    ["4", "3"],
]
BY_YEAR = [
    ["年份", "收入"],
    ["单位", "亿元"],
    ["2020", "250"],
    ["2021", "286.1"],
    ["2022.1-4", "90"],
]
LONG = [["指标", "年度", "数值"], ["收入（亿元）", "2020年", "250"], ["^", "2021年", "286.1"]]
SCORED = [
    ["内容", "指标", "自评值", "分值", "得分"],
    ["综合实力", "收入（亿元）", "286.1", "10", "9"],
]
PLANNED = [["指标", "2021年完成", "2021年计划"], ["收入（亿元）", "286.1", "280"]]
ADDED = [["指标", "2021年底总数", "2021年新增"], ["瞪羚企业", "9", "3"]]
IN_CELLS = [["收入：286.1亿元", "瞪羚企业4家"]]
OF_MONTHS = [["指标", "2022年1—5月", "2021年1—12月"], ["收入（亿元）", "49.95", "121.19"]]
THIS_YEAR = [
    ["指标", "上年", "本年"],
    ["收入", "2500000", "2861000"],
    ["从业人员（人）", "9000", "10020"],
]
SOME_LEVELS = [["企业类型", "国家级", "省级"], ["单项冠军企业", "1", "5"]]
IN_ONE_ROW = [["类别", "指标", "数值"], ["实力", "收入（亿元）\n税收（亿元）", "286.1\n8.8"]]
MANY_LEVELS = [["企业类型", "合计", "国家级", "省级"], ["单项冠军企业", "6", "1", "5"]]


@pytest.mark.parametrize(
    ("parts", "field", "expected"),
    [
        # whose the figure is
        ((AS_OF, COUNTY), "revenue", (212.5, False)),
        ((AS_OF, TOWNS), "revenue", None),
        ((AS_OF, [*TOWNS, ["合计", "32", "3"]]), "tax", (3, False)),
        ((AS_OF, FIRMS), "revenue", None),
        # a level beside, above or over the label
        ((AS_OF, LEVELS), "rd_centres_provincial", (12, False)),
        ((AS_OF, LEVELS), "rd_centres_national", (3, False)),
        ((AS_OF, ACROSS_LEVELS), "rd_centres_national", (3, False)),
        ((AS_OF, ACROSS_LEVELS), "rd_centres_provincial", (12, False)),
        ((BY_KIND,), "specialised_smes", (66, False)),
        ((BY_KIND,), "champions", (6, False)),
        ((AS_OF, SOME_LEVELS), "champions", (1, True)),
        ((AS_OF, MANY_LEVELS), "champions", (6, False)),
        # which day
        ((QUARTERS,), "revenue", (286, False)),
        ((BEFORE,), "revenue", (312.02, False)),
        ((BEFORE,), "gazelles", (9, False)),
        ((BY_YEAR,), "revenue", (286.1, False)),
        ((LONG,), "revenue", (286.1, False)),
        ((OF_MONTHS,), "revenue", (121.19, False)),
        (("主要指标（2021年，单位：万元）", THIS_YEAR), "revenue", (286.1, False)),
        (("主要指标（2021年，单位：万元）", THIS_YEAR), "employees", (10020, False)),
        # no amounts
        ((AS_OF, SCORED), "revenue", (286.1, False)),
        ((PLANNED,), "revenue", (286.1, False)),
        ((ADDED,), "gazelles", (9, False)),
        # labels over figures, and labels and figures in one cell
        ((AS_OF, STACKED), "tax", (8.8, False)),
        ((AS_OF, STACKED), "gazelles", (4, False)),
        ((AS_OF, IN_ONE_ROW), "tax", (8.8, False)),
        ((AS_OF, IN_CELLS), "revenue", (286.1, False)),
        ((AS_OF, IN_CELLS), "gazelles", (4, False)),
    ],
)
def test_tables_of_offices(parts, field, expected):
    assert figure(field, *parts) == expected


def test_a_table_of_another_year_is_not_taken():
    other = [["指标", "2020年"], ["瞪羚企业数量", "3"]]
    assert figure("gazelles", other) is None
    assert (
        figure("gazelles", "表1 2020年主要指标", [["指标", "数值"], ["瞪羚企业数量", "3"]]) is None
    )


@pytest.mark.parametrize(
    ("sentence", "field", "expected"),
    [
        ("截至2021年底，集群拥有瞪羚企业4家。", "gazelles", (4, False)),
        ("2021年实现营业收入312.6亿元，利润18.9亿元。", "profit", (18.9, False)),
        ("集群拥有瞪羚企业4家。", "gazelles", (4, True)),
        ("目前集群拥有瞪羚企业5家。", "gazelles", None),
        ("2020年底集群拥有瞪羚企业3家。", "gazelles", None),
        ("2022年一季度完成固定资产投资5.2亿元。", "fixed_asset_investment", None),
        ("税收由2020年的6.83亿元增加到7.87亿元，今年一季度已入库1.96亿元。", "tax", (7.87, False)),
        ("瞪羚企业由8户增加到9户。", "gazelles", (9, False)),
        ("瞪羚企业由2021年底的8户增加到2022年3月底的9户。", "gazelles", None),
        ("截至2021年底：\n1.瞪羚企业数量：4户。", "gazelles", (4, False)),
        ("截至2021年底：\n2.甲公司瞪羚企业数量：4户。", "gazelles", None),
        ("暂无瞪羚企业。", "gazelles", ("none", False)),
        ("瞪羚企业：无；单项冠军企业3户。", "gazelles", ("none", False)),
        ("（7）制造业创新中心数量：——；", "manufacturing_innovation_centres", ("none", False)),
    ],
)
def test_sentence(sentence, field, expected):
    assert figure(field, sentence) == expected


def test_a_figure_in_the_first_column_is_no_year():
    table = [["各类市场主体数量（户）", "亿元以上工业企业数量（户）"], ["1986", "19"]]
    assert figure("enterprises_over_100m", AS_OF, table) == (19, False)
    assert figure("market_entities", AS_OF, table) == (1986, False)


@pytest.mark.parametrize("says", ["现将2021年度自评情况报告如下。", "2021年发展情况汇报如下："])
def test_the_year_that_is_reported_on_is_the_day_of_all(says):
    assert figure("gazelles", says, "● 瞪羚企业数量：10户") == (10, False)


def test_what_a_project_brings_about_is_not_the_clusters():
    project = ("（一）产业链协作配套", "承担单位：甲公司", "带动作用：交货快10天，吸纳就业1200人。")
    made = read("2021年末，从业人员28350人。", *project)
    assert made.answer("employees").value == 28350
    assert [m.quantity.value for m in made.mentions if m.field == "employees"] == [28350]


def test_the_table_counts_before_the_sentence_and_both_are_kept():
    made = read(AS_OF, PAIRS, "2021年集群实现营业收入321.60亿元。")
    assert made.answer("revenue").value == Decimal("312.60")
    assert [(m.field, m.period, m.quantity.value) for m in made.mentions] == [
        ("revenue", None, Decimal("321.60"))
    ]


def test_two_tables_that_disagree_are_for_a_person():
    assert figure("gazelles", AS_OF, PAIRS, [["瞪羚企业数量", "5"]]) == (4, True)


# ------------------------------------------------------------------ typical projects

BRAND = "typical_project_brand"
ALL = ("承担单位", "主要内容", "带动作用")


def parts(*blocks, field=BRAND, kind="docx"):
    answer = read(*blocks, kind=kind).narrative(field)
    return answer.parts if answer.state == "given" else answer.state


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        # under a heading, with labels
        (("（五）产业集群品牌建设", "典型项目：某展览中心", "承担单位：甲公司", "主要内容：建设展馆。",
          "带动作用：入驻品牌64个。"), ALL),
        # one part without a word
        (("（五）产业集群品牌建设", "承担单位：甲公司", "主要内容：建设展馆。", "带动作用："), ALL[:2]),
        (("5.产业集群品牌建设", "承担单位：无", "主要内容：建设展馆。", "带动作用：示范。"), ALL[1:]),
        # labels in brackets, numbered, in a sentence
        (("5．集群品牌建设", "【承担单位】甲公司", "【主要内容】建设", "【带动作用】示范"), ALL),
        (("五、品牌建设", "（1）承担单位。甲公司", "（2）主要内容。建设", "（3）带动作用。示范"), ALL),
        (("五、品牌建设", "该项目由甲公司承担实施，主要建设内容为展馆，辐射带动企业46家。"), ALL),
        # the general account of the area comes before its project
        (("（五）产业集群品牌建设", "举办展会3次。", "典型项目为展览中心，由甲公司承担，主要内容是建馆。"),
         ALL[:2]),
        # tables: a row an area, and one of pairs
        (([["重点领域", "项目名称", "承担单位", "主要内容", "带动作用"],
           ["创新能力建设", "某中心", "乙公司", "共建", "示范"],
           ["产业集群品牌建设", "展览中心", "甲公司", "建馆", ""]],), ALL[:2]),
        (("5.产业集群品牌建设",
          [["典型项目", "展览中心"], ["承担单位", "甲公司"], ["主要内容", "建馆"], ["带动作用", "示范"]]), ALL),
        # a table of one project under its area's heading
        (("5、产业集群品牌建设", "确定“展馆”为典型项目。",
          [["承担单位", "主要内容", "带动作用"], ["甲公司", "建馆", "示范"]]), ALL),
        (("5、产业集群品牌建设", "确定“展馆”为典型项目。",
          [["承担单位", "主要内容", "带动作用"], ["", "建馆", "示范"]]), ALL[1:]),
        # none
        (("（四）创新能力建设", "承担单位：甲公司"), "absent"),
        (("集群注重品牌建设，效果明显。",), "absent"),
    ],
)  # fmt: skip
def test_the_parts_of_a_typical_project(blocks, expected):
    assert parts(*blocks) == expected


def test_the_next_heading_ends_a_project():
    blocks = (
        "1.产业集群品牌建设",
        "承担单位：甲公司",
        "2.存在的问题",
        "主要内容：人才不足。带动作用：弱。",
    )
    assert parts(*blocks) == ("承担单位",)


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        # the part above goes on, and its words are no part of a project
        (("一、主要指标", "二、典型项目", "（五）产业集群品牌建设", "承担单位：甲公司",
          "三、其他情况", "主要内容：存档备查。"), ("承担单位",)),
        (("1.总体情况", "2.典型项目", "（1）产业集群品牌建设", "承担单位：甲公司",
          "3.其他情况", "主要内容：存档备查。"), ("承担单位",)),
        # a project's own parts, numbered in any way
        (("一、总体情况", "（一）产业集群品牌建设", "1.单位情况", "承担单位：甲公司",
          "2.内容情况", "主要内容：建馆。"), ("承担单位", "主要内容")),
        (("1.总体情况", "2.产业集群品牌建设", "（一）单位情况", "承担单位：甲公司",
          "（二）内容情况", "主要内容：建馆。"), ("承担单位", "主要内容")),
    ],
)  # fmt: skip
def test_the_part_above_goes_on_and_ends_a_project(blocks, expected):
    assert parts(*blocks) == expected


def test_lines_of_a_page_that_begin_with_a_number_are_no_headings():
    blocks = (
        "5.产业集群品牌建设",
        "承担单位：甲公司",
        "主要内容：开展培训\n9期，建设展馆，投资\n2620万元。",
        "带动作用：服务企业\n46家。",
    )
    assert parts(*blocks, kind="pdf") == ALL


# ------------------------------------------------------------------ who and when


@pytest.mark.parametrize(
    ("blocks", "name", "date"),
    [
        (("诸城市纺织机械特色产业集群", "2022年度综合评价自评报告", "2022年6月10日"),
         "诸城市纺织机械特色产业集群", "2022-06-10"),
        (("集群名称：某某特色产业集群", "填报日期：2022年6月20日", "2022年5月1日"),
         "某某特色产业集群", "2022-06-20"),
        (("自评报告", "二〇二二年六月十日"), None, "2022-06-10"),
    ],
)  # fmt: skip
def test_name_and_date(blocks, name, date):
    made = read(*blocks)
    assert (made.answer("cluster_name").value, made.answer("filing_date").value) == (name, date)


# ------------------------------------------------------------------ what supports an indicator


def supported(field, *attachment, file="附件1.docx"):
    """How strongly an attachment supports an indicator; 0 where it does not."""
    from extractor.submission.attachments import answers
    from extractor.submission.roles import Role

    made = read(AS_OF, PAIRS, FOUR)
    paper = document(*attachment, file=file)
    found = answers(FORM, made, [(paper, Role("evidence", "", 1.0))])
    return max((a.strength for a in found if a.claim == field), default=0.0)


@pytest.mark.parametrize(
    ("attachment", "strong"),
    [
        (("统计证明", "该集群2021年营业收入为312.60亿元。"), True),
        (("统计证明", [["指标", "数值"], ["营业收入", "312.6"]]), True),
        (("统计证明", "该集群2021年营业收入为298.1亿元。"), False),
        (("会议纪要", "会议要求提高营业收入。"), False),
    ],
)
def test_a_paper_supports_a_figure_where_it_states_its_value(attachment, strong):
    assert (supported("revenue", *attachment) >= 0.6) == strong


def test_a_list_of_the_thing_supports_its_number():
    assert supported("gazelles", "瞪羚企业名单", [["序号", "企业名称"], ["1", "甲公司"]]) >= 0.6


def test_each_thing_a_report_counts_has_its_list():
    from models.loading.list_kinds import kinds_of

    titles = {k.id: k.titles for k in kinds_of(FORM)}
    assert titles["gazelles"][0] == "瞪羚企业" and "revenue" not in titles


SPOKEN_OF = (
    "截至2021年底，集群共有市场主体1208户，亿元以上工业企业31户、10亿元以上工业企业4户，完成工业增加值52.3亿元。",
    "完成固定资产投资18.6亿元，技改投资11.2亿元；瞪羚企业6家，独角兽企业无，制造业创新中心1家，首台（套）9台。",
    "国家级技术研发中心1个、省级技术研发中心14个，有研发活动的企业比例61%，双创载体5个，工业互联网平台2个。",
    "产业链协作配套、产业转型升级、创新能力建设、产业集群品牌建设方面的典型项目分述如下。",
)


def test_a_report_is_told_by_what_it_speaks_of_whatever_its_title_says():
    told = document("某某产业集群2021年度建设情况总结", *SPOKEN_OF)
    assert recognise([(told, "材料.docx")]) == "shandong-2022-evaluation"


def test_a_plan_that_speaks_of_some_of_it_is_no_report():
    plan = document("某某产业集群发展规划", SPOKEN_OF[0], SPOKEN_OF[3])
    assert recognise([(plan, "材料.docx")]) is None


def test_a_project_behind_a_numbered_heading_that_ends_with_a_full_stop():
    blocks = (
        "1.产业链协作配套。某某一体化项目。",
        "承担单位：某某公司；主要内容：建设某某基地；带动作用：带动22家企业。",
        "（二）产业转型升级。",
        "典型项目：某某工厂。承担单位：某某公司。主要内容：建设产线。",
    )
    projects = {n.field: n for n in read(*blocks).narratives}
    assert len(projects["typical_project_chain"].parts) == 3
    assert len(projects["typical_project_upgrading"].parts) == 2


@pytest.mark.parametrize(
    ("sentence", "field", "value"),
    [
        ("固定资产投资8.25亿元（2020年为6.91亿元），技改投资5.74亿元（2020年为4.66亿元）。",
         "technical_upgrade_investment", "5.74"),
        ("（准）独角兽企业、制造业创新中心目前均为0。", "unicorns", "0"),
        ("现有单项冠军1家，6台（套）产品被认定为首台（套）重大技术装备。",
         "first_of_kind_equipment", "6"),
        ("最大的粉丝企业年产粉丝8万吨，实现销售收入11.3亿元。", "revenue", None),
        ("乙市输变电产业实现营业收入430亿元，我集群占29.7%。", "revenue", None),
    ],
)  # fmt: skip
def test_what_stands_beside_a_figure_of_the_cluster(sentence, field, value):
    answer = read("甲县输变电设备产业集群", "现将2021年度工作自评如下：", sentence).answer(field)
    assert (str(answer.value) if answer.state == "given" else None) == value


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("研发中心：国家级2个，省级14个。", {"rd_centres_national": 2, "rd_centres_provincial": 14}),
        ("86家规模以上工业企业中，有52家开展研发活动，占比60.5%。", {"rd_active_share": 60.5}),
        ("先后与某某大学、某地科技大学等23所高校和科研院所开展合作。", {"academic_partners": 23}),
        ("税收贡献突出，全年入库5.2亿元。", {"tax": 5.2}),
        ("单项冠军企业5家，其中国家级2家、省级3家。", {"champions": 5}),
        ("全县拥有瞪羚企业22家，集群9家。", {"gazelles": 9}),
        ("营业收入过亿元的企业31家，过10亿元的4家。", {"enterprises_over_100m": 31}),
        ("龙头企业某集团收入56亿元，利润3.1亿元。集群收入186.2亿元。", {"revenue": 186.2}),
        ([["镇街", "企业数", "收入（亿元）"], ["甲镇", "40", "90.2"], ["合计", "86", "186.2"]],
         {"revenue": 186.2}),
        ([["指标", "集群", "全县"], ["收入（亿元）", "186.2", "512.0"]], {"revenue": 186.2}),
    ],
)  # fmt: skip
def test_ways_of_reports(block, expected):
    told = read("截至2021年12月31日，集群情况如下。", block)
    assert {f: float(told.answer(f).value) for f in expected} == expected
