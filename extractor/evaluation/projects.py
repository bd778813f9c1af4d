"""The typical projects of a report: where each stands, and which of its parts it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from extractor.locating.labels import core, fold
from extractor.locating.narratives import joined
from models.form import Field, Form
from models.types import Cell, Document, Evidence, NarrativeAnswer, Paragraph, Table
from models.values import is_none_mark
from models.writing.counting import count_characters
from models.writing.folding import normalise
from models.writing.numerals import NotANumber, number_at

HEADING = 45
"""A longer line is text, not a heading."""
_PROJECT = re.compile(r"典型(?:项目|案例)|代表性项目|示范项目|项目名称")
_NUMBERED = re.compile(
    r"^\s*(?:[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]|[①-⑩]|第[一二三四五六七八九十]+[章节部]"
    r"|[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}(?:[.．]\d{1,2})*(?:[、)）]|[.．](?!\d)|\s)|【)"
)
_NUMBER = re.compile(
    r"^\s*(?P<open>[（(]|第)?(?P<number>[一二三四五六七八九十]{1,3}|\d{1,2})(?P<close>[)）、.．章节部])"
)
_END = 30
"""… in a pattern stands for at most this many characters of one sentence."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    evidence: Evidence
    area: Field | None = None
    """The area whose heading this is."""
    ends: bool = False
    """A heading that belongs to no area and closes the one before it."""
    row: tuple[tuple[str, str], ...] | None = None
    """Column heading and text of each cell, where it is a row of a table of projects."""


def read_projects(document: Document, form: Form) -> list[NarrativeAnswer]:
    """One answer for each area that must have a typical project; `absent` where none was found."""
    areas = [f for f in form.fields if f.parts]
    lines = list(_lines(document, areas, form))
    return [_project(field, lines, form, document) for field in areas]


# ------------------------------------------------------------------ the text in reading order


def _lines(document: Document, areas: Sequence[Field], form: Form) -> Iterator[_Line]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            for text in paragraphs(document, block.text):
                yield _line(text, _place(document, block), areas)
        elif not block.nested:
            yield from _table(document, block, areas, form)


def paragraphs(document: Document, text: str) -> list[str]:
    """The paragraphs of a block: on a page a line's end is one only where a sentence ends there
    and a numbered line or a label follows."""
    lines = text.split("\n")
    if document.kind not in ("pdf", "image"):
        return lines
    result = [lines[0]]
    for before, line in pairwise(lines):
        ended = (
            before.rstrip().endswith(("。", "；", "：", ":", "！")) or len(before) < HEADING // 3
        )
        if ended and (_NUMBERED.match(line) or re.match(r"\s*[^，。：:]{2,12}[：:]", line)):
            result.append(line)
        else:
            result[-1] = joined(f"{result[-1]}\n{line}").replace("\n", "")
    return result


def _line(text: str, evidence: Evidence, areas: Sequence[Field]) -> _Line:
    area = area_of(text, areas)
    heading = len(text.strip()) <= HEADING and bool(_NUMBERED.match(text))
    return _Line(text, evidence, area, heading and area is None and not _part_heading(text))


def _part_heading(text: str) -> bool:
    """1. 承担单位 under an area's heading: not the end of the area."""
    return bool(re.search(r"项目|单位|内容|作用|成效|做法|措施|情况|效果|亮点", text))


def area_of(text: str, areas: Sequence[Field]) -> Field | None:
    """The area that a heading names; None for prose and other headings.

    The heading is the area's name, with a number before and 典型项目 or a project's name after it.
    """
    line = text.strip()
    ends = r"[:：—–。]" if _NUMBERED.match(line) else r"[:：—–]"  # 1.产业链协作配套。某某项目。
    head = re.split(rf"{ends}|(?<=项目)[“《]", line, maxsplit=1)[0].strip()
    if not head or len(head) > HEADING or head.endswith(("。", "；", ";", "，", ",")):
        return None
    if len(line) > 2 * HEADING and not _NUMBERED.match(line):
        return None
    said = core(head)
    best: tuple[int, Field] | None = None
    for field in areas:
        for path in field.paths:
            name = core(path[-1])
            if name and name in said and len(name) * 2 >= len(_bare(said)):
                best = max(best or (0, field), (len(name), field), key=lambda pair: pair[0])
    return best[1] if best else None


