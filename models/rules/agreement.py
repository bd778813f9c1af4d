"""The agreement.* rules that the application alone decides: versions, names, platforms.

What prose, lists and summary tables state against the form is compared elsewhere; the target
table's first column stands among the relations (programmes/common/relations.yaml).
"""

from __future__ import annotations

import re
from decimal import Decimal

from models.form import Form
from models.rules.arithmetic import entries
from models.rules.figures import Figures, absent, field_name, figure_name, unusable
from models.rules.outcomes import Outcome, Outcomes, result
from models.rules.versions import version_checks
from models.types import Answer, Application, Naming
from models.wording import Bilingual, say
from models.writing.folding import normalise
from models.writing.naming import (
    cluster_name,
    region_stem,
    same_cluster_name,
    same_operator,
    same_region,
)

PLATFORMS = "agreement.platform-names"
NAME = "agreement.name"


def agreement_checks(form: Form, figures: Figures, application: Application) -> Outcomes:
    """Every such rule that is due."""
    yield from version_checks(form, application)
    yield from _names(form, application)
    for entry in entries(form.id):
        if "names" in entry:
            yield from _platforms(form, figures, entry["names"], entry["count"])


# ------------------------------------------------------------------ names of platforms

_BRACKETS = {"(": ")", "[": "]", "{": "}", "【": "】", "〔": "〕", "《": "》", "“": "”", "「": "」"}
_HARD = "、,;，；"
_NUMBERED = re.compile(
    r"(?:(?<=^)|(?<=[\s。]))[(]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.)、．](?!\d)"
    r"|[(](?:\d{1,2}|[一二三四五六七八九十]{1,2})[)]|[①-⑳]"
)
_ENDS = (
    "中心|实验室|平台|工作站|服务站|流动站|基地|研究院|设计院|研究所|检测所|技术院|孵化器|联盟|空间|研究室"
    "|设计室|协会|[)]"
)
_SOFT = re.compile(
    "(?:" + "|".join(f"(?<={e})" for e in _ENDS.split("|")) + r")(?:\s+|和|及|以及|与)(?=\S)"
)
_SEVERAL = re.compile(r"(?:共|等|计|合计|共计|共有)?(\d{1,4})(?:个|家|所|处|座|项)$")
_AND_MORE = re.compile(
    r"等+(?:平台|机构|单位)?(?:共|共计|合计)?(?:\d{1,4}(?:个|家|所|处|项))?[。.]?$"
)
_ELSEWHERE = re.compile(r"(?:详见|见|参见|附)(?:[^、,;]{0,8})(?:附件|清单|附表|名单|佐证|材料)")

_RUN_BY = re.compile(
    r"[,;](?:均|分别)?(?:由|依托)[^;。()]*?(?:承担|建设|运营|运行|管理|负责|设立|共建|承建|牵头)"
    r"(?:和(?:建设|运行|管理))?(?:任务|工作)?(?=[;。]|$)"
)
"""Whose work a platform is, no further name: ，由甲公司、乙公司分别承担建设任务。"""


def names_written(text: str) -> tuple[int, int, bool]:
    """How many names a text lists: at least, at most, and whether it says that there are more.

    A line break or 和 may separate two names or stand inside one, hence the two numbers.

    >>> names_written("甲工程研究中心（省级、2021年）、乙重点实验室；丙设计中心")
    (3, 3, False)
    """
    text = re.sub(r"[。.]\s*$", "", normalise(text).strip())
    more = bool(_AND_MORE.search(text)) or bool(_ELSEWHERE.search(text))
    text = _AND_MORE.sub("", text)
    flat = re.sub(r"\s*\n\s*", "", text)
    if _RUN_BY.search(flat):  # a sentence, over the ends of lines
        text = _RUN_BY.sub("", flat)
    text = _NUMBERED.sub("、", text)
    pieces = [p for p in _split(text) if re.search(r"\w", p) and not _ELSEWHERE.search(p)]
    least = most = 0
    for piece in pieces:
        several = _SEVERAL.search(piece.strip())
        if several:
            least, most = least + int(several.group(1)), most + int(several.group(1))
            continue
        least += 1
        most += 1 + len(list(_SOFT.finditer(piece)))
    return least, most, more


