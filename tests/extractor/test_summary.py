# ruff: noqa: E501
"""The recommendation summary table: which row is this cluster's, in any layout."""

from __future__ import annotations

import pytest

from extractor.checking import check_application
from extractor.locating.recognise import recognise
from extractor.submission.forms import find_application
from extractor.submission.summary import own_rows, summary_rows
from models.form import load_form
from models.types import Answer, Application, Document, Evidence
from tests.extractor.grids import document

HEADS = [
    "序号",
    "集群名称",
    "集群运营管理机构",
    "所在县（市、区）",
    "主导产业",
    "集群成立时间",
    "集群简介（300 字以内）",
]
TEXT = "集群以丙为主导。2023年，集群总产值61.07亿元，中小企业310家。"
ONE = ["1", "甲市乙县丙特色产业集群", "乙县产业园管委会", "乙县", "丙", "2018年5月", TEXT]
TWO = ["2", "甲市丁县戊特色产业集群", "丁县发展中心", "丁县", "戊", "2016.3", "另一集群。"]
ENTRIES = [("集群名称", "甲市乙县丙特色产业集群"), ("运营管理机构", "乙县产业园管委会"), ("所在县(市、区)", "乙县"),
           ("主导产业", "丙"), ("成立时间", "2018-05"), ("集群简介", TEXT)]  # fmt: skip

LAYOUTS = {
    "a row a cluster": document("推荐汇总表", [HEADS, ONE, TWO]),
    "a title in the table": document([["2024年度推荐汇总表", *["<"] * 6], HEADS, TWO, ONE]),
    "on its side": document(
        "推荐汇总表", [[h, a, b] for h, a, b in zip(HEADS, ONE, TWO, strict=True)]
    ),
    "one cluster on its side": document("推荐汇总表", [list(e) for e in ENTRIES]),
    "over two tables": document("推荐汇总表", [HEADS, TWO], [ONE]),
    "without serial numbers": document("推荐汇总表", [HEADS[1:], ONE[1:]]),
}


def application(
    name: str = "甲市乙县丙特色产业集群", county: str = "乙县", operator: str = "某公司"
) -> Application:
    texts = {"cluster_name": name, "region_county": county, "operator": operator}
    return Application(
        "shandong-2024",
        tuple(Answer(k, None, "given", v, v, 1.0, False, Evidence()) for k, v in texts.items()),
    )


def mine(made: Document, **changes: str) -> list[dict[str, object]]:
    rows = own_rows(load_form("shandong-2024"), application(**changes), [made])
    return [{a.field: a.value for a in row.answers} for row in rows]


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_cluster_s_own_row_is_found_in_every_layout(name: str) -> None:
    assert mine(LAYOUTS[name]) == [
        {"cluster_name": "甲市乙县丙特色产业集群", "operator": "乙县产业园管委会", "region_county": "乙县",
         "leading_industry": "丙", "established": "2018-05"}
    ]  # fmt: skip


def test_the_introduction_is_counted_and_its_figures_read() -> None:
    [row] = own_rows(load_form("shandong-2024"), application(), [LAYOUTS["a row a cluster"]])
    [narrative] = row.narratives
    assert (narrative.field, narrative.limit, narrative.state) == ("summary", 300, "given")
    told = {(m.field, m.period): str(m.quantity.value) for m in row.mentions}
    assert told[("total_output", "2023")] == "61.07" and told[("smes", "2023")] == "310"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"name": "乙县丙产业集群"}, True),
        ({"name": "甲市乙县丙丁特色产业集群", "operator": "乙县产业园管委会"}, True),
        ({"name": "甲市乙县己庚辛特色产业集群"}, False),
        ({"name": "甲市丙县丙特色产业集群", "county": "丙县"}, False),
    ],
)
def test_rows_go_to_their_cluster_by_name(changes: dict[str, str], found: bool) -> None:
    assert bool(mine(LAYOUTS["a row a cluster"], **changes)) is found


def test_the_printed_guidance_is_no_introduction() -> None:
    guidance = (
        "（集群主导产业链条描述，行业地位，荣誉称号等。2023 年，集群总产值，中小企业数量等。）"
    )
    made = document("推荐汇总表", [HEADS, [*ONE[:-1], guidance + "集群在某地。"]])
    [row] = summary_rows(made)
    assert row.narratives[0].text == "集群在某地。"


def test_another_table_has_no_rows() -> None:
    assert (
        summary_rows(document("企业名录", [["序号", "企业名称", "主导产业"], ["1", "甲", "丙"]]))
        == []
    )


TITLE = "2024年度山东省特色产业集群推荐汇总表"


@pytest.mark.parametrize(
    ("title", "programme"),
    [
        (TITLE, "shandong-2024"),
        ("2024 年度山东省特色产业集群推荐汇总表", "shandong-2024"),
        ("2024年度山东省特色产亚集群推荐汇总表", "shandong-2024"),
        ("2025年度山东省特色产业集群推荐汇总表", None),
        ("推荐汇总表", None),
    ],
)
def test_a_table_that_comes_alone_tells_its_programme_by_its_title(
    title: str, programme: str | None
) -> None:
    assert recognise([(document("附件1", title, [HEADS, ONE]), "a.docx")]) == programme


def test_a_plan_that_names_the_table_is_not_the_table() -> None:
    plan = document("发展规划", TITLE, [["年度", "产值"], ["2024", "12"]])
    assert recognise([(plan, "规划.docx")]) is None


@pytest.mark.parametrize(("rows", "names"), [([ONE], 1), ([ONE, TWO], 0), ([], 0)])
def test_the_row_of_a_table_that_comes_alone_is_shown_and_nothing_is_checked(
    rows: list[list[str]], names: int
) -> None:
    made = document(TITLE, [HEADS, *rows])
    application, holders = find_application("shandong-2024", [made], lambda *a: None)
    named = [a.value for a in application.answers if a.field == "cluster_name"]
    assert named == ONE[1:2] * names and not holders
    checks, findings, _ = check_application("shandong-2024", application, "2024-04-01")
    assert {c.outcome for c in checks} == {"unchecked"}
    assert [f.rule for f in findings] == ["material.missing"]