def _bare(said: str) -> str:
    return re.sub(r"典型(?:项目|案例)|重点领域|工作|开展|情况|方面|领域|项目|案例|的", "", said)


def _table(document: Document, table: Table, areas: Sequence[Field], form: Form) -> Iterator[_Line]:
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        for r in range(cell.row, cell.row + cell.row_span):
            rows.setdefault(r, []).append(cell)
    heads: dict[int, str] = {}
    for r in sorted(rows):
        cells = sorted(rows[r], key=lambda c: c.column)
        named = [c for c in cells if _part_named(c.text, form)]
        if len(named) >= 2:
            heads = {c.column: c.text for c in cells}
            continue
        area = next((a for c in cells if (a := area_of(c.text, areas))), None)
        if heads and area is not None:
            pairs = tuple((heads.get(c.column, ""), c.text) for c in cells)
            text = "\n".join(f"{_flat(h)}：{t}" if h else t for h, t in pairs)
            yield _Line(text, _place(document, cells[0]), area, row=pairs)
            continue
        if any(_part_named(heads.get(c.column, ""), form) and c.text.strip() for c in cells):
            # a table of one project, whose area stands over it
            for cell in cells:
                head = _flat(heads.get(cell.column, ""))
                text = "\n".join(paragraphs(document, cell.text))
                yield _Line(f"{head}：{text}" if head else text, _place(document, cell))
            continue
        for n, cell in enumerate(cells):
            if cell.row != r:
                continue
            own = area_of(cell.text, areas)
            text = "\n".join(paragraphs(document, cell.text))
            if n and own is None and _part_named(cells[n - 1].text, form):
                text = f"{_flat(cells[n - 1].text)}：{text}"
            elif own is None and _part_named(cell.text, form) and n + 1 < len(cells):
                continue
            for line in text.split("\n"):
                yield _Line(line, _place(document, cell), area_of(line, areas))


def _flat(text: str) -> str:
    return re.sub(r"\s+", "", text).rstrip(":：")


def _place(document: Document, part: Paragraph | Cell) -> Evidence:
    return Evidence(
        file=document.file,
        page=part.page,
        bbox=part.bbox,
        place=part.place,
        how="ocr" if part.sure < 1.0 else "text",
    )


# ------------------------------------------------------------------ one project


def _project(
    field: Field, lines: Sequence[_Line], form: Form, document: Document
) -> NarrativeAnswer:
    stretches = [s for s in _stretches(field, lines) if any(fold(line.text) for line in s[1:])]
    stretches += [[line] for line in lines if line.area is field and line.row is not None]
    stretches += [[line] for line in lines if line.area is field and _inline(line)]
    best: NarrativeAnswer | None = None
    for stretch in stretches:
        answer = _narrative(field, stretch, form)
        if best is None or _worth(answer) > _worth(best):
            best = answer
    if best is None:
        where = Evidence(file=document.file)
        return NarrativeAnswer(field.id, "absent", "", 0, 0, field.limit, where)
    if document.ocr_pages:
        return replace(best, needs_look=True, confidence=0.8)
    return best


def _worth(answer: NarrativeAnswer) -> tuple[int, int]:
    """A stretch that speaks of a project before one that only describes the area."""
    return (len(answer.parts or ()), len(_PROJECT.findall(answer.text)))


def _inline(line: _Line) -> bool:
    """产业链协作配套典型项目：某某项目，由…承担: all in one paragraph."""
    return len(line.text.strip()) > HEADING


