# ruff: noqa: E501
"""What a paper is: by its words, whatever its file is called."""

from __future__ import annotations

import pytest

from extractor.submission.roles import by_name, role_of
from extractor.submission.sections import bare, is_heading, sections
from models.types import Document
from tests.extractor.grids import document as paper

LONG = "集群依托当地资源，产业链条日益完整，企业数量逐年增加，效益稳步提高。" * 12


SUMMARY = [["序号", "集群名称", "集群运营管理机构", "所在县（市、区）", "主导产业", "集群成立时间", "集群简介"],
           ["1", "甲市乙县丙特色产业集群", "乙县管委会", "乙县", "丙", "2018年5月", LONG]]  # fmt: skip
PATENTS = [
    ["序号", "专利名称", "专利号"],
    ["1", "一种", "ZL1"],
    ["2", "二种", "ZL2"],
    ["3", "三种", "ZL3"],
]

PAPERS = {
    "a letter with its number": (
        "recommendation_letter",
        "甲市工业和信息化局文件", "甲工信字〔2024〕12号", "关于推荐2024年度山东省特色产业集群的函",
        "省工业和信息化厅：", "经审核，现推荐乙县丙特色产业集群申报。", "特此函达。",
    ),
    "a letter broken in two lines, citing the notice": (
        "recommendation_letter",
        "关于推荐乙县丙特色产业集群申报", "2024年度山东省特色产业集群的报告",
        "根据《关于组织推荐2024年度山东省特色产业集群的通知》要求，同意推荐。妥否，请审核。",
    ),
    "the notice itself": (
        "other", "关于组织推荐2024年度山东省特色产业集群的通知", "各市工业和信息化局：", LONG,
    ),
    "a summary table without a title": ("summary_table", SUMMARY),
    "a plan": ("plan", "乙县丙特色产业集群发展规划", "（2024—2026年）", "一、总体思路", LONG, "二、发展目标",
               LONG, "三、重点任务", LONG, "四、保障措施", LONG),
    "an introduction": ("introduction", "乙县丙特色产业集群", "发展情况简介", LONG),
    "a declaration": ("declaration", "申报材料真实性声明", "本单位声明，所报材料真实、合法，愿承担法律责任。"),
    "a promise under another title": (
        "declaration", "关于申报材料的承诺书", "我单位郑重承诺：所提供材料真实有效，如有虚假，愿承担一切责任。"
    ),
    "a self-evaluation": ("self_evaluation", "乙县丙产业集群综合评价自评报告", LONG),
    "a list": ("list", "有效发明专利清单", PATENTS),
    "a list whose title is its heading": ("list", "表1 集群企业名录", PATENTS),
    "a certificate": ("evidence", "高新技术企业证书", "企业名称：某某公司", "证书编号：GR0000"),
    "an agreement": ("evidence", "产学研合作协议书", "甲方：某某公司", "乙方：某某大学", LONG),
    "a plan of the government's as evidence": (
        "evidence", "关于印发丙产业高质量发展规划的通知", "各乡镇人民政府：", LONG,
    ),
    "a firm's introduction": ("evidence", "某某公司简介材料", LONG),
}  # fmt: skip


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_told_by_what_it_holds(name: str) -> None:
    role, *blocks = PAPERS[name]
    told = role_of(paper(*blocks, file="0001.docx"))
    assert told.role == role
    # and whatever its file is called
    assert role_of(paper(*blocks, file="附件/营业执照.docx")).role == role


def test_the_name_decides_where_nothing_else_does() -> None:
    unread = Document("附件/关于推荐集群的推荐函.pdf", "pdf")
    told = role_of(unread)
    assert (told.role, told.confidence) == ("recommendation_letter", 0.35)
    assert role_of(Document("IMG_0001.jpg", "image")).role == "evidence"
    assert role_of(paper("甲乙丙丁。", file="声明.docx")).role == "declaration"


def test_papers_in_one_file_are_each_told() -> None:
    whole = paper(
        "申报材料汇编", "目录", "一、发展规划……3", "二、声明……9",
        "附件1 乙县丙特色产业集群发展规划", LONG, "附件2：真实性声明", LONG, "五、下一步规划", LONG,
    )  # fmt: skip
    signs = [(s.role, s.title, s.strength >= 0.6) for s in role_of(whole).signs]
    assert ("plan", "乙县丙特色产业集群发展规划", True) in signs
    assert ("declaration", "真实性声明", True) in signs
    assert [s for s in signs if s[1] == "发展规划"] == []  # the table of contents is no paper


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("附件3：发展规划", True), ("一、总体思路", True), ("关于推荐集群的函", True),
        ("2024年3月1日", False), ("第3页", False), ("（盖章）", False), ("共享工厂建成投产。", False),
        ("联系人：某某", False), ("企业名称：某某有限公司", False), ("ISO9001", False),
        ("本集群，", False), ("注：数据截至年底", False),
    ],
)  # fmt: skip
def test_headings(text: str, heading: bool) -> None:
    assert is_heading(text) is heading


def test_a_heading_without_its_number() -> None:
    assert [bare(t) for t in ("附件3-1 图谱", "（二）发展目标", "1.规划", "第一章 总则")] == [
        "图谱", "发展目标", "规划", "总则",
    ]  # fmt: skip


def test_parts_of_a_document() -> None:
    parts = sections(paper("佐证材料", "一、共享车间", LONG, PATENTS, "二、用工", "有协议。"))
    assert [(p.title, len(p.tables)) for p in parts] == [
        ("佐证材料", 0), ("一、共享车间", 1), ("二、用工", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "role"),
    [
        ("附件/推荐函.pdf", "recommendation_letter"), ("清单/扫描001.pdf", "evidence"),
        ("3.发展规划/001.pdf", "plan"), ("汇总表.xlsx", "summary_table"), ("x.pdf", None),
    ],
)  # fmt: skip
def test_names(file: str, role: str | None) -> None:
    assert by_name(file) == role


def test_a_list_of_enclosures_holds_none_of_them() -> None:
    letter = paper(
        "关于推荐2024年度山东省特色产业集群的函", "现推荐乙县丙特色产业集群。特此函达。",
        "附件：1.推荐汇总表", "2.真实性声明", "附件3：发展规划", "甲市工业和信息化局", "2024年4月1日",
    )  # fmt: skip
    others = [s for s in role_of(letter).signs if s.role != "recommendation_letter"]
    assert all(s.strength < 0.3 for s in others)
