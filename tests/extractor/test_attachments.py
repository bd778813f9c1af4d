"""Which attachment answers which ticked option, and how surely."""

from __future__ import annotations

import pytest

from extractor.submission.attachments import answers
from extractor.submission.roles import role_of
from models.form import load_form
from models.loading.evidence_words import evidence_words, option_key
from models.types import Answer, Application, Document, Evidence, Option, TickAnswer
from tests.extractor.grids import document

FORM = load_form("shandong-2024")
NAME = "甲市乙县丙特色产业集群"
WORDS = "双方约定相互支持，按月结算费用，自签字之日起生效。"


def application(**ticks: list[str]) -> Application:
    name = Answer("cluster_name", None, "given", NAME, NAME, 1.0, False, Evidence())
    made = []
    for field, chosen in ticks.items():
        options = tuple(
            Option(o, any(o.startswith(c) or c in o for c in chosen), 1.0, Evidence())
            for o in FORM.field(field).options
        )
        made.append(TickAnswer(field, "given", options, False, Evidence()))
    return Application(FORM.id, (name,), tuple(made))


def strengths(made: Application, *documents: Document) -> dict[str, float]:
    """Claim → the best strength."""
    found: dict[str, float] = {}
    for one in answers(FORM, made, [(d, role_of(d)) for d in documents]):
        found[one.claim] = max(one.strength, found.get(one.claim, 0.0))
    return found


TITLES = [
    ("sharing_actions", "开展人力资源共享", "集群企业共享用工协议"),
    ("sharing_actions", "开展人力资源共享", "关于人力资源共享情况的证明"),
    ("sharing_actions", "开展通用生产设备共享", "大型检测设备共享管理办法"),
    ("sharing_actions", "开展物流", "共同配送合作协议"),
    ("sharing_actions", "建立共享车间", "共享工厂竣工验收意见"),
    ("chain_actions", "绘制产业链图谱", "丙产业链图谱（2023版）"),
    ("chain_actions", "引入高等院校", "产学研合作协议书"),
    ("chain_actions", "联合集群上下游企业", "创新联合体组建协议"),
    ("quality_actions", "获得了集体商标", "集体商标注册证"),
    ("quality_actions", "获得了集体商标", "地理标志产品批准公告"),
    ("digital_actions", "开展了两化融合", "两化融合管理体系评定证书"),
    ("green_actions", "开展了清洁生产", "清洁生产审核评估意见"),
    ("cooperation_actions", "参加中国国际中小企业博览会", "第十八届中博会参展合同"),
    ("governance_actions", "建立中小企业政策宣贯", "惠企政策宣讲活动通知"),
    ("services", "投融资服务", "政银企对接会会议纪要"),
    ("services", "人员培训", "职工技能培训班签到表"),
    ("services", "市场营销", "市场营销服务：产销对接会总结"),
]


@pytest.mark.parametrize(("field", "option", "title"), TITLES)
def test_a_title_answers_the_option(field: str, option: str, title: str) -> None:
    made = application(**{field: [option]})
    [(claim, strength)] = strengths(made, document(title, WORDS, file="附件7.docx")).items()
    assert claim.startswith(f"{field}: {option}") and strength >= 0.6


@pytest.mark.parametrize(
    ("field", "option", "title"),
    [
        ("sharing_actions", "开展人力资源共享", "大型检测设备共享管理办法"),
        ("sharing_actions", "建立共享车间", "集群企业共享用工协议"),
        ("new_models_actions", "建有省级", "省级中小企业公共服务示范平台认定文件"),
        ("service_platforms", "建设或引入国家", "省级中小企业公共服务示范平台认定文件"),
        ("services", "创业辅导", "职工技能培训班签到表"),
        ("quality_actions", "开展了质量诊断服务", "节能诊断报告"),
        ("green_actions", "开展了清洁生产", "安全生产隐患排查台账"),
    ],
)
def test_a_sibling_s_paper_does_not_answer(field: str, option: str, title: str) -> None:
    made = application(**{field: [option]})
    assert all(s < 0.6 for s in strengths(made, document(title, WORDS)).values())


def test_a_paper_of_several_answers_each_under_its_heading() -> None:
    made = application(sharing_actions=["开展人力资源共享", "开展同类设备"])
    whole = document(
        "资源协同佐证材料",
        "一、共享用工协议",
        WORDS,
        "二、集中采购框架协议",
        WORDS,
        file="汇编.docx",
    )
    assert [s >= 0.6 for s in strengths(made, whole).values()] == [True, True]


def test_a_passing_mention_is_a_weak_answer() -> None:
    made = application(sharing_actions=["开展人力资源共享"])
    report = document(
        "2023年度集群工作总结",
        "一年来，集群持续开展设备共享、共享用工和集中采购，产值稳步增长。" + WORDS * 10,
    )
    [strength] = strengths(made, report).values()
    assert 0.3 <= strength < 0.6


def test_the_table_of_contents_answers_nothing() -> None:
    made = application(sharing_actions=["开展人力资源共享"])
    contents = document(
        "佐证材料", "目录", "1.共享用工协议……3", "2.设备共享办法……5", "一、设备共享办法", WORDS
    )
    assert all(s < 0.6 for s in strengths(made, contents).values())


def test_a_plan_speaks_of_everything_and_supports_nothing() -> None:
    made = application(sharing_actions=["开展人力资源共享"])
    plan = document(
        "乙县丙特色产业集群发展规划",
        "总体思路",
        WORDS,
        "重点任务",
        "开展人力资源共享。",
        "保障措施",
    )
    assert strengths(made, plan) == {}


def test_of_an_unread_paper_the_name_is_a_weak_answer() -> None:
    made = application(sharing_actions=["开展人力资源共享"])
    scan = Document("佐证/共享用工协议.pdf", "pdf")
    assert strengths(made, scan) == {"sharing_actions: 开展人力资源共享": 0.5}


def test_only_what_is_ticked_is_claimed() -> None:
    made = application(sharing_actions=[])
    assert strengths(made, document("共享用工协议", WORDS)) == {}


def test_every_option_that_asks_for_evidence_has_words() -> None:
    asked = {option_key(o) for f in FORM.fields if f.evidence for o in f.options}
    assert asked == set(evidence_words())


def test_a_paper_titled_as_the_question_answers_the_options_it_names() -> None:
    made = application(services=["信息服务", "创业辅导", "人员培训", "管理咨询"])
    told = "2023年提供的公共服务如下：信息服务，12场次；创业辅导，15场次；人员培训，21场次。"
    found = strengths(made, document("中小企业公共服务开展情况证明", told, file="17.docx"))
    assert found["services: 信息服务"] >= 0.6 and found["services: 创业辅导"] >= 0.6
    assert "services: 管理咨询" not in found
    other = strengths(made, document("集群工作情况证明", told, file="17.docx"))
    assert other["services: 信息服务"] < 0.6


def test_the_title_in_a_sheets_first_row_names_the_material() -> None:
    from extractor.submission.materials import material_answers
    from models.programme import load_programme

    sheet = document([
        ["各类创新研发中心、公共服务平台及服务体系建设清单", "<", "<"],
        ["序号", "平台名称", "类别"],
        ["1", "某中心", "研发"],
    ], file="05.xlsx")  # fmt: skip
    made = Application("weifang-2021", ())
    papers = [(sheet, role_of(sheet))]
    found = {a.claim: a for a in material_answers(load_programme("weifang-2021"), made, papers)}
    assert found["material: services"].strength >= 0.6
    assert "material: situation_table" not in found
