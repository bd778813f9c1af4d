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
from operator import mul
from typing import TYPE_CHECKING, Any

from extractor.readers.pdf_glyphs import Glyph
from extractor.readers.pdf_pages import PageContent
from extractor.readers.pdf_quick import is_garbled

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
_GRID = (10, 14)
_LIKE, _CLEARLY = 0.80, 0.16
"""How like its picture a digit is that was recognised, and how much less like the named one."""


class Look:
    """Looks at the pages of one document, one after the other; digits once for each font."""

    def __init__(self) -> None:
        self._looked: dict[tuple[str, int], list[int]] = {}
        """For each font and digit how often it looked right and how often wrong."""

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
            and sum(self._looked.get((g.font, _DIGITS[g.text]), (0,))) < 3
        ]  # fmt: skip
        area = max(content.width * content.height, 1.0)
        scale = min(_DIGIT_SCALE if digits else _SCALE, (_PIXELS / area) ** 0.5)
        if scale < 0.5:
            return False
        bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
        picture = bitmap.to_pil()
        try:
            gone = _without_ink(content, picture, scale)
            lost = {id(g) for g in gone}
            if 2 * len(gone) > len(content.glyphs) and len(gone) > 8:
                return True
            content.glyphs = [g for g in content.glyphs if id(g) not in lost]
            content.invisible += len(gone)
            if scale >= 2.0:
                self._digits([g for g in digits if id(g) not in lost], picture, scale)
        finally:
            bitmap.close()
        used = {g.font for g in content.glyphs if g.text in _DIGITS}
        return bool(used & self._wrong())

    def _digits(self, digits: list[Glyph], picture: Image, scale: float) -> None:
        for glyph in digits:
            told = self._looked.setdefault((glyph.font, _DIGITS[glyph.text]), [0, 0])
            if sum(told) >= 3:
                continue
            shape = _shape(glyph, picture, scale)
            if shape is not None:
                told[_other(shape, _DIGITS[glyph.text])] += 1

    def _wrong(self) -> set[str]:
        """Fonts two of whose digits always look like others."""
        wrong = Counter(
            font for (font, _), (right, other) in self._looked.items() if other and not right
        )
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


def _without_ink(content: PageContent, picture: Image, scale: float) -> list[Glyph]:
    """Characters that left no trace in the picture; of fonts of the file's own only.

    What stands in for a missing font is drawn elsewhere, or not at all.
    """
    blank: list[Glyph] = []
    for glyph in content.glyphs:
        written = glyph.text.isalnum() or glyph.text in _WITH_DIGITS
        if glyph.font in content.borrowed or glyph.mark or not written:
            continue
        box = (
            int((glyph.x0 - 0.5) * scale), int((glyph.top - 0.5) * scale),
            int((glyph.x1 + 0.5) * scale) + 1, int((glyph.bottom + 0.5) * scale) + 1,
        )  # fmt: skip
        low, high = picture.crop(box).getextrema()
        if high - low < _CONTRAST:  # type: ignore[operator]
            blank.append(glyph)
    return blank


def _shape(glyph: Glyph, picture: Image, scale: float) -> tuple[float, ...] | None:
    """A digit's ink in its own frame, as a vector of length 1; None where it cannot be made out."""
    x0, x1 = glyph.x0 * scale, glyph.x1 * scale
    y0, y1 = (glyph.base - 0.85 * glyph.size) * scale, (glyph.base + 0.03 * glyph.size) * scale
    return _vector(picture.crop((int(x0), int(y0), int(x1) + 1, int(y1) + 1)))


def _vector(crop: Image) -> tuple[float, ...] | None:
    from PIL import ImageOps

    low, high = crop.getextrema()
    if high - low < 80:  # type: ignore[operator]
        return None
    if sum(crop.crop((0, 0, crop.width, 1)).getdata()) < 128 * crop.width:
        crop = ImageOps.invert(crop)  # light on dark
    crop = ImageOps.invert(ImageOps.autocontrast(crop))
    frame = crop.point([255 if v > 100 else 0 for v in range(256)]).getbbox()
    if frame is None or frame[3] - frame[1] < 10:
        return None
    wide, high = frame[2] - frame[0], frame[3] - frame[1]
    spare = max(0, int(0.55 * high) - wide)  # a 1 stays narrow
    crop = crop.crop((frame[0] - spare // 2, frame[1], frame[2] + (spare + 1) // 2, frame[3]))
    values = list(crop.resize(_GRID, 4).getdata())  # 4: the mean of a box
    mean = sum(values) / len(values)
    values = [v - mean for v in values]
    length = sum(v * v for v in values) ** 0.5
    return tuple(v / length for v in values) if length else None


def _other(shape: tuple[float, ...], digit: int) -> bool:
    """Whether a picture is clearly that of another digit."""
    like = [0.0] * 10
    for number, known in _known():
        like[number] = max(like[number], sum(map(mul, shape, known)))
    best = max(like)
    return best >= _LIKE and best - like[digit] >= _CLEARLY


@lru_cache(maxsize=1)
def _known() -> list[tuple[int, tuple[float, ...]]]:
    """Pictures of the ten digits in the fonts that pdfium brings along."""
    import pypdfium2 as pdfium  # type: ignore[import-untyped]

    fonts = ("Helvetica", "Times-Roman", "Courier", "Helvetica-Bold", "Times-Bold")
    size, step = 20, 30
    shows = [
        f"BT /F{i} {size} Tf {5 + step * n} {20 + step * i} Td ({n}) Tj ET"
        for i in range(len(fonts))
        for n in range(10)
    ]
    data = _small_pdf(fonts, "\n".join(shows), step * 10 + 10, step * len(fonts) + 20)
    found: list[tuple[int, tuple[float, ...]]] = []
    with pdfium.PdfDocument(data) as document:
        bitmap = document[0].render(scale=2, grayscale=True)
        picture = bitmap.to_pil()
        for i in range(len(fonts)):
            base = picture.height - 2 * (20 + step * i)
            for n in range(10):
                left = 2 * (5 + step * n)
                vector = _vector(picture.crop((left - 4, base - 36, left + 40, base + 2)))
                if vector is not None:
                    found.append((n, vector))
        bitmap.close()
    return found


def _small_pdf(fonts: Iterable[str], content: str, width: int, height: int) -> bytes:
    """A PDF of one page in standard fonts."""
    named = " ".join(
        f"/F{i} << /Type /Font /Subtype /Type1 /BaseFont /{f} >>" for i, f in enumerate(fonts)
    )
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R "
        f"/Resources << /Font << {named} >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
    )
    out = "%PDF-1.4\n"
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{o:010d} 00000 n \n" for o in offsets)
    out += (
        f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(offsets) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    )
    return out.encode("ascii")
