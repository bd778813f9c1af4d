# ruff: noqa: E501 (the patterns read best whole)
"""What each file of a submission is, told from what it holds; its name decides only a tie.

A paper says what it is in its title, in the phrases its kind always has (特此推荐, 本单位承诺,
总体思路 … 保障措施) and in the headings of its tables. One file may hold several papers: each
heading that reads as a paper's title is a sign of that paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractor.locating.labels import fold
from extractor.submission.sections import Section, bare, sections, words
from models.types import Document, Evidence, Table

ROLES = (
    "application_form", "summary_table", "recommendation_letter", "plan", "introduction",
    "self_evaluation", "list", "declaration", "evidence", "other",
)  # fmt: skip
"""As in the JSON's files[].role."""

_TITLES: tuple[tuple[str, str, float], ...] = (
    ("summary_table", r"推荐汇总表|集群.{0,6}汇总表|汇总表.{0,6}$", 0.9),
    ("application_form", r"申[报请](?:表|书)(?!.{0,4}(?:说明|须知))", 0.8),
    ("self_evaluation", r"自评(?:报告|材料|情况)|自我评价|综合评价.{0,8}报告", 0.9),
    ("declaration", r"真实性.{0,6}(?:声明|承诺|说明)|(?:声明|承诺)[书函]?$|(?:承诺|声明)书|诚信承诺", 0.9),
    (
        "recommendation_letter",
        r"推荐(?:函|信|书|文件|意见|报告)|(?:推荐|申报|报送|上报|呈报).{2,45}的?(?:函|报告|请示|意见|推荐)$"
        r"|关于推荐.{2,45}|(?:予以|同意)推荐",
        0.9,
    ),
    ("plan", r"(?:集群|产业).{0,14}规划(?:纲要|方案|书|文本)?(?:[(]?20\d\d.*)?$|发展规划|^规划$", 0.85),
    ("introduction", r"(?:集群|产业).{0,10}(?:简介|介绍|概况|发展情况)$|发展情况(?:简介|介绍|说明|报告)|^(?:基本)?情况?简介$", 0.85),
    ("list", r"(?:清单|名单|名录|一览表|明细表?|台账|统计表|登记表|目录|花名册)(?:[(].{0,12}[)])?$", 0.8),
    (
        "evidence",
        r"证明|证书|协议|合同|批复|通知|公告|公示|决定|检[测验]报告|执照|照片|截图|发票|许可|鉴定|佐证"
        r"|总结|简报|新闻|报道|制度|办法|方案|情况(?:说明|报告|汇报)|纪要|报告|凭证|记录|材料|台账|牌匾|授牌",
        0.5,
    ),
)  # fmt: skip
_NOT_TITLES = {
    "recommendation_letter": r"组织推荐|组织申报|征集|推荐目录|推荐产品|推荐性",
    "plan": r"规划(?:图|许可|局|设计院|展览|咨询)|(?:批复|通知|函|证明|公告)$|职业规划|阶段性",
    "introduction": r"(?:公司|企业|产品|平台|项目|专家|人员|环境)(?:情况)?(?:简介|介绍)",
    "list": r"目录$.*材料|申报材料",
    "declaration": r"免责声明",
}
_PHRASES: tuple[tuple[str, str, float], ...] = (
    ("recommendation_letter", r"(?:现|拟|择优|予以|同意|正式|特此|特)(?:将.{2,60})?推荐|推荐.{2,60}(?:申报|参加|参评)", 0.4),
    ("recommendation_letter", r"请予?(?:审核|审定|审查|认定|审阅|支持)|妥否请?批示|特此(?:函|推荐|报告|请示|函达)", 0.25),
    ("declaration", r"(?:我|本)(?:单位|公司|集群|局|中心|机构|区|园区|管委会).{0,30}(?:承诺|声明|保证)", 0.35),
    ("declaration", r"真实.{0,12}(?:有效|合法|准确|完整|可靠)", 0.2),
    ("declaration", r"(?:承担|负).{0,14}(?:责任|后果)", 0.25),
    ("plan", r"总体思路|总体要求|指导思想|发展思路", 0.2),
    ("plan", r"发展目标|总体目标|主要目标", 0.2),
    ("plan", r"重点任务|主要任务|重点工程|重点工作", 0.2),
    ("plan", r"保障措施|组织保障|保障机制", 0.2),
    ("self_evaluation", r"自评", 0.2),
)  # fmt: skip
"""What the text of each kind of paper says, wherever it says it."""