def _stretches(field: Field, lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """From each heading of the area to the next heading of another, or to what ends it."""
    # 三、其他情况 goes on from 二、 before （五）产业集群品牌建设, whatever words it has
    open_: list[_Line] | None = None
    before: dict[str, int] = {}
    within: dict[str, int] = {}
    for line in lines:
        if line.row is not None:
            continue
        kind, number = _number(line.text)
        goes_on = kind not in within and number > 1 and before.get(kind) == number - 1
        if open_ is None or line.area is field:
            before[kind] = number
        if line.area is field:
            if open_ is not None and len(open_) > 1:
                yield open_
            open_, within = [line], {kind: number}
        elif open_ is not None and (line.area is not None or line.ends or goes_on):
            yield open_
            open_ = None
            before[kind] = number
        elif open_ is not None:
            open_.append(line)
            within[kind] = number
    if open_ is not None:
        yield open_


def _number(text: str) -> tuple[str, int]:
    """How a heading is numbered, and its number: (一、, 3); ("", 0) without one."""
    found = _NUMBER.match(text) if len(text.strip()) <= HEADING else None
    if found is None:
        return "", 0
    try:
        number = number_at(found["number"], 0)
    except NotANumber:
        number = None
    digits = "1" if found["number"].isdecimal() else "一"
    if number is None:
        return "", 0
    return f"{found['open'] or ''}{digits}{found['close']}", int(number.value)


def _narrative(field: Field, stretch: Sequence[_Line], form: Form) -> NarrativeAnswer:
    body = list(stretch)
    if len(body) > 1 and not _inline(body[0]):
        title, body = body[0].text, body[1:]
    else:
        title = ""
    # What the area's work is in general comes before its project.
    start = next((n for n, line in enumerate(body) if _PROJECT.search(line.text)), 0)
    body = body[start:]
    text = "\n".join(line.text for line in body).strip()
    count, no_spaces = count_characters(text)
    named = parts_named(f"{title}\n{text}", field, form)
    return NarrativeAnswer(
        field.id, "given", text, count, no_spaces, field.limit, body[0].evidence, parts=named
    )


# ------------------------------------------------------------------ its parts


def parts_named(text: str, field: Field, form: Form) -> tuple[str, ...]:
    """Which of its parts a project's text names, with something behind the name.

    A part is named by a label with text (承担单位：某公司) or by words of a sentence (由…承担).
    """
    plain = normalise(text)
    return tuple(part for part in field.parts if _named(plain, part, form))


def _named(text: str, part: str, form: Form) -> bool:
    others = [w for p, words in form.part_words if p != part for w in (p, *words)]
    for words in (part, *dict(form.part_words).get(part, ())):
        for m in _pattern(words).finditer(text):
            if _something(text[m.end() :], others):
                return True
    return False


def _something(rest: str, others: Sequence[str]) -> bool:
    """Whether words follow a label: not the end, a none-mark, or the next label at once."""
    rest = re.sub(r"^[\s:：为是]+", "", rest)
    line = rest.split("\n", 1)[0].strip()
    if not fold(line):
        return False
    words = re.split(r"[。；;]", line)[0]
    if is_none_mark(words):
        return False
    label = re.match(r"[^:：]{2,8}(?=[:：])", line)
    return not (label and any(fold(o) == fold(label.group()) for o in others if "…" not in o))


@lru_cache(maxsize=200)
def _pattern(words: str) -> re.Pattern[str]:
    gap = rf"[^。；;\n]{{1,{_END}}}?"
    return re.compile(gap.join(map(re.escape, normalise(words).split("…"))))


def _part_named(text: str, form: Form) -> bool:
    said = fold(text)
    words = [w for part, also in form.part_words for w in (part, *also) if "…" not in w]
    return bool(said) and len(said) <= 12 and any(said.endswith(fold(w)) for w in words)
