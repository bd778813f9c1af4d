"""The text of a Word paragraph as a reader sees it, its tick boxes marked in place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from extractor.glyphs import glyph_of, symbol_font
from extractor.marks import PLACED, without_sentinels
from extractor.readers.ooxml import MC, W14, M, Numbering, RunLook, Styles, W, integer, on_off, val
from models.types import Mark

_THROUGH = {
    f"{W}{n}"
    for n in ("hyperlink", "smartTag", "customXml", "ins", "moveTo", "fldSimple", "dir", "bdo")
}
_LEFT_OUT = {
    f"{W}{n}"
    for n in ("del", "moveFrom", "delText", "pPr", "rPr", "footnoteReference", "endnoteReference")
}
_TICKED_GLYPHS = "☑☒✓✔√■●✅⊠◉"
_EQ = re.compile(r"^\s*EQ\b(.*)$", re.IGNORECASE | re.DOTALL)


@dataclass(slots=True)
class Notes:
    """What the reviewer must know of the file: changes nobody accepted, text nobody sees."""

    inserted: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def frozen(self) -> tuple[int, int, int]:
        return len(self.inserted), len(self.deleted), len(self.hidden)

    def restore(self, state: tuple[int, int, int]) -> None:
        """Back to an earlier state: what was read twice is told once."""
        for found, length in zip((self.inserted, self.deleted, self.hidden), state, strict=True):
            del found[length:]


@dataclass(slots=True)
class Raw:
    """Text with PLACED where a mark stands, the marks in order, and what was anchored in it."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    boxes: list[Raw] = field(default_factory=list)
    """Text boxes anchored in the paragraph, a paragraph each."""
    tables: list[etree._Element] = field(default_factory=list)
    """Tables inside those text boxes."""

    def add_line(self, other: Raw) -> None:
        """Appends another paragraph on a line of its own."""
        self.text = f"{self.text}\n{other.text}" if self.text or self.marks else other.text
        self.marks += other.marks

    def trimmed(self) -> Raw:
        return Raw(self.text.strip(" \t\n\u3000"), self.marks)


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    result: bool = False
    checkbox: Mark | None = None