_NAMES: tuple[tuple[str, str], ...] = (
    ("recommendation_letter", "推荐函|推荐信|推荐文件|推荐意见|推荐报告|关于推荐"),
    ("summary_table", "汇总表"),
    ("application_form", "申报表|申请表|申报书|申请书"),
    ("self_evaluation", "自评"),
    ("declaration", "承诺书|声明|承诺"),
    ("list", "清单|名单|目录|明细|台账|一览表|名录"),
    ("plan", "规划"),
    ("introduction", "简介|介绍|发展情况"),
    ("evidence", "佐证|证明|证书|执照|合同|协议|照片|图片|扫描|材料|报告|附件"),
)
_ISSUED = re.compile(r"[〔\[(（]20\d\d[)）\]〕]\s*第?\s*\d+\s*号")
_ORGANISING = re.compile(r"关于(?:组织|开展|做好|征集).{0,12}(?:推荐|申报|评价|认定)")
_SERIAL_HEADS = ("序号", "编号", "序")
SIGN = 0.8
"""A line so telling is the title of a paper."""
PHRASES_NEEDED = 0.6
"""What a paper without a telling title must have of its kind's phrases."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A title in a document that says which paper begins there."""

    role: str
    title: str
    evidence: Evidence
    strength: float
    """0 to 1; a numbered heading inside something larger is below 0.6."""


@dataclass(frozen=True, slots=True)
class Role:
    role: str
    title: str
    confidence: float
    signs: tuple[Sign, ...] = ()
    """Every paper that begins in the file, the file's own among them."""


def role_of(document: Document, holder: bool = False) -> Role:
    """What a file is. `holder`: the filled form was found in it.

    A file that could not be read is judged by its name alone, with little confidence.
    """
    if not document.readable:
        return Role(by_name(document.file) or "evidence", "", 0.35)
    parts = sections(document)
    signs = tuple(_signs(parts))
    title = next((bare(s.title.replace("\n", "")) for s in parts if s.title), "")
    if holder:
        form = next((s.title for s in signs if s.role == "application_form"), title)
        return Role("application_form", form, 1.0, signs)
    scores = _scores(document, parts, signs)
    ranked = sorted(scores, key=lambda r: (-scores[r], ROLES.index(r)))
    best, second = ranked[0], ranked[1]
    named = by_name(document.file)
    if scores[best] < 0.3:
        return Role(named or "other", title, 0.4, signs)
    if named is not None and named != best and scores[best] - scores[named] < 0.1:
        second, best = best, named
    confidence = min(0.99, 0.55 + 0.45 * (scores[best] - max(0.0, scores[second]) / 2))
    own = next((s.title for s in signs if s.role == best), title)
    return Role(best, own, round(max(0.4, confidence), 2), signs)


def by_name(file: str) -> str | None:
    """What a file's name says it is: the name itself first, then its folders, nearest first."""
    for part in reversed(file.replace("\\", "/").split("/")):
        stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", part)
        for role, pattern in _NAMES:
            if re.search(pattern, stem):
                return role
    return None


def title_roles(line: str) -> list[tuple[str, float]]:
    """The roles that a title names, each with how surely it does."""
    return list(_titled([line]))


