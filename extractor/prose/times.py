"""Years and spans of time in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["years", "range", "span", "part", "now", "before", "after", "ahead", "since"]
"""One or more years; from one to another; 近三年; a part of a year; 目前; 上年; 次年; 未来三年;
a year with 以来."""


@dataclass(frozen=True, slots=True)
class Time:
    start: int
    end: int
    kind: Kind
    years: tuple[str, ...] = ()
    """One after the other; two for a range, with all between."""


_Y = r"(?:19|20)\d\d"
_CN = "〇零○一二三四五六七八九"
_DIGIT = {c: str(n) for n, c in zip([0, 0, 0, *range(1, 10)], _CN, strict=True)}
_YEAR_END = r"(?:度|全年|年末|年底|末|底|期间|当年|1-12月份?|(?:12月(?:31日|份|底|末)?))*"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))  # type: ignore[misc]
    for kind, pattern in (
        ("range", rf"(?:从|由)?(?P<a>{_Y})年?(?:度|末|底)?[-~至到](?P<b>{_Y})年{_YEAR_END}(?:间)?"),
        ("years", rf"(?:{_Y}年?(?:度|末|底)?[、,和及与])+{_Y}(?:[三两]年|年){_YEAR_END}"),
        ("years", rf"(?:{_Y}年(?:度|末|底)?[|/]?)+{_Y}年{_YEAR_END}"),
        ("years", rf"{_Y}(?:[/|]{_Y})+年?"),
        ("years", rf"(?:^|(?<=[;:,|。\n])){_Y}(?=\|\d|:\d)"),
        ("part", rf"{_Y}年(?:上半年|下半年|[一二三四1-4]季度|前[三两二321]个?季度|前\d+个?月"
                 rf"|1-(?!12)\d{{1,2}}月|(?:0?[1-9]|1[01])月(?:份|底|末|\d{{1,2}}日)?)"),
        ("part", rf"{_Y}[-./](?:0?[1-9]|1[01])(?:[-./]\d{{1,2}})?(?![\d万亿元%家户件人])"),
        ("since", rf"(?:自|从)?{_Y}年{_YEAR_END}(?:以来|起|开始|至今|之前|以前|前(?!三|两|[0-9]))"),
        ("years", rf"(?:截至|截止到?|截止至)?{_Y}(?:[-./]12[-./]31|年{_YEAR_END})(?:为?止)?"),
        ("years", rf"二[{_CN}]{{3}}年{_YEAR_END}"),
        ("years", rf"(?:截至|截止到?|截止至)2\d年{_YEAR_END}"),
        ("years", rf"(?:^|(?<=[、,:;。(\[|\n]))2\d年(?!来|前|后|内|间|以|的|之|历){_YEAR_END}"),
        ("years", r"(?<![0-9近第前])2\d年(?:末|底|度|年末|年底|全年)"),
        ("after", r"(?:次|翌|第二)年(?:度|末|底)?|一年(?:之|以)?后"),
        ("part", r"(?:十[一二三四]五|十三五规划|建设|创建|起步|成立|建园|发展|改革开放)?(?:时期)?"
                 r"(?:初期|之初|伊始|起初|最初|早期)|十[一二三]五(?:末|期末)|当时|曾经"
                 r"|(?:上世纪|20世纪|二十世纪)?[二三四五六七八九2-9][十0]年代(?:初期?|末期?|中期)?"),
        ("ahead", r"(?:未来|今后|再用|用|再过|经过)(?:[3三5五]年|几年)(?:内|时间|左右)?|未来几年"
                  r"|[3三]年内|十[四五]五(?:期|规划期)?末"),
        ("span", r"(?:近|最近|过去|前|这|连续)[三两二3]个?年(?:来|间|以来)?"
                 r"|短短[两三3]年(?:间|时间)?|[三3]年(?:来|间|以来|时间|期间|(?=年均|平均|累计|合计|共|分别|依次|[增下上提降]))|近(?:几|些|)年(?:来)?|十[三四]五(?:以来|期间|时期)?"),
        ("before", r"(?:上|去|大?前)一?年(?:同期|度|末|底|一整?年|全年)?"),
        ("part", r"上半年|下半年|(?:今年)?[前头]?[一二两三四]个?季度"
                 r"|(?:今年)?[前头][一二两三四五六七八九十0-9]+个月|今年|本月|上月|当月"),
        ("now", r"截至目前|截止目前|目前|当前|迄今|至今|如今|现阶段"
                r"|现(?:有|拥有|共有|已有|已|建有|已建成|已集聚|集聚|共|在)"),
    )
)  # fmt: skip


def times(text: str, start: int, end: int) -> Iterator[Time]:
    """Every year and span of text[start:end], in order, none overlapping."""
    found: list[Time] = []
    taken = bytearray(max(end - start, 0))  # one for each sign that is part of a time already
    for kind, pattern in _PATTERNS:
        for m in pattern.finditer(text, start, end):
            if 1 not in taken[m.start() - start : m.end() - start]:
                taken[m.start() - start : m.end() - start] = b"\1" * (m.end() - m.start())
                found.append(Time(m.start(), m.end(), kind, _years(kind, m)))
    yield from sorted(found, key=lambda t: t.start)


def _years(kind: Kind, found: re.Match[str]) -> tuple[str, ...]:
    if kind == "range":
        first, last = int(found["a"]), int(found["b"])
        return tuple(str(y) for y in range(first, last + 1)) if first < last < first + 30 else ()
    written = re.findall(_Y, found[0])
    if kind in ("years", "since") and not written:
        spelt = re.search(rf"二[{_CN}]{{3}}", found[0])
        if spelt:
            return ("".join(_DIGIT[c] for c in spelt[0]),)
        short = re.search(r"2\d", found[0])
        return ("20" + short[0],) if short else ()
    return tuple(dict.fromkeys(written)) if kind in ("years", "since", "part") else ()
