"""Is a page's text layer what the page shows? Told by looking at it, without reading it.

The page is painted once by pdfium, small. A character that leaves no ink is not there for a
reader; a digit that looks like another digit betrays a wrong ToUnicode map, as do characters
nobody writes. What a page really shows only OCR can tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from extractor.readers.pdf.digits import looks_wrong
from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.pdf.pages import PageContent
from extractor.readers.pdf.quick import is_garbled

if TYPE_CHECKING:
    from PIL.Image import Image

_IDEOGRAPH = re.compile("[\u3400-\u9fff]")
_DIGITS = {c: i % 10 for i, c in enumerate("0123456789０１２３４５６７８９")}
_ENOUGH, _COMMON = 24, 0.7
"""Ideographs before a page is judged by them, and the part of them that common ones make up."""
_WORDED, _KINDS = 200, 60
"""Ideographs, and different ones, among which one of these words stands for certain."""
_WORDS = re.compile(
    "企业|产业|集群|公司|有限|发展|情况|单位|项目|服务|技术|创新|建设|管理|工作|生产|产品|经济|中小"
    "|主要|进行|国家|中国|我们|以及|或者|可以|通过|根据|有关|相关|规定|要求|应当|申报|申请|材料|证明"
    "|名称|地址|电话|时间|日期|负责|数量|数据|信息|系统|研究|研发|设备|标准|质量|市场|资金|投资|收入"
    "|政府|人民|部门|北京|上海|山东|实施|提供|支持|具有|开展|平台|能力|合作|重点|目标|总体|以上|以下"
    "|其中|全部|年度|报告|审计|合同|协议|甲方|乙方|第一|第二|证书|专利|发明|方法|装置|行业|区域|工业"
)
_WITH_DIGITS = ".,%-+()，．％（）"
_PIXELS = 6_000_000
"""Of a painted page, at most."""
_SCALE, _DIGIT_SCALE = 1.5, 3.0
"""Pixels to the point: for ink, for the shapes of digits."""
_CONTRAST = 10
"""Of 255, between a character and what is behind it."""


class Look:
    """Looks at the pages of one document, one after the other; digits once for each font."""

    def __init__(self) -> None:
        self._looked: dict[tuple[str, int, int], list[int]] = {}
        """For each font, digit and code in the font, how often it looked right and how often
        wrong: two codes may claim to be the same digit, and one of them lie."""

    def misread(self, page: Any, content: PageContent, painted: bool = True) -> bool:
        """Whether the page shows something else than `content` says; `page` is pypdfium2's.

        Characters that leave no ink are taken out of `content`. Not `painted`: judged by the
        characters alone.
        """
        if not content.glyphs:
            return False
        if is_garbled(content) or improbable(content.glyphs):
            return True
        if not painted:
            return False
        try:
            return self._seen(page, content)
        except Exception:  # a page that cannot be painted is not judged by its picture
            return False

    def _seen(self, page: Any, content: PageContent) -> bool:
        digits = [
            g for g in content.glyphs
            if g.text in _DIGITS and not g.turn and g.mark is None
            and not self._told(g)
        ]  # fmt: skip
        area = max(content.width * content.height, 1.0)
        scale = min(_DIGIT_SCALE if digits else _SCALE, (_PIXELS / area) ** 0.5)
        if scale < 0.5:
            return False
        bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
        picture = bitmap.to_pil()
        try:
            rows = memoryview(bitmap.buffer).cast("B")
            gone = _without_ink(content, picture, scale, rows, bitmap.stride)
            lost = {id(g) for g in gone}
            if 2 * len(gone) > len(content.glyphs) and len(gone) > 8:
                return True
            content.glyphs = [g for g in content.glyphs if id(g) not in lost]
            content.invisible += len(gone)
            if scale >= 2.0:
                alone = [g for g in digits if id(g) not in lost]
                self._digits(alone, content, picture, scale)
        finally:
            bitmap.close()
        used = {g.font for g in content.glyphs if g.text in _DIGITS}
        return bool(used & self._wrong())

    def _told(self, glyph: Glyph) -> bool:
        right, wrong = self._looked.get((glyph.font, _DIGITS[glyph.text], glyph.code), (0, 0))
        return right > 0 or wrong >= 3

    def _digits(
        self, digits: list[Glyph], content: PageContent, picture: Image, scale: float
    ) -> None:
        for glyph in digits:
            if not self._told(glyph) and not _crossed(glyph, content):
                digit = _DIGITS[glyph.text]
                told = self._looked.setdefault((glyph.font, digit, glyph.code), [0, 0])
                told[looks_wrong(_picture(glyph, picture, scale), digit)] += 1

    def _wrong(self) -> set[str]:
        """Fonts with a digit that was seen to be another twice, or with two seen once."""
        wrong: Counter[str] = Counter()
        for (font, _, _), (right, other) in self._looked.items():
            if not right:
                wrong[font] += min(other, 2)
        return {font for font, count in wrong.items() if count >= 2}


# ------------------------------------------------------------------ by the characters alone


def improbable(glyphs: Iterable[Glyph]) -> bool:
    """Whether the ideographs of a page are none that anybody writes."""
    text = "".join(g.text for g in glyphs if g.mark is None)
    ideographs = _IDEOGRAPH.findall(text)
    if len(ideographs) < _ENOUGH:
        return False
    if sum(map(_common, ideographs)) < _COMMON * len(ideographs):
        return True
    if len(ideographs) < _WORDED or len(set(ideographs)) < _KINDS:
        return False
    return not _WORDS.search(re.sub(r"\s", "", text))


@lru_cache(maxsize=8192)
def _common(char: str) -> bool:
    """The first level of GB 2312, which makes up 99 % of a text, or of Big5 likewise."""
    for encoding, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            if first <= char.encode(encoding)[0] <= last:
                return True
        except UnicodeEncodeError:
            continue
    return False


# ------------------------------------------------------------------ by their pictures


def _without_ink(
    content: PageContent, picture: Image, scale: float, rows: memoryview, stride: int
) -> list[Glyph]:
    """Characters that left no trace in the picture; of fonts of the file's own only. `rows` are
    the picture's bytes, `stride` so many to a row.

    What stands in for a missing font is drawn elsewhere, or not at all.
    """
    blank: list[Glyph] = []
    wide, high = picture.size
    for glyph in content.glyphs:
        written = glyph.text.isalnum() or glyph.text in _WITH_DIGITS
        if glyph.font in content.borrowed or glyph.mark or not written:
            continue
        box = (
            int((glyph.x0 - 0.5) * scale), int((glyph.top - 0.5) * scale),
            int((glyph.x1 + 0.5) * scale) + 1, int((glyph.bottom + 0.5) * scale) + 1,
        )  # fmt: skip
        x0, y0, x1, y1 = box
        if x0 >= 0 and x1 <= wide and y0 >= 0 and y1 <= high:
            start = (y0 + y1) // 2 * stride
            middle = rows[start + x0 : start + x1].tobytes()
            if max(middle) - min(middle) >= _CONTRAST:
                continue  # as nearly always
        least, most = picture.crop(box).getextrema()
        if most - least < _CONTRAST:  # type: ignore[operator]
            blank.append(glyph)
    return blank


def _crossed(glyph: Glyph, content: PageContent) -> bool:
    """Whether something else is painted where a character stands: a line, a seal, a character."""
    if glyph.doubled:
        return True
    x0, y0, x1, y1 = glyph.x0, glyph.base - 0.85 * glyph.size, glyph.x1, glyph.base
    for rule in content.rules:
        along, across = ((x0, x1), (y0, y1))[:: 1 if rule.horizontal else -1]
        if across[0] < rule.at < across[1] and rule.start < along[1] and along[0] < rule.end:
            return True
    page = content.width * content.height
    boxes = [d.bbox for d in content.drawings] + content.rings
    boxes += [b for b in content.images if (b[2] - b[0]) * (b[3] - b[1]) < 0.5 * page]
    if any(b[0] < x1 and x0 < b[2] and b[1] < y1 and y0 < b[3] for b in boxes):
        return True
    shared = 0.15 * (x1 - x0)
    return any(
        min(x1, g.x1) - max(x0, g.x0) > shared
        and min(glyph.bottom, g.bottom) - max(glyph.top, g.top) > 0.2 * glyph.size
        for g in content.glyphs
        if g is not glyph and not g.text.isspace()
    )


def _picture(glyph: Glyph, picture: Image, scale: float) -> Image:
    """What is painted where a digit stands."""
    x0, x1 = glyph.x0 * scale, glyph.x1 * scale
    y0, y1 = (glyph.base - 0.85 * glyph.size) * scale, (glyph.base + 0.03 * glyph.size) * scale
    return picture.crop((int(x0), int(y0), int(x1) + 1, int(y1) + 1))
