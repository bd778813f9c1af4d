"""One spelling for what looks the same on paper, and the marks people put for "nothing"."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from models.writing.units import asked

_DASHES = "‐‑‒–—―−﹘─━⸺⸻"
"""Not the katakana ー nor the numeral 一, which only look like a dash."""
_INVISIBLE = [0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
_INVISIBLE += [0xFEFF, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
_RADICALS = dict(
    zip(
        "⺁⺠⺟⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "厂民母西见角贝车长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
"""Some PDFs give radicals for the characters; the rest (U+2F00…) NFKC folds."""
_VARIANTS = {
    "戶": "户",
    "戸": "户",
    "內": "内",
    "黃": "黄",
    "値": "值",
    "眞": "真",
    "靑": "青",
    "査": "查",
    "別": "别",
    "呂": "吕",
    "稅": "税",
    "脫": "脱",
    "淸": "清",
    "強": "强",
    "敎": "教",
    "靜": "静",
    "㬵": "胶",
}
"""Characters that share a glyph: a PDF may give the one for the other."""
VARIANTS = str.maketrans(_VARIANTS)
_SIGNS = {"∶": ":", "∕": "/", "⁄": "/", "∼": "~", "〜": "~", "⩽": "≤", "⩾": "≥"}
_TABLE: dict[int, str | None] = (
    dict.fromkeys(_INVISIBLE)
    | dict.fromkeys(map(ord, _DASHES), "-")
    | {ord(k): v for k, v in (_RADICALS | _VARIANTS | _SIGNS).items()}
    | dict.fromkeys([0xB, 0xC, 0xD, 0x85, 0x2028, 0x2029], "\n")
    | dict.fromkeys([0x9, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F], " ")
    | dict.fromkeys([*range(0, 9), *range(0xE, 0x20), *range(0x7F, 0x85)], " ")
)


_FOLDED = (
    *range(0xFF00, 0xFFF0), *range(0xFE10, 0xFE70), 0xA0, 0x3000, *range(0x2F00, 0x2FD6),
    0x2E9F, 0x2EF3, *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20), *range(0x1D400, 0x1D800),
)  # fmt: skip
"""What NFKC may rewrite: full-width and small forms, odd spaces, letters of mathematics,
compatibility ideographs; not ① (a footnote), ² (km²), ½, ㎡ or …"""
_ALL = _TABLE | {c: unicodedata.normalize("NFKC", chr(c)).translate(_TABLE) for c in _FOLDED}


@lru_cache(maxsize=2048)
def normalise(raw: str) -> str:
    """The text with one form for each sign: ASCII digits, letters, brackets, signs, `-` for every
    dash and minus, plain spaces and line breaks, no zero-width characters.

    Nothing is repaired: O stays O, 。 stays 。, ① stays ①. Works on any str.
    """
    text = raw.replace("\r\n", "\n").translate(_ALL)
    # a soft hyphen shows only at a line's end; PDFs also write a true hyphen so
    return re.sub(r"\u00ad(?=[0-9.])", "-", text).replace("\u00ad", "")


_NONE = re.compile(
    r"(?:目前|现|尚|暂时?|均|全|都|皆|本集群|集群内?)*"
    r"(?:[无無]|没有|未有|不涉及|未涉及|不适用|未发生|不存在|n/?\.?a\.?|nil|none|null)"
    r"(?:此|该|相关|涉及|发生)*(?:类|项)?(?:目|情况|情形|内容|事项|业务)?"
    r"|[-/\\]{1,4}"
)
_WRAPPING = "()[]{}【】〔〕〖〗「」『』《》\"'“”‘’。.,，;；:：!、"
_LABELS = re.compile(r"(?:主持|参与)?(?:数量|总数|总量|总计|合计|金额|数值|总额|共计|共有|共)")


def _bare(text: str) -> str:
    return re.sub(r"[\s_]", "", text)


def is_none_mark(raw: str) -> bool:
    """Whether the applicant wrote that there is nothing: 无, 暂无, 不涉及, /, —, N/A …

    A unit printed behind it does not matter (__/__个). 0 is a number, not such a mark.
    """
    text = _bare(normalise(raw)).lower()
    if len(text) > 24:
        return False
    text = text.strip(_WRAPPING) or text
    ends = (k for k in range(1, len(text) + 1) if k == len(text) or asked(text[k:]))
    return any(_NONE.fullmatch(text[:k].strip(_WRAPPING)) for k in ends)


def is_blank(raw: str, unit: str | None = None) -> bool:
    """Whether nothing is written: white space, or only what the blank form prints (underscores,
    brackets; with a `unit` also 数量： and any unit)."""
    text = re.sub(r"[()\[\]{}【】〔〕:]", "", _bare(normalise(raw)))
    if not text or unit is None:
        return not text
    text = _LABELS.sub("", text)
    printed = asked(text) is not None and (text in "%‰" or not text.isascii())
    return not text or printed or text == re.sub(r"[()]", "", _bare(normalise(unit)))