def _signs(parts: Sequence[Section]) -> Iterator[Sign]:
    for part in parts:
        lines = [line for line in part.title.split("\n") if line.strip()]
        whole = "".join(lines)
        for role, strength in _titled(lines):
            if part.first:
                sure = strength
            elif len(part.text) <= 40 and not part.tables:
                sure = 0.2  # a list of enclosures names what it does not hold
            elif part.numbered:
                sure = 0.45
            else:
                sure = strength if part.appendix else strength * 0.85
            yield Sign(role, bare(whole), part.evidence, round(sure, 2))


def _titled(lines: Sequence[str]) -> Iterator[tuple[str, float]]:
    """The roles that a heading's lines name, each line and all together."""
    texts = [fold(bare(line)) for line in lines]
    if len(texts) > 1:
        texts += [a + b for a, b in pairwise(texts)] + ["".join(texts)]
    given: set[str] = set()
    for role, pattern, strength in _TITLES:
        for text in texts:
            unlike = _NOT_TITLES.get(role)
            if re.search(pattern, text) and not (unlike and re.search(unlike, text)):
                if role not in given:
                    given.add(role)
                    yield role, strength
                break


def _scores(
    document: Document, parts: Sequence[Section], signs: Sequence[Sign]
) -> dict[str, float]:
    scores = dict.fromkeys(ROLES, 0.0)
    head = parts[0] if parts[0].title else (parts[1] if len(parts) > 1 else parts[0])
    for sign in signs:
        own = sign.evidence == head.evidence
        if own:
            scores[sign.role] = max(scores[sign.role], sign.strength)
    text = words(document, 60_000)
    said: dict[str, float] = {}
    for role, pattern, weight in _PHRASES:
        if re.search(pattern, text):
            said[role] = said.get(role, 0.0) + weight
    for role, weight in said.items():
        if scores[role] >= 0.3 or weight >= PHRASES_NEEDED:
            scores[role] += 0.5 * weight if scores[role] else 0.8 * weight
    _by_tables(document, scores)
    _by_size(document, text, head, scores)
    return scores


def _by_tables(document: Document, scores: dict[str, float]) -> None:
    """What the headings of its tables say: a summary table by its columns, a list by 序号."""
    tables = [b for b in document.blocks if isinstance(b, Table) and not b.nested]
    inside = sum(len(c.text) for t in tables for c in t.cells)
    whole = sum(len(getattr(b, "text", "")) for b in document.blocks) + inside
    for table in tables:
        heads = {fold(c.text) for c in table.cells if c.row <= 6 or c.column == 1}
        if summary_columns(heads) >= 4:
            scores["summary_table"] = max(scores["summary_table"], 0.6) + 0.5
        serial = any(h in _SERIAL_HEADS for h in heads)
        if serial and table.columns >= 2 and table.rows >= 3 and inside > 0.5 * whole:
            scores["list"] += 0.35


def summary_columns(heads: set[str]) -> int:
    """How many of the columns of a recommendation summary table stand among folded headings."""
    patterns = (
        "集群名称|^名称$", "运营管理?(?:机构|单位)", "所在县|县市区|所属(?:县|地区|区县)|^县区$",
        "^主导产业", "成立时间|设立时间|成立日期", "集群简介|^简介|情况简介",
    )  # fmt: skip
    return sum(any(re.search(p, h) for h in heads if len(h) < 30) for p in patterns)


def _by_size(document: Document, text: str, head: Section, scores: dict[str, float]) -> None:
    """What speaks against a role in the shape of the paper."""
    if len(text) < 300:  # a cover or a page of a few lines is no plan
        scores["plan"] *= 0.6
    if _ORGANISING.search(fold(head.title)):  # the notice that calls for applications
        scores["recommendation_letter"] *= 0.3
        scores["other"] = max(scores["other"], 0.7)
    if scores["evidence"] and any(
        scores[r] >= 0.8 for r in ("plan", "introduction", "recommendation_letter", "declaration")
    ):
        scores["evidence"] *= 0.5
    if _ISSUED.search(head.title) and scores["recommendation_letter"]:
        scores["recommendation_letter"] += 0.1
