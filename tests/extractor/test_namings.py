"""What letters and declarations call the body that runs the cluster."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractor.submission.namings import names_in, with_namings
from models.types import Answer, Application, Evidence
from tests.extractor.grids import document

OWN = "寿光某某园区运营有限公司"


def application() -> Application:
    def said(field: str, value: str) -> Answer:
        where = Evidence("申报表.docx", place=field)
        return Answer(field, None, "given", value, value, 0.99, False, where)

    return Application(
        "shandong-2024",
        answers=(
            said("cluster_name", "潍坊市寿光市蔬菜种苗特色产业集群"),
            said("region_county", "寿光市"),
            said("region_city", "潍坊市"),
            said("operator", OWN),
        ),
    )


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("该集群位于寿光市，由寿光某某园区管理有限公司负责运营管理。", "寿光某某园区管理有限公司"),
        ("集群由寿光市某某服务中心具体承担日常运营。", "寿光市某某服务中心"),
        ("集群运营管理机构为寿光某某园区管理有限公司，运行良好。", "寿光某某园区管理有限公司"),
        ("寿光某某园区管理有限公司作为该集群运营管理机构。", "寿光某某园区管理有限公司"),
        # another thing is run
        ("检测平台由某某检测有限公司负责运营。", None),
        ("该集群由县政府统筹推进。", None),
    ],
)
def test_the_body_that_runs_the_cluster(sentence: str, named: str | None) -> None:
    paper = replace(document("推荐函", sentence), file="推荐函.docx")
    made = with_namings(application(), [("recommendation_letter", paper)])
    found = [n.text for n in made.namings if n.field == "operator"]
    assert found == ([named] if named else [])


def test_a_plan_tells_of_many_bodies_and_names_none_of_them() -> None:
    paper = document("发展规划", "集群公共仓储由某某物流有限公司负责运营管理。")
    made = with_namings(application(), [("plan", paper)])
    assert [n for n in made.namings if n.field == "operator"] == []


def test_what_a_cluster_applies_as_is_none_of_its_name() -> None:
    sentence = "寿光市蔬菜种苗产业集群按照成长型产业集群（C类）申报，主要产品为种苗。"
    assert list(names_in(sentence, ("寿光市",))) == ["寿光市蔬菜种苗产业集群"]
