"""Labels that stand inside a text, each followed by its value (数量：5个 名称：…)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from extractor.locating.labels import CLEAR, Heading, Vocabulary, core, loose
from models.types import BOXES, Bbox, Evidence, Line, Mark

SHORT = 260
"""A cell with more text than this is prose: no labels are looked for inside it."""
INLINE = re.compile(r"[:：_＿\d０-９☑☐]|\s|$|(?:无|[—－–-]{1,2}|[/／])(?:[\s;；,，。、(（]|$)")

_ABOVE_BOXES = re.compile(r"^((?:[^\n☑☐]*\n){0,2}[^\n☑☐]+)\n\s*(?=[☑☐])", re.MULTILINE)
"""Up to three lines right above a tick box."""

Inside = tuple[int, int, Heading]
"""Where a label begins and ends in a text, and what it says."""


def labels_inside(text: str, vocabulary: Vocabulary) -> list[Inside]:
    """The labels in a text, in order: one it begins with, others inside it where it is short,
    and the years of a cell that holds nothing but years and figures."""
    opening = label_at_start(text, vocabulary)
    found = [opening] if opening else []
    if opening is None and len(text) <= SHORT:
        found = list(_years_inside(text))
        if found:
            return found
    rest = len(text) - (opening[1] if opening else 0)
    if rest <= SHORT:
        at = opening[1] if opening else 0
        for start, end, heading in _labels_between(text, at, vocabulary):
            found.append((start, end, heading))
    elif any(c in text for c in BOXES):
        found += _questions_below(text, opening[1] if opening else 0, vocabulary)
    return found


def _questions_below(text: str, at: int, vocabulary: Vocabulary) -> Iterator[Inside]:
    """Labels of tick boxes on lines of their own behind a long text, the boxes below them."""
    for m in _ABOVE_BOXES.finditer(text, at):
        lines = m.group(1).split("\n")
        for first in range(len(lines)):
            start = m.start() + sum(len(line) + 1 for line in lines[:first])
            heading = vocabulary.read(text[start : m.end(1)].rstrip(":： \u3000"))
            if heading is None or not heading.names_field or heading.labels[0][1] < CLEAR:
                continue
            if start >= at and any(key in vocabulary.ticked for key, _ in heading.labels):
                yield start, m.end(1), heading
                break


def label_at_start(text: str, vocabulary: Vocabulary) -> Inside | None:
    """A label the text begins with: up to a colon, or in its first lines."""
    lead = len(text) - len(text.lstrip())
    ends = [m.start() for m in re.finditer(r"[:：_＿☑☐]", text[:160])][:3]
    ends += [m.start() for m in re.finditer(r"\n", text[:160])][:4]
    best: Inside | None = None
    for cut in sorted(set(ends)):
        end = len(text[:cut].rstrip(" \t　—－–-/／"))
        heading = vocabulary.read(text[lead:end])
        if heading is None or not heading.names_field:
            continue
        if heading.labels[0][1] < CLEAR:
            continue
        if best is None or heading.labels[0][1] >= best[2].labels[0][1]:
            best = (lead, end, heading)
    return best


def _labels_between(text: str, at: int, vocabulary: Vocabulary) -> Iterator[Inside]:
    """Labels further inside a short text: to the letter but for spacing, or as near to it as a
    label in a cell of its own may be where a row of the text is the label and a figure."""
    taken: list[tuple[int, int]] = []
    hits: list[Inside] = []
    written, known = frozenset(text[at:]), _inner_patterns(vocabulary)
    near = (entry for c in written & known.keys() for entry in known[c])
    for _, _, pattern, heading in sorted(e for e in near if e.letters <= written):
        for m in pattern.finditer(text, at):
            if any(m.start() < e and s < m.end() for s, e in taken):
                continue
            before = text[: m.start()].rstrip(" \t　")
            if before and before[-1] not in "\n;；,，、。:：_＿)）|" + BOXES and m.start() > at:
                spaced = text[m.start() - 1].isspace() or text[m.end() : m.end() + 1] in (":", "：")
                if not spaced:
                    continue
            if not INLINE.match(text, m.end()):
                continue
            taken.append((m.start(), m.end()))
            hits.append((m.start(), m.end(), heading))
    for m in _AT_ROW.finditer(text, at):
        if any(m.start(1) < e and s < m.end(1) for s, e in taken):
            continue
        almost = vocabulary.read(m.group(1))
        if almost is not None and almost.names_field and almost.labels[0][1] >= CLEAR:
            hits.append((m.start(1), m.end(1), almost))
    hits.sort(key=lambda hit: hit[0])
    yield from hits


_AT_ROW = re.compile(
    r"(?:^|[\n;；])[ \t\u3000]*"
    r"([^\s\d:：_＿;；,，。☑☐][^\n\d:：_＿;；。☑☐]{7,}?)(?=[ \t:：_＿]*\d)",
)
"""What stands before a figure in a row of a text."""
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年(?:度|末|底)?\s*[:：]?\s*(?!\s*\d{1,2}\s*月)(?=\S)")
_FIGURES_ALONE = re.compile(r"[\s\d.,，%％+\-－−—/无;；、。()（）A-Za-z²㎡元万亿吨家户个件项人]*")


def _years_inside(text: str) -> Iterator[Inside]:
    """The years of a cell that holds nothing but years, each with its figure."""
    hits = list(_YEAR.finditer(text))
    if not hits or text[: hits[0].start()].strip():
        return
    ends = [*(m.start() for m in hits[1:]), len(text)]
    if all(_FIGURES_ALONE.fullmatch(text, m.end(), e) for m, e in zip(hits, ends, strict=True)):
        for m in hits:
            yield m.start(), m.end(), Heading(m.group(), year=m.group(1), generic=True)


class _Inner(NamedTuple):
    place: int
    """Among all of the form, the longest first."""
    letters: frozenset[str]
    """Where one of them is missing, so is the label."""
    pattern: re.Pattern[str]
    heading: Heading


@lru_cache(maxsize=8)
def _inner_patterns(vocabulary: Vocabulary) -> dict[str, list[_Inner]]:
    """Last levels of the form's labels as loose patterns, by their first letter."""
    labels: dict[str, str] = {}
    for f in vocabulary.form.fields:
        if f.type == "narrative" and (f.limit or 0) > 1000:
            continue
        for path in f.paths:
            labels.setdefault(path[-1], path[-1])
            labels.setdefault(core(path[-1]), path[-1])
    found: dict[str, list[_Inner]] = {}
    longest = sorted(labels.items(), key=lambda pair: -len(pair[0]))
    for place, (spelling, label) in enumerate(longest):
        letters = [c for c in spelling if c.isalnum()]
        if len(spelling) < 2 or not letters:
            continue
        # with a remark in brackets, one of which may be lost: at a line's end, or in a scan
        remark = (
            r"(?:\s*[(（][^()（）\n]{1,16}[)）]|[(（][^()（）\s]{1,6}(?=\s)"
            r"|\s*[^()（）\s:：]{1,4}[)）](?=\s*[:：]))?"
        )
        pattern = re.compile(loose(spelling).pattern + remark)
        heading = vocabulary.read(label)
        if heading is not None and heading.labels:
            inner = _Inner(place, frozenset(letters), pattern, heading)
            found.setdefault(letters[0], []).append(inner)
    return found


# ------------------------------------------------------------------ a part of a text


def marks_between(text: str, marks: tuple[Mark, ...], start: int, end: int) -> tuple[Mark, ...]:
    """The marks of the boxes in text[start:end]."""
    boxes = [i for i, c in enumerate(text) if c in BOXES]
    return tuple(m for i, m in zip(boxes, marks, strict=False) if start <= i < end)


def within(evidence: Evidence, lines: tuple[Line, ...], start: int, end: int) -> Evidence:
    """The evidence narrowed to the visual lines that hold text[start:end]."""
    hit = [line for line in lines if line.start < end and start < line.end]
    boxes = [line.bbox for line in hit if line.page == hit[0].page]
    if not boxes:
        return evidence
    x0, top, x1, bottom = zip(*boxes, strict=True)
    box: Bbox = (min(x0), min(top), max(x1), max(bottom))
    return replace(evidence, page=hit[0].page, bbox=box)


def shift(lines: tuple[Line, ...], start: int, end: int) -> tuple[Line, ...]:
    """The visual lines of text[start:end], counted from there."""
    return tuple(
        replace(line, start=max(line.start - start, 0), end=min(line.end, end) - start)
        for line in lines
        if line.start < end and start < line.end
    )