class TextReader:
    """Reads paragraphs in the document's order (list numbers and fields run on over them)."""

    def __init__(self, styles: Styles, numbering: Numbering, notes: Notes) -> None:
        self.styles = styles
        self.numbering = numbering
        self.notes = notes
        self.fields: list[_Field] = []

    def paragraph(self, element: etree._Element) -> Raw:
        out = Raw()
        properties = element.find(f"{W}pPr")
        style = val(properties.find(f"{W}pStyle")) if properties is not None else ""
        self._number(properties, style, out)
        self._inline(element, style, out)
        return out

    # ------------------------------------------------------------------ list numbers

    def _number(self, properties: etree._Element | None, style: str, out: Raw) -> None:
        num_id, level, tied = self.styles.numbering(style)
        own = properties.find(f"{W}numPr") if properties is not None else None
        if own is not None and own.find(f"{W}numId") is not None:
            num_id, level = val(own.find(f"{W}numId")), val(own.find(f"{W}ilvl"))
        elif num_id and not level:
            level = str(self.numbering.level_of_style(num_id, tied))
        if not num_id or num_id == "0":
            return
        text, bullet, font = self.numbering.label(num_id, integer(level))
        sign = glyph_of(bullet, font) if bullet else ""
        out.text += text or (sign if sign in "☐☑☒□■" else "")

    # ------------------------------------------------------------------ the walk

    def _inline(self, element: etree._Element, style: str, out: Raw) -> None:
        for child in element:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, style, out)
            elif tag == f"{W}sdt":
                self._control(child, style, out)
            elif tag in (f"{W}del", f"{W}moveFrom"):
                self._deleted(child)
            elif tag in _THROUGH:
                before = len(out.text)
                self._inline(child, style, out)
                if tag in (f"{W}ins", f"{W}moveTo") and out.text[before:].strip():
                    self.notes.inserted.append(_short(out.text[before:]))
            elif tag == f"{MC}AlternateContent" and len(child):
                self._inline(_choice(child), style, out)
            elif tag in (f"{M}oMath", f"{M}oMathPara"):
                out.text += "".join(t.text or "" for t in child.iter(f"{M}t"))

    def _deleted(self, element: etree._Element) -> None:
        words = "".join(
            t.text or "" for t in element.iter() if t.tag in (f"{W}delText", f"{W}t")
        )
        if words.strip():
            self.notes.deleted.append(_short(words))

    def _control(self, element: etree._Element, style: str, out: Raw) -> None:
        """A content control: a check box is its value, a placeholder is nothing."""
        properties, content = element.find(f"{W}sdtPr"), element.find(f"{W}sdtContent")
        checkbox = properties.find(f"{W14}checkbox") if properties is not None else None
        if checkbox is not None:
            checked = checkbox.find(f"{W14}checked")
            ticked = checked is not None and on_off(checked.get(f"{W14}val"))
            shown = Raw()
            if content is not None:
                self._inline(content, style, shown)
            sign = shown.text.strip()
            shows = any(c in _TICKED_GLYPHS for c in sign)
            sure = 0.99 if not sign or shows == ticked else 0.6
            self._mark(out, Mark(ticked, "content-control", sure))
            out.text += re.sub(r"^[^\w\s（(]", "", sign) if len(sign) > 1 else ""
            return
        if properties is not None and properties.find(f"{W}showingPlcHdr") is not None:
            return
        if content is not None:
            self._inline(content, style, out)

    def _mark(self, out: Raw, mark: Mark) -> None:
        out.text += PLACED
        out.marks.append(mark)

    # ------------------------------------------------------------------ runs

    def _run(self, run: etree._Element, style: str, out: Raw) -> None:
        look = self.styles.look(style, run.find(f"{W}rPr"))
        if look.hidden:
            words = "".join(t.text or "" for t in run.iter(f"{W}t"))
            if words.strip():
                self.notes.hidden.append(_short(words))
            return
        for child in run:
            tag = child.tag
            if tag == f"{W}fldChar":
                self._field(child, out)
                continue
            if tag == f"{W}instrText":
                if self.fields and not self.fields[-1].result:
                    self.fields[-1].instruction += child.text or ""
                continue
            if any(not f.result for f in self.fields):
                continue  # inside a field's code
            out.text += self._piece(child, look, out)

    def _piece(self, child: etree._Element, look: RunLook, out: Raw) -> str:
        tag = child.tag
        if tag == f"{W}t":
            return self._letters(without_sentinels(child.text or ""), look)
        if tag == f"{W}tab" or tag == f"{W}ptab":
            return "\t"
        if tag in (f"{W}br", f"{W}cr"):
            return "\n"
        if tag == f"{W}noBreakHyphen":
            return "-"
        if tag == f"{W}sym":
            code = child.get(f"{W}char", "")
            try:
                sign = chr(int(code, 16))
            except ValueError:
                return ""
            return glyph_of(sign, child.get(f"{W}font", ""))
        if tag == f"{W}ruby":
            base = child.find(f"{W}rubyBase")
            inner = Raw()
            if base is not None:
                self._inline(base, "", inner)
            return inner.text
        if tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
            self._boxes(child, out)
        elif tag == f"{MC}AlternateContent" and len(child):
            parts = [self._piece(part, look, out) for part in _choice(child)]
            return "".join(parts)
        return ""

    @staticmethod
    def _letters(text: str, look: RunLook) -> str:
        if not (look.ascii or look.hansi):
            return "".join(glyph_of(c, "") if "\ue000" <= c <= "\uf8ff" else c for c in text)
        fonts = [look.ascii, look.hansi]
        if not any(f and symbol_font(f) for f in fonts):
            return "".join(
                glyph_of(c, look.hansi) if "\ue000" <= c <= "\uf8ff" else c for c in text
            )
        return "".join(
            glyph_of(c, look.ascii if c < "\x80" else look.hansi)
            if c <= "\xff" or "\ue000" <= c <= "\uf8ff"
            else c
            for c in text
        )

    def _boxes(self, drawing: etree._Element, out: Raw) -> None:
        """Text boxes, of a drawing or of VML, each once."""
        for content in _outermost(drawing, f"{W}txbxContent"):
            saved, self.fields = self.fields, []
            for child in content:
                if child.tag == f"{W}p":
                    inner = self.paragraph(child)
                    out.boxes += [inner, *inner.boxes]
                    out.tables += inner.tables
                elif child.tag == f"{W}tbl":
                    out.tables.append(child)
            self.fields = saved

    # ------------------------------------------------------------------ fields

    def _field(self, sign: etree._Element, out: Raw) -> None:
        kind = sign.get(f"{W}fldCharType")
        if kind == "begin":
            self.fields.append(_Field(checkbox=_form_checkbox(sign)))
        elif kind == "separate" and self.fields:
            self.fields[-1].result = True
            self._begin_result(self.fields[-1], out)
        elif kind == "end" and self.fields:
            done = self.fields.pop()
            if not done.result:
                self._begin_result(done, out)

    def _begin_result(self, done: _Field, out: Raw) -> None:
        if any(not f.result for f in self.fields if f is not done):
            return
        if "FORMCHECKBOX" in done.instruction.upper() and done.checkbox is not None:
            self._mark(out, done.checkbox)
        elif match := _EQ.match(done.instruction):
            self._equation(match.group(1), out)

    def _equation(self, code: str, out: Raw) -> None:
        """EQ \\o\\ac(□,√): characters printed over one another, a box and a tick mostly."""
        inside = "".join(re.findall(r"\(([^()]*)\)", code)) or code
        signs = [c for c in inside if not c.isspace() and c not in ",;，；"]
        box = any(c in "□☐▢○〇■" for c in signs)
        tick = any(c in "√✓✔×✗■●" for c in signs)
        if box and len(signs) <= 3:
            self._mark(out, Mark(tick, "field-code", 0.97))
        elif "\\o" in code:
            out.text += "".join(signs)


def _form_checkbox(sign: etree._Element) -> Mark | None:
    """The state of a legacy form field: w:checked, else its w:default."""
    box = sign.find(f"{W}ffData/{W}checkBox")
    if box is None:
        return None
    for name in ("checked", "default"):
        state = box.find(f"{W}{name}")
        if state is not None:
            return Mark(on_off(state.get(f"{W}val")), "form-field", 0.99)
    return Mark(False, "form-field", 0.99)


def _choice(alternate: etree._Element) -> etree._Element:
    found = alternate.find(f"{MC}Choice")
    if found is None:
        found = alternate.find(f"{MC}Fallback")
    return alternate if found is None else found


def _outermost(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag == f"{MC}AlternateContent":
            if len(child):
                yield from _outermost(_choice(child), tag)
        elif child.tag not in _LEFT_OUT:
            yield from _outermost(child, tag)


def _short(text: str) -> str:
    clean = " ".join(text.replace(PLACED, "☐").split())
    return clean if len(clean) <= 40 else clean[:39] + "…"
