"""What Word keeps beside the text: styles (ECMA-376 17.7) and automatic numbers (17.9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def val(element: etree._Element | None, default: str = "") -> str:
    """The w:val of an element, or the default where either is missing."""
    return default if element is None else element.get(f"{W}val", default)


def children(element: etree._Element | None) -> dict[Any, etree._Element]:
    """The children of an element by their tag, of several the first: one look at all of them
    costs less than asking lxml for one by its path."""
    return {} if element is None else {child.tag: child for child in reversed(element)}


def on_off(text: str | None) -> bool:
    """An ST_OnOff value in any spelling; an attribute left out means on."""
    return text is None or text.strip().lower() in ("1", "true", "on", "t", "yes", "")


def toggled(properties: etree._Element | None, name: str) -> bool | None:
    """A yes-or-no property such as w:vanish; None where it is not set at all."""
    return None if properties is None else _set(properties.find(f"{W}{name}"))


def _set(element: etree._Element | None) -> bool | None:
    return None if element is None else on_off(element.get(f"{W}val"))


def integer(text: str | None, default: int = 0) -> int:
    """A decimal integer, or the default where it is none."""
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default


# ------------------------------------------------------------------ styles


@dataclass(frozen=True, slots=True)
class RunLook:
    """What decides how the letters of a run are to be read."""

    hidden: bool = False
    struck: bool = False
    raised: bool = False
    """Superscript: a note's sign, or an exponent."""
    ascii: str = ""
    """Font of characters below U+0080."""
    hansi: str = ""
    """Font of U+0080 to U+00FF and of private-use symbols."""


@dataclass(slots=True)
class _Style:
    based_on: str
    name: str
    run: etree._Element | None
    paragraph: etree._Element | None


class Styles:
    """styles.xml, looked up by style id along the chain of basedOn."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._default = ""
        self._cache: dict[tuple[str, str], RunLook] = {}
        self._doc: etree._Element | None = None
        if root is None:
            return
        self._doc = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        for s in root.iter(f"{W}style"):
            style_id = s.get(f"{W}styleId", "")
            self._styles[style_id] = _Style(
                val(s.find(f"{W}basedOn")),
                val(s.find(f"{W}name")),
                s.find(f"{W}rPr"),
                s.find(f"{W}pPr"),
            )
            default = s.get(f"{W}default")
            if s.get(f"{W}type") == "paragraph" and default is not None and on_off(default):
                self._default = style_id

    def name(self, style_id: str) -> str:
        """The style's name as Word shows it, "" where it is not defined."""
        return self._styles[style_id].name if style_id in self._styles else ""

    def chain(self, style_id: str) -> Iterator[tuple[str, _Style]]:
        """The style and those it is based on, nearest first; a loop ends the chain."""
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            yield style_id, self._styles[style_id]
            style_id = self._styles[style_id].based_on

    def numbering(self, style_id: str) -> tuple[str, str, str]:
        """(numId, ilvl, id of the style that says so) a paragraph style brings along."""
        for sid, style in self.chain(style_id or self._default):
            found = None if style.paragraph is None else style.paragraph.find(f"{W}numPr")
            if found is not None and found.find(f"{W}numId") is not None:
                return val(found.find(f"{W}numId")), val(found.find(f"{W}ilvl")), sid
        return "", "", ""

    def look(self, paragraph_style: str, run: etree._Element | None) -> RunLook:
        """How a run with these properties reads in a paragraph of this style."""
        own = children(run)
        run_style = val(own.get(f"{W}rStyle"))
        key = (paragraph_style, run_style)
        base = self._cache.get(key)
        if base is None:
            base = self._cache[key] = self._styled(*key)
        hidden, struck = _set(own.get(f"{W}vanish")), _struck(own)
        fonts, raised = own.get(f"{W}rFonts"), _raised(own)
        if hidden is None and struck is None and fonts is None and raised is None:
            return base
        return RunLook(
            hidden=base.hidden if hidden is None else hidden,
            struck=base.struck if struck is None else struck,
            raised=base.raised if raised is None else raised,
            ascii=_font(fonts, "ascii") or base.ascii,
            hansi=_font(fonts, "hAnsi") or base.hansi,
        )

    def _styled(self, paragraph_style: str, run_style: str) -> RunLook:
        ascii_font = hansi = ""
        hidden = struck = False
        raised: bool | None = None
        for style_id in (run_style, paragraph_style or self._default):
            set_hidden: bool | None = None
            set_struck: bool | None = None
            for _, style in self.chain(style_id):
                own = children(style.run)
                fonts = own.get(f"{W}rFonts")
                ascii_font = ascii_font or _font(fonts, "ascii")
                hansi = hansi or _font(fonts, "hAnsi")
                raised = _raised(own) if raised is None else raised
                if set_hidden is None:
                    set_hidden = _set(own.get(f"{W}vanish"))
                if set_struck is None:
                    set_struck = _struck(own)
            hidden ^= bool(set_hidden)  # toggle properties of two styles cancel out (17.7.3)
            struck ^= bool(set_struck)
        fonts = None if self._doc is None else self._doc.find(f"{W}rFonts")
        return RunLook(
            hidden,
            struck,
            bool(raised),
            ascii_font or _font(fonts, "ascii"),
            hansi or _font(fonts, "hAnsi"),
        )


