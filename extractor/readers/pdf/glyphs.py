"""One character on a PDF page, and what producers do to characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from models.types import Bbox, Mark
from models.writing.folding import VARIANTS


@dataclass(slots=True)
class Glyph:
    """One piece of text (nearly always one character) and where it stands."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    """Baseline, from the top; along x for turned text."""
    size: float
    font: str = ""
    turn: int = 0
    """Degrees anticlockwise that the text is turned: 0, 90, 180, 270."""
    mcid: int | None = None
    artifact: bool = False
    """The producer tagged it as page furniture."""
    mark: Mark | None = None
    """Where the glyph is a tick box made of something other than text."""
    code: int = -1
    """Its number in the font, where that is known."""
    doubled: bool = False
    """It is drawn a second time, a little aside."""

    @property
    def bbox(self) -> Bbox:
        return (self.x0, self.top, self.x1, self.bottom)


_RADICALS = re.compile("[\u2e80-\u2fdf\uf900-\ufad9\U0002f800-\U0002fa1f]")
_RADICALS_NFKC_MISSES = str.maketrans(
    {  # CJK radicals supplement: those that fonts share with an ideograph; no decomposition
        "⺀": "冫", "⺁": "厂", "⺃": "乚", "⺅": "亻", "⺆": "冂", "⺇": "几", "⺈": "刀",
        "⺉": "刂", "⺊": "卜", "⺋": "㔾", "⺌": "小", "⺎": "兀", "⺏": "尣", "⺒": "巳",
        "⺓": "幺", "⺔": "彑", "⺖": "忄", "⺗": "㣺", "⺘": "扌", "⺙": "攵", "⺛": "旡",
        "⺝": "月", "⺞": "歺", "⺠": "民", "⺡": "氵", "⺢": "氺", "⺣": "灬", "⺤": "爫",
        "⺦": "丬", "⺨": "犭", "⺩": "王", "⺪": "疋", "⺫": "罒", "⺬": "示", "⺭": "礻",
        "⺮": "𥫗", "⺯": "糹", "⺰": "纟", "⺱": "罓", "⺲": "罒", "⺵": "羋", "⺶": "羊",
        "⺷": "羊", "⺸": "芈", "⺹": "耂", "⺺": "肀", "⺼": "肉", "⺽": "臼", "⺾": "艹",
        "⺿": "艹", "⻀": "艹", "⻁": "虎", "⻂": "衤", "⻃": "覀", "⻄": "西", "⻅": "见",
        "⻆": "角", "⻇": "𧢲", "⻈": "讠", "⻉": "贝", "⻊": "足", "⻋": "车", "⻌": "辶",
        "⻍": "辶", "⻎": "辶", "⻏": "阝", "⻐": "钅", "⻑": "長", "⻒": "镸", "⻓": "长",
        "⻔": "门", "⻖": "阝", "⻗": "雨", "⻘": "青", "⻙": "韦", "⻚": "页", "⻛": "风",
        "⻜": "飞", "⻝": "食", "⻟": "飠", "⻠": "饣", "⻢": "马", "⻣": "骨", "⻤": "鬼",
        "⻥": "鱼", "⻦": "鸟", "⻧": "卤", "⻨": "麦", "⻩": "黄", "⻪": "黾", "⻫": "斉",
        "㬵": "胶",  # shared with an ideograph of extension A
        "⻬": "齐", "⻭": "歯", "⻮": "齿", "⻯": "竜", "⻰": "龙", "⻱": "龜", "⻲": "亀",
    }
)  # fmt: skip
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})


def _ideograph(radical: re.Match[str]) -> str:
    """NFKC gives the traditional form of ⼾, where the page shows 户."""
    return unicodedata.normalize("NFKC", radical.group()).translate(VARIANTS)


def plain(text: str) -> str:
    """Text with radicals, compatibility ideographs and ligatures as ordinary characters.

    Some producers (Skia with Noto CJK) map a glyph back to the radical ⼀ that shares it with
    the ideograph 一. Nothing else is normalised: full-width digits stay what they are.

    >>> plain("⼀、⻓期１ﬁ")
    '一、长期１fi'
    """
    if text.isascii():
        return text
    text = _RADICALS.sub(_ideograph, text)
    return text.translate(_RADICALS_NFKC_MISSES).translate(_LIGATURES)


def deduplicated(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Without the second drawing of a character at nearly the same place (bold made so)."""
    kept: list[Glyph] = []
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    for g in glyphs:
        near = max(0.6, 0.12 * g.size)
        over = min(0.35 * g.size, 4.0)  # two lines of text never overlap so far
        column, row = int(g.x0 // 4), int(g.top // 4)
        twin = next(
            (
                o
                for c in (column - 1, column, column + 1)
                for r in (row - 1, row, row + 1)
                for o in seen.get((g.text, c, r), ())
                if abs(o.x0 - g.x0) <= near
                and abs(o.top - g.top) <= (over if abs(o.x0 - g.x0) <= 0.3 else near)
            ),
            None,
        )
        if twin is not None and not g.text.isspace():
            twin.doubled = twin.doubled or abs(twin.top - g.top) > near
            continue
        seen.setdefault((g.text, column, row), []).append(g)
        kept.append(g)
    return kept
