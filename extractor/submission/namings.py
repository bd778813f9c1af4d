"""What the other papers of a submission call the cluster and who applies: letter, declaration,
introduction, plan; and what the form's own narratives call it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from models.form import load_form
from models.types import Application, Document, Evidence, Naming, Paragraph
from models.writing.folding import normalise
from models.writing.naming import Name, cluster_name, region_stem

OWN_PAPERS = ("recommendation_letter", "declaration", "introduction", "plan")
"""Papers of which the whole is about this cluster."""
TITLE_CHARACTERS = 60
_TITLES = 6
"""The title stands among so many first paragraphs."""
_ALIKE = 0.5
"""A cluster of the same county that a text names is this one where the names are this alike;
else it may be another one of the county."""

_END = re.compile(r"(?:产业|行业|特色)集群")
_BREAK = re.compile(r"[，。；：、！？,;:!?\s()“”\"《》〈〉【】]")
_NO_NAME = re.compile(
    r"[的是在为了个与及\d%]|拥有|包括|其他|发展|推动|打造|建设|培育|申报|推荐|成为|形成|全省|全市|全县|重点"
    r"|等|围绕|依托|支持|现有|已|级|多|各|我|本|该|亿|新兴|区域|跨|传统|若干|共"
)
_APPLICANT = re.compile(
    r"(?:申报|申请|承诺|声明)(?:单位|主体|机构)(?:名称)?[(]?(?:公章|盖章|签章|章|加盖公章)?[)]?\s*[:：]\s*"
    r"([\u4e00-\u9fffA-Za-z0-9()·]{6,40})"
)
_OPERATOR = re.compile(
    r"(?:集群)?运营(?:管理)?(?:机构|单位)(?:名称)?[(]?(?:公章|盖章|签章|章|加盖公章)?[)]?\s*[:：]\s*"
    r"([\u4e00-\u9fffA-Za-z0-9()·]{6,40})"
)
_BODY = (
    r"([\u4e00-\u9fffA-Za-z0-9()·]{2,38}?"
    r"(?:公司|集团|中心|委员会|管委会|办公室|协会|促进会|联盟|局|所|院|站))"
)
_RUN_BY = re.compile(
    rf"由{_BODY}(?:具体|统一|全面)?(?:负责|承担)(?:该|本)?(?:集群|园区|其|日常|整体|的)*(?:运营|运行|管理)"
    rf"|运营(?:管理)?(?:机构|单位)(?:为|是|系){_BODY}"
    rf"|(?:^|[，。；,;]){_BODY}(?:作为|为|是)(?:该|本)?集群(?:的)?运营(?:管理)?(?:机构|单位)"
)
"""Who runs the cluster, in a letter's own sentence."""


def with_namings(application: Application, papers: Sequence[tuple[str, Document]]) -> Application:
    """The application with the names found; `papers` are (role, document) of every file."""
    answer = application.answer("cluster_name")
    if answer is None or answer.state != "given" or not application.form:
        return application
    places = [application.answer(f) for f in ("region_county", "region_city")]
    known = [str(a.value) for a in places if a is not None and a.state == "given"]
    if not known:
        known = list(cluster_name(str(answer.value)).places[::-1])
    known = [k for k in known if len(region_stem(k)) > 1] or known
    own = cluster_name(str(answer.value), tuple(known))
    fields = {f.id for f in load_form(application.form).fields}
    found = list(_in_narratives(application, own, tuple(known)))
    for role, document in papers:
        if role in OWN_PAPERS:
            found += _in_paper(role, document, own, tuple(known), fields)
    return replace(application, namings=(*application.namings, *found))


def _in_narratives(application: Application, own: Name, known: tuple[str, ...]) -> Iterator[Naming]:
    for n in application.narratives:
        if n.state == "given" and not n.needs_look:
            for name in names_in(n.text, known):
                if _ours(name, own, known, sure=False):
                    yield Naming("cluster_name", name, n.field, replace(n.evidence, raw=name))


def _in_paper(
    role: str, document: Document, own: Name, known: tuple[str, ...], fields: set[str]
) -> Iterator[Naming]:
    named: dict[str, Naming] = {}
    for number, block in enumerate(b for b in document.blocks if isinstance(b, Paragraph)):
        text = normalise(block.text)
        where = Evidence(document.file, block.page, block.bbox, block.place)
        title = number < _TITLES and len(text) <= TITLE_CHARACTERS
        sure = title or role in ("recommendation_letter", "declaration")
        for name in names_in(text, known):
            if _ours(name, own, known, sure):
                named.setdefault(name, Naming("cluster_name", name, role, replace(where, raw=name)))
        if role in ("recommendation_letter", "declaration") and "operator" in fields:
            for sentence in re.split(r"[。；;\n]", text):
                run = _RUN_BY.search(sentence) if "集群" in sentence else None
                if run is not None:
                    name = next(g for g in run.groups() if g)
                    yield Naming("operator", name, role, replace(where, raw=run[0].strip("，,")))
        if role == "declaration":
            for field, pattern in (("applicant", _APPLICANT), ("operator", _OPERATOR)):
                match = pattern.search(text)
                if field in fields and match is not None:
                    yield Naming(field, match[1], role, replace(where, raw=match[0]))
    names = {n: cluster_name(n, known).core for n in named}
    if role == "recommendation_letter" and own.core in names.values():
        return  # one letter may put several clusters of the county forward
    yield from named.values()


def names_in(text: str, known: tuple[str, ...]) -> Iterator[str]:
    """The names of clusters that begin with one of the places known (寿光市…产业集群).

    >>> list(names_in("现推荐寿光市蔬菜种苗特色产业集群参评。", ("寿光市",)))
    ['寿光市蔬菜种苗特色产业集群']
    >>> list(names_in("寿光市种苗产业集群按照成长型产业集群申报。", ("寿光市",)))
    ['寿光市种苗产业集群']
    """
    text = normalise(text)
    stems = [region_stem(k) for k in known]
    before = 0
    for end in _END.finditer(text):
        breaks = [m.end() for m in _BREAK.finditer(text, 0, end.start())]
        start, before = max([before, *breaks]), end.end()
        piece = text[start : end.end()]
        starts = [at for stem in stems if stem and (at := piece.find(stem)) >= 0]
        if starts:
            yield piece[min(starts) :]


def _ours(name: str, own: Name, known: tuple[str, ...], sure: bool) -> bool:
    """Whether it is a name, and this cluster's."""
    core = cluster_name(name, known).core
    if not 2 <= len(core) <= 16 or _NO_NAME.search(core) or core in ("特色", "优势", "中小企业"):
        return False
    return sure or SequenceMatcher(None, core, own.core).ratio() >= _ALIKE