def _struck(own: dict[Any, etree._Element]) -> bool | None:
    single, double = _set(own.get(f"{W}strike")), _set(own.get(f"{W}dstrike"))
    return None if single is None and double is None else bool(single or double)


def _raised(own: dict[Any, etree._Element]) -> bool | None:
    shift = own.get(f"{W}vertAlign")
    return None if shift is None else val(shift) == "superscript"


def _font(fonts: etree._Element | None, name: str) -> str:
    return "" if fonts is None else fonts.get(f"{W}{name}", "")


# ------------------------------------------------------------------ automatic numbers


@dataclass(slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    font: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    style: str = ""


@dataclass(slots=True)
class _List:
    abstract: str
    levels: dict[int, _Level]
    overrides: dict[int, int] = field(default_factory=dict)


class Numbering:
    """numbering.xml and its counters. Ask for every paragraph once, in the document's order."""

    def __init__(self, root: etree._Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        if root is None:
            return
        abstracts = {a.get(f"{W}abstractNumId", ""): a for a in root.iterfind(f"{W}abstractNum")}
        linked = {val(a.find(f"{W}styleLink")): key for key, a in abstracts.items()}
        for num in root.iterfind(f"{W}num"):
            key = val(num.find(f"{W}abstractNumId"))
            if key in abstracts:
                key = linked.get(val(abstracts[key].find(f"{W}numStyleLink")) or "\0", key)
            levels = _levels(abstracts.get(key))
            overrides: dict[int, int] = {}
            for o in num.iterfind(f"{W}lvlOverride"):
                at = integer(o.get(f"{W}ilvl"))
                for own in o.iterfind(f"{W}lvl"):
                    levels[at] = _level(own)
                start = o.find(f"{W}startOverride")
                if start is not None:
                    overrides[at] = integer(val(start), 1)
            self._lists[num.get(f"{W}numId", "")] = _List(key, levels, overrides)

    def level_of_style(self, num_id: str, style_id: str) -> int:
        """The level of a list that a paragraph style is tied to; 0 where none is."""
        levels = self._lists[num_id].levels if num_id in self._lists else {}
        return next((at for at, lv in levels.items() if lv.style == style_id), 0)

    def label(self, num_id: str, at: int) -> tuple[str, str, str]:
        """(number with what follows it, bullet character, its font) of the next paragraph.

        Number and bullet exclude one another; ("", "", "") where the list is not defined.
        """
        this = self._lists.get(num_id)
        if this is None or at not in this.levels:
            return "", "", ""
        counts = self._counts.setdefault(this.abstract, {})
        if num_id not in self._begun:
            self._begun.add(num_id)
            for level, start in this.overrides.items():
                counts[level] = start - 1
        level_here = this.levels[at]
        counts[at] = counts.get(at, level_here.start - 1) + 1
        for deeper, lv in this.levels.items():
            if deeper > at and lv.restart != 0 and (lv.restart is None or at < lv.restart):
                counts.pop(deeper, None)
        if level_here.form == "bullet":
            return "", level_here.text[:1], level_here.font
        text = level_here.text
        for n in range(9):
            if f"%{n + 1}" in text:
                lv = this.levels.get(n, _Level())
                form = "decimal" if level_here.legal else lv.form
                text = text.replace(f"%{n + 1}", number(counts.get(n, lv.start), form))
        if not text or level_here.suffix == "nothing" or text[-1] in "、．。）】：）":
            return text, "", ""
        return f"{text} ", "", ""


def _levels(abstract: etree._Element | None) -> dict[int, _Level]:
    found = [] if abstract is None else abstract.findall(f"{W}lvl")
    return {integer(lv.get(f"{W}ilvl")): _level(lv) for lv in found}


def _level(element: etree._Element) -> _Level:
    restart = element.find(f"{W}lvlRestart")
    fonts = element.find(f"{W}rPr/{W}rFonts")
    form = element.find(f"{W}numFmt")
    if form is None:  # formats of later versions stand in an AlternateContent
        form = element.find(f".//{MC}Fallback/{W}numFmt")
    return _Level(
        start=integer(val(element.find(f"{W}start")), 0),
        form=val(form, "decimal"),
        text=val(element.find(f"{W}lvlText")),
        font=_font(fonts, "ascii") or _font(fonts, "hAnsi"),
        suffix=val(element.find(f"{W}suff"), "tab"),
        restart=None if restart is None else integer(val(restart)),
        legal=toggled(element, "isLgl") is True,
        style=val(element.find(f"{W}pStyle")),
    )


_DIGITS = "〇一二三四五六七八九"
_LEGAL = str.maketrans("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟")
_SERIES = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
}


def number(n: int, form: str) -> str:
    """A list number in one of the ST_NumberFormat forms (17.18.59); decimal where unknown."""
    if form == "none":
        return ""
    if form in _SERIES:
        return _SERIES[form][n - 1] if 1 <= n <= len(_SERIES[form]) else str(n)
    if form == "decimalZero":
        return f"{n:02d}"
    if form.startswith("decimalFullWidth"):
        return str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    if form in ("upperLetter", "lowerLetter") and n >= 1:
        letter = chr(ord("A") + (n - 1) % 26) * min((n - 1) // 26 + 1, 40)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman") and 1 <= n < 4000:
        roman = _roman(n)
        return roman if form == "upperRoman" else roman.lower()
    if form == "ordinal":
        last = "th" if 10 < n % 100 < 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
        return f"{n}{last}"
    if form in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join(_DIGITS[int(d)] for d in str(abs(n)))
    if form == "chineseLegalSimplified" or form == "ideographLegalTraditional":
        return counting(n).translate(_LEGAL)
    if "ounting" in form:  # chinese-, chineseThousand-, japanese-, taiwanese- and their like
        return counting(n)
    return str(n)


def counting(n: int) -> str:
    """1 to 9999 as one counts in Chinese: 十, 十一, 二十, 一百零一; digits beyond that."""
    if not 0 < n < 10_000:
        return str(n)
    out, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // unit % 10
        if digit:
            out += ("零" if gap and out else "") + _DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return out.removeprefix("一") if 10 <= n < 20 else out


def _roman(n: int) -> str:
    out = ""
    for value, sign in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
        (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        out += sign * (n // value)
        n %= value
    return out