def _split(text: str) -> list[str]:
    """At 、 ， ； outside brackets."""
    pieces, open_, current = [], [], ""
    for char in text:
        if char in _BRACKETS:
            open_.append(_BRACKETS[char])
        elif open_ and char == open_[-1]:
            open_.pop()
        if char in _HARD and not open_:
            pieces.append(current)
            current = ""
        else:
            current += char
    return [*pieces, current]


def _platforms(form: Form, figures: Figures, names: str, count: str) -> Outcomes:
    fields = (count, names)
    written, number = figures.answer(names, None), figures.answer(count, None)
    name = figure_name(form.field(count), None)
    if written is None or number is None or "absent" in (written.state, number.state):
        if written is not None or number is not None:
            yield result(PLATFORMS, fields, None, because=absent(name))
        return
    because = None
    for answer in (written, number):
        if answer.needs_look or answer.state in ("unreadable", "blank"):
            called = figure_name(form.field(answer.field), None)
            because = because or unusable(answer, called)
    if because is not None:
        yield result(PLATFORMS, fields, None, because=because, sources=(number, written))
        return
    stated = number.value if isinstance(number.value, Decimal) else Decimal(0)
    least, most, more = names_written(written.raw) if written.state == "given" else (0, 0, False)
    shown = str(least) if least == most else f"{least}–{most}"
    told = {"expected": shown, "actual": str(stated)}
    if more and not least:
        because = say("the names stand elsewhere")
        yield result(PLATFORMS, fields, None, because=because, sources=(number, written))
    elif least <= stated <= most or (more and stated >= least):
        yield result(PLATFORMS, fields, None, sources=(number, written), **told)  # type: ignore[arg-type]
    else:
        message = say(
            "{figure} is stated as {stated}, but {n} names are written",
            figure=name,
            stated=stated,
            n=shown,
        )
        severity = "warning" if more else "error"
        yield result(PLATFORMS, fields, message, severity, sources=(number, written), **told)  # type: ignore[arg-type]


# ------------------------------------------------------------------ names of the cluster


def _names(form: Form, application: Application) -> Outcomes:
    """The cluster's name, county and operator against every other place that names them."""
    others = [*application.namings, *_in_summaries(application)]
    known = tuple(
        str(a.value)
        for a in application.answers
        if a.field.startswith("region_") and a.state == "given"
    )
    for field in ("cluster_name", "region_county", "operator", "applicant"):
        if not form.has(field):
            continue
        answer = application.answer(field)
        places = [n for n in others if n.field == field]
        if answer is None or not places:
            continue
        name = field_name(form.field(field))
        because = unusable(answer, name)
        if because is not None:
            yield result(NAME, (field,), None, because=because, sources=(answer,))
            continue
        different = [n for n in places if not _same(field, str(answer.value), n.text, known)]
        yield _named(field, name, answer, different)


def _named(field: str, name: Bilingual, answer: Answer, different: list[Naming]) -> Outcome:
    if not different:
        return result(NAME, (field,), None, sources=(answer,))
    words = dict.fromkeys(n.text for n in different)
    message = say(
        "{field} reads “{one}” in one place and “{other}” in another",
        field=name,
        one=str(answer.value),
        other="”、“".join(words),
    )
    return result(
        NAME, (field,), message, "warning", sources=(answer, *map(_as_answer, different)),
        expected=str(answer.value), actual="、".join(words),
    )  # fmt: skip


def _as_answer(n: Naming) -> Answer:
    return Answer(n.field, None, "given", n.text, n.text, 1.0, False, n.evidence)


def _in_summaries(application: Application) -> list[Naming]:
    return [
        Naming(a.field, str(a.value), "summary_table", a.evidence)
        for row in application.summaries
        for a in row.answers
        if a.state == "given" and not a.needs_look
    ]


def _same(field: str, one: str, other: str, known: tuple[str, ...]) -> bool:
    if field == "cluster_name":
        return same_cluster_name(cluster_name(one, known), cluster_name(other, known))
    if field == "region_county":
        return same_region(one, other)
    return same_operator(one, other, tuple(region_stem(k) for k in known))
