"""A text made ready to be read as sentences: one spelling, and where each character came from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from models.loading.called import fold
from models.writing.units import asked

_END = re.compile(r"[。!?！？]+")
_MARKER = re.compile(
    r"(?P<chapter>第[一二三四五六七八九十]+[章节部分]+|[一二三四五六七八九十]{1,3}、)"
    r"|(?P<section>\([一二三四五六七八九十]{1,3}\))"
    r"|(?P<item>\d{1,2}(?:[.、](?!\d)|(?:\.\d{1,2})+))"
    r"|(?P<sub>\(\d{1,2}\)|[①-⑳])"
)
_LEVELS = ("chapter", "section", "item", "sub")
_ASIDE = re.compile(
    r"(?<=[;:。,])\(\d{1,2}\)|"
    r"(?<=[一-鿿])\(((?!其中|含|包括)(?:(?![省市县区镇年全])[一-鿿、]){2,12})\)(?=[一-鿿])"
)
_HEADING = 30
"""Characters that a heading has at most."""
_AHEAD = re.compile(
    r"目标|未来|规划(?!面积|占地|总面积|建设面积)|计划|思路|重点任务|主要任务|工作任务|保障|措施|打算|阶段|展望"
    r"|下一步|方向|愿景|20(?:2[4-9]|3\d)年"
)
"""A heading with such words stands over what is to come, not over what is."""


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` in one spelling; its n-th character came from `places[n]` of the text given."""

    text: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters start to end of the folded text. `ahead`: it stands under a heading about what
    is to come; `follows`: the sentence before it belongs to the same paragraph."""

    start: int
    end: int
    ahead: bool
    follows: bool


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    return fold(character)


def folded(text: str, kept: Collection[str] = ()) -> Folded:
    """The text without white space, quotation marks and asides; lines of one paragraph joined,
    paragraphs parted by a line break, numbers that stood apart by a bar.

    An aside numbers a point, (2), or stands in brackets and names no figure, unit, place or firm:
    主导产业（轴承）产值.
    `kept` are the words in brackets that belong to a wording: 首台（套）.
    """
    out: list[str] = []
    places: list[int] = []
    start = 0
    for line in text.splitlines(keepends=True):
        if out and not _goes_on("".join(out[-40:]), line):
            out.append("\n")
            places.append(start)
        for n, character in enumerate(line):
            for c in _folded(character):
                if _apart(out, c, line, n):
                    out.append("|")
                    places.append(start + n)
                out.append(c)
                places.append(start + n)
        start += len(line)
    joined = "".join(out)
    left = bytearray(b"\1" * len(joined))
    for aside in _ASIDE.finditer(joined):
        if aside[1] is None or (aside[1] not in kept and asked(aside[1]) is None):
            left[aside.start() : aside.end()] = bytes(aside.end() - aside.start())
    remaining = [n for n in range(len(joined)) if left[n]]
    return Folded("".join(joined[n] for n in remaining), tuple(places[n] for n in remaining))


def _apart(out: list[str], character: str, line: str, at: int) -> bool:
    """Whether white space parts two numbers here; that of 1 286 groups the digits of one."""
    if not (character.isdigit() and out and out[-1].isdigit() and at and line[at - 1].isspace()):
        return False
    groups = re.search(r"(?<!\d)\d{1,3}(?:\s\d{3})*\s$", line[:at])
    row = re.match(r"\d{3}(?:\s\d{3})+(?!\d)", line[groups.start() :]) if groups else None
    if row and row[0].count(" ") > 1:
        return True  # 168 182 196: a row of a table
    return not (groups and re.match(r"\d{3}(?!\d)", line[at:]))


def _goes_on(before: str, line: str) -> bool:
    """Whether a line is the visual continuation of the one before."""
    last = before.rsplit("\n", 1)[-1]
    if re.match(r"[，。、；,;)）]|[万亿元%％家户个件项人]", line) and last[-1:] not in "。;":
        return True
    if len(last) < 20 or last[-1] in "。!?！？;:" or re.search(r"\|[\d.,%-]+$", last):
        return False
    return not _MARKER.match(fold(line))


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a folded text, the headings among them left out of account."""
    over = 0  # level of the heading about what is to come; 0 none, 9 one without a number
    start = 0
    for line in text.split("\n"):
        marker = _MARKER.match(line)
        first = _END.split(line, maxsplit=1)[0]
        level = 0
        if marker:
            level = 1 + next(n for n, name in enumerate(_LEVELS) if marker[name])
        body = first[marker.end() :] if marker else first
        heads = len(body) <= _HEADING and not re.search(r"\d[^年]*[%家户个件项人元]", body)
        if level and heads:
            if _AHEAD.search(body):
                over = level if not over else min(over, level)
            elif level <= over:
                over = 0
        elif heads and len(first) == len(line) and not re.search(r"[,:]", line):
            over = 9 if _AHEAD.search(body) else 0 if over == 9 else over
        at, follows = start, False
        for end in [*(m.end() for m in _END.finditer(line)), len(line)]:
            if start + end > at:
                yield Sentence(at, start + end, bool(over), follows)
                # a semicolon parts clauses of one sentence
                follows = True
                at = start + end
        start += len(line) + 1
