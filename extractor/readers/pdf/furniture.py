"""Page numbers, running headers and footers: told apart from what the document says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz

from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.pdf.items import Item
from extractor.readers.pdf.text import TextLine, lay_out

_PAGE_NUMBER = re.compile(
    r"^[-—–―一~·.•\s]*(?:第|page|p\.?)?\s*[-—–]?\s*(\d{1,4}|[ivxlc]{1,6})\s*[-—–]?\s*页?"
    r"(?:\s*[,，/／|of共]+\s*共?\s*\d{1,4}\s*页?)?[-—–―一~·.•\s]*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\s*(?:(?:https?|file)://\S+)?\s*(?:\d{1,4}\s*/\s*\d{1,4})?\s*")
_PRINTED_AT = re.compile(
    r"\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}[,，]?\s*(?:上午|下午)?\s*\d{1,2}:\d{2}.*"
)
_MARGIN = 0.05
"""Of a page's height: what a browser prints stands in it."""
_PRINTED, _DRAWN_IN = 4, 12
"""Points: how evenly a line stands from page to page, printed and scanned."""
_ALIKE, _TELLING = 80, 4
"""Of 100, how like texts are that are one; letters of a text that can be told by likeness."""
_ATTACHMENT = re.compile(r"^(?:附件|附表|附录|表)")
_Figures = list[tuple[int, tuple[int, ...]]]


def without_furniture(
    pages: list[list[Item]], sizes: Sequence[tuple[float, float]], recognised: bool = False
) -> list[list[Item]]:
    """Pages without page numbers and without headers and footers repeated on most of them.

    A line is furniture only near the page's edge, with no table beyond it, and only where it is
    a page number by its form, is repeated to the letter at the same height, or differs from page
    to page in nothing but one number that counts the pages. Lines that the producer tagged as
    artifacts are furniture too. Of `recognised` pages a line is the same though it was read with
    another letter or in parts, and stands as evenly as a scanner draws its paper in.
    """
    edges = [
        [*_edge_lines(items, height, True), *_edge_lines(items, height, False)]
        for items, (_, height) in zip(pages, sizes, strict=True)
    ]
    step = _DRAWN_IN if recognised else _PRINTED
    meant = _meant(edges) if recognised else {}

    def signature(line: TextLine) -> tuple[str, str, int]:
        text = re.sub(r"\s+", "", line.text)
        text = meant.get(text, text)
        return text, re.sub(r"\d+", "#", text), round(line.base / step)

    seen: dict[tuple[str, int], set[int]] = {}
    numbers: dict[tuple[str, int], _Figures] = {}
    for page, lines in enumerate(edges):
        for line in lines:
            text, shape, where = signature(line)
            figures = tuple(int(n) for n in re.findall(r"\d{1,6}", text))
            for near in (where - 1, where, where + 1):
                seen.setdefault((text, near), set()).add(page)
                numbers.setdefault((shape, near), []).append((page, figures))
    out: list[list[Item]] = []
    for page, items in enumerate(pages):
        height = sizes[page][1]
        drop: set[int] = set()
        for line in edges[page]:
            text, shape, where = signature(line)
            margin = line.base < 0.075 * height or line.base > 0.925 * height
            least = 2 if margin else 3
            repeated = len(seen[text, where])
            if (
                (repeated >= least and repeated * 2 >= len(pages))
                or (_PAGE_NUMBER.match(line.text) and (margin or line.base > 0.88 * height))
                or (not _ATTACHMENT.match(text) and _counts_pages(numbers[shape, where], least))
                or _tagged_artifact(line)
            ):
                drop.add(id(line))
        out.append([i for i in items if id(i) not in drop])
    return out


def without_address(glyphs: list[Glyph], height: float) -> list[Glyph]:
    """The glyphs of a page without the day, title, address and page number that a browser prints
    above and below it."""
    gone: set[int] = set()
    for said, near in (
        (_PRINTED_AT, [g for g in glyphs if g.base < _MARGIN * height]),
        (_ADDRESS, [g for g in glyphs if g.base > (1 - _MARGIN) * height]),
    ):
        for line in lay_out(near, 1) if near else ():
            if not line.turn and said.fullmatch(line.text):
                gone |= {id(g) for g in line.glyphs}
    return [g for g in glyphs if id(g) not in gone] if gone else glyphs


def _tagged_artifact(line: TextLine) -> bool:
    drawn = [g for g in line.glyphs if g is not None]
    return bool(drawn) and all(g.artifact for g in drawn)


def _meant(edges: Sequence[Sequence[TextLine]]) -> dict[str, str]:
    """Recognised texts at the edges of pages, to those repeated that they are a part of or differ
    from in a letter or two, not in a digit."""
    said = [{re.sub(r"\s+", "", line.text) for line in lines} for lines in edges]
    pages = Counter(text for texts in said for text in texts)
    repeated = [t for t, times in pages.most_common() if times > 1 and len(t) >= _TELLING]
    out: dict[str, str] = {}
    for text in pages:
        for other in repeated if len(text) >= _TELLING and text not in repeated else ():
            alike = fuzz.ratio(text, other) >= _ALIKE and _digits(text) == _digits(other)
            if alike or text in other:
                out[text] = other
                break
    return out


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _edge_lines(items: list[Item], height: float, top: bool) -> list[TextLine]:
    """The first or last three lines of a page, near its edge and with no table beyond them."""
    found: list[TextLine] = []
    bases: list[float] = []
    for item in items if top else reversed(items):
        if not isinstance(item, TextLine):
            break
        if item.base > 0.14 * height if top else item.base < 0.86 * height:
            break
        if not any(abs(item.base - b) <= 3 for b in bases):
            bases.append(item.base)
        if len(bases) > 3:
            break
        found.append(item)
    return found


def _counts_pages(found: _Figures, least: int) -> bool:
    """Whether one number of a repeated line goes up with the pages and the others stay."""
    if len({page for page, _ in found}) < least:
        return False
    length = len(found[0][1])
    if not length or any(len(f) != length for _, f in found):
        return False
    moving = 0
    for i in range(length):
        if len({f[i] for _, f in found}) > 1:
            if len({f[i] - page for page, f in found}) != 1:
                return False
            moving += 1
    return moving == 1
