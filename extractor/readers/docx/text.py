"""The text of a Word paragraph as a reader sees it, its tick boxes marked in place.

Deleted, hidden and struck-out text is left out and remarked on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from lxml import etree

from extractor.locating.glyphs import glyph_of, letters
from extractor.locating.marks import PLACED, without_sentinels
from extractor.readers.docx.drawings import Control, Pictures, drawn
from extractor.readers.docx.fields import Field, printed
from extractor.readers.docx.raw import (
    CIRCLED,
    DELETED,
    NUMBER,
    ON,
    OVER,
    STRUCK,
    TICK,
    TYPED,
    Raw,
    Remark,
    Span,
)
from extractor.readers.docx.xml import chosen, declared_signs, formula, set_off, symbol, words
from extractor.readers.ooxml import (
    MC,
    W14,
    M,
    Numbering,
    RunLook,
    Styles,
    W,
    children,
    integer,
    on_off,
    toggled,
    val,
)
from models.types import Mark

THROUGH = {
    f"{W}{n}"
    for n in ("hyperlink", "smartTag", "customXml", "sdtContent", "dir", "bdo", "rubyBase")
}
"""Wrappers that mean nothing for the text."""
GONE = {f"{W}del", f"{W}moveFrom"}
COME = {f"{W}ins", f"{W}moveTo"}
_DRAWN = {f"{W}drawing", f"{W}pict", f"{W}object"}
_PLAIN = {
    f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-",
}  # fmt: skip
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_ON = "☑☒✓✔√✅■●◉⊠⌧🗹🗷✗✘×"
_OFF = "☐□▢◻❏❐❑❒⬜○◯〇"
_PROMPT_STYLES = {"placeholder text", "placeholdertext", "占位符文本"}
_PROMPT = re.compile(
    r"单击|点击|轻触|输入|选择|键入|填写|click|tap|choose|enter|select|type", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Box:
    """A check box content control whose printed sign has not come yet."""

    ticked: bool
    signs: dict[str, bool]
    """The signs it declares for on and off."""


class TextReader:
    """Reads paragraphs in the document's order; keeps what runs on from one to the next."""

    def __init__(
        self,
        styles: Styles,
        numbering: Numbering,
        controls: Mapping[str, Control] | None = None,
        pictures: Pictures | None = None,
    ) -> None:
        self._styles, self._numbering, self._controls = styles, numbering, controls or {}
        self._pictures = pictures
        self._set_off: frozenset[str] = frozenset()  # how the run at hand is set off
        self.remarks: list[Remark] = []
        self._out = Raw()
        self._fields: list[Field] = []
        self._drawn: list[etree._Element] = []
        self._boxes: list[_Box] = []
        self._mute = 0  # inside a prompt, or in fields of text that is left out
        self._inserting = 0
        self._struck: list[str] = []
        self._touching = False  # nothing stands between here and the change before

    @contextmanager
    def apart(self) -> Iterator[None]:
        """A story of its own (a cell, a text box): no field runs into it or out of it."""
        saved = self._out, self._fields, self._drawn
        self._fields, self._drawn = [], []
        yield
        self._out, self._fields, self._drawn = saved

    def paragraph(self, element: etree._Element, begun: Raw | None = None) -> Raw:
        """A w:p; `begun` is the paragraph before it where that goes on in the same line."""
        out = self._out = Raw()
        self._touching, self._struck = False, []
        own = children(element.find(f"{W}pPr"))
        style = val(own.get(f"{W}pStyle"))
        out.goes_on = not GONE.isdisjoint(children(own.get(f"{W}rPr")))
        if not out.goes_on:
            self._number(own.get(f"{W}numPr"), style)
        if begun is not None:
            out.add(begun)
        self._inline(element, style)
        self._flush()
        self._strike()
        # a field whose code has not ended by now never will: it must not swallow the rest
        self._fields = [f for f in self._fields if not f.in_code]
        return out

    def _strike(self) -> None:
        """Struck-out text is as good as deleted: 38.20 struck and 45.60 behind it is 45.60. Only
        a paragraph of words that is struck as a whole stays, as it takes nothing's place."""
        struck = without_sentinels("".join(self._struck))
        at = len(self._out.text)
        if any(c.isdigit() or c in _ON + _OFF for c in struck) or self._out.text.strip():
            self.remark("struck", struck, self._out.remarks)
        else:
            self._out.text += struck
            self._out.spans = [s for s in self._out.spans if not s.cut]
            self._out.spans += [Span(at, at + len(struck), STRUCK)] if struck else []

    def drawn(self) -> list[etree._Element]:
        """The drawings anchored in the paragraph read last."""
        drawn, self._drawn = self._drawn, []
        return drawn

    def _number(self, own: etree._Element | None, style: str) -> None:
        num_id, level, tied = self._styles.numbering(style)
        if own is not None:
            if own.find(f"{W}numId") is not None:
                num_id, level = val(own.find(f"{W}numId")), ""
            level = val(own.find(f"{W}ilvl")) or level or "0"
        elif num_id and not level:
            level = str(self._numbering.level_of_style(num_id, tied))
        if num_id and num_id != "0":
            text, bullet, font = self._numbering.label(num_id, integer(level))
            self._out.text += f"{NUMBER}{text}{TYPED}" if text else ""
            self._out.bullet = glyph_of(bullet, font) if bullet else ""

    # ------------------------------------------------------------------ within a paragraph

    def _inline(self, element: etree._Element, style: str) -> None:
        for child in element:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, style)
            elif tag == f"{W}sdt":
                with self.control(child) as content:
                    self._inline(content, style)
                    self._flush()
            elif tag in GONE:
                if tag == f"{W}del" and not self._silent():
                    at, cut = len(self._out.text), without_sentinels(words(child))
                    self._out.spans += [Span(at, at, DELETED, cut)] if cut.strip() else []
                self.deleted(child, self._out.remarks)
            elif tag in COME:
                with self.insertion():
                    self._inline(child, style)
            elif tag in THROUGH:
                self._inline(child, style)
            elif tag == f"{W}fldSimple":
                field = Field(code=child.get(f"{W}instr", ""))
                self._print(field)
                if not field.silent:
                    self._inline(child, style)
            elif tag == f"{MC}AlternateContent":
                self._inline(chosen(child), style)
            elif tag in (f"{M}oMath", f"{M}oMathPara"):
                self._put(formula(child))

    def _run(self, run: etree._Element, style: str) -> None:
        properties = run.find(f"{W}rPr")
        look = self._styles.look(style, properties)
        if look.hidden or look.struck:
            if look.hidden:
                self.remark("hidden", words(run), self._out.remarks)
            else:
                self._struck.append(words(run))
                if self._boxes and words(run).strip():
                    self._boxes.clear()  # the sign of its control is struck out with it
                at = len(self._out.text)
                self._out.spans.append(Span(at, at, STRUCK, without_sentinels(words(run))))
            self._field_signs(run)
            return
        border = None if properties is None else properties.find(f"{W}bdr")
        framed = val(border, "nil") not in ("nil", "none")
        self._set_off = set_off(properties)
        for child in run:
            self._piece(child, look, framed)
        self._set_off = frozenset()

    def _piece(self, child: etree._Element, look: RunLook, framed: bool) -> None:
        tag = child.tag
        if tag == f"{W}t":
            text = letters(without_sentinels(child.text or ""), look.ascii, look.hansi)
            if framed and text.strip() in ("√", "✓", "✔"):
                text = "☑"  # a tick inside a character border: the border is the box
            if look.raised and text.strip().isdecimal() and self._out.text[-1:].isdigit():
                text = f"[{text.strip()}]"  # 38.20 with the note 1 is not 38.201
            self._put(text.translate(_UNSEEN))
        elif tag == f"{W}instrText":
            self._instruct(letters(child.text or "", look.ascii, look.hansi))
        elif tag == f"{W}fldChar":
            self._field_sign(child)
        elif tag in _PLAIN:
            self._put(_PLAIN[tag])
        elif tag == f"{W}sym":
            if not self._instruct(symbol(child)):
                self._put(symbol(child))
        elif tag == f"{W}ruby":
            base = child.find(f"{W}rubyBase")
            if base is not None:
                self._inline(base, "")
        elif tag in _DRAWN:
            self._draw(child)
        elif tag == f"{MC}AlternateContent":
            for part in chosen(child):
                self._piece(part, look, framed)

    def _draw(self, element: etree._Element) -> None:
        """A picture of a box is one; what lies over the line is noted; a text box is kept."""
        said = drawn(element, self._controls, self._pictures)
        if isinstance(said, Control):
            self._mark(Mark(said.ticked, said.how, 0.95 if said.ticked is not None else 0.4))
            self._put(without_sentinels(said.caption))
        elif said in (OVER, TICK, ON) and not self._silent():
            self._out.spans.append(Span(len(self._out.text), len(self._out.text), said))
        if said not in (TICK, ON):
            self._drawn.append(element)

    def _silent(self) -> bool:
        return bool(self._mute) or any(f.in_code or f.silent for f in self._fields)

    def _put(self, text: str) -> None:
        """Every letter that is printed goes through here."""
        if not text or self._silent():
            return
        if self._boxes and text.strip():
            text = self._sign_of_control(text)
        at = len(self._out.text)
        self._out.text += text
        self._out.spans += [Span(at, at + len(text), kind) for kind in self._set_off]
        if self._inserting:
            self._changed(new=text)
        elif text.strip():
            self._touching = False

    def _mark(self, mark: Mark) -> None:
        if not self._silent():
            self._out.marks.append(mark)
            self._out.text += PLACED

    # ------------------------------------------------------------------ content controls

    @contextmanager
    def control(self, element: etree._Element) -> Iterator[etree._Element]:
        """The content of a w:sdt, around whatever it stands: of a check box the first sign is
        its mark, a prompt is nothing."""
        properties, content = element.find(f"{W}sdtPr"), element.find(f"{W}sdtContent")
        if content is None:
            content = etree.Element(f"{W}sdtContent")
        box = None if properties is None else properties.find(f"{W14}checkbox")
        prompt = False
        if box is not None:
            state = box.find(f"{W14}checked")
            ticked = state is not None and on_off(state.get(f"{W14}val"))
            self._boxes.append(_Box(ticked, declared_signs(box)))
        elif toggled(properties, "showingPlcHdr"):
            prompt = self._is_prompt(content)
        self._mute += prompt
        yield content
        self._mute -= prompt

    def _sign_of_control(self, text: str) -> str:
        """Marks the check box whose printed sign stands first in the text; the text after it."""
        box = self._boxes[-1]
        self._boxes.clear()  # of controls around one sign the innermost counts
        bare = text.lstrip()
        sign = bare[0]
        shown = box.signs.get(sign, True if sign in _ON else False if sign in _OFF else None)
        # Word keeps value and sign together; where they part, somebody typed over the sign, and
        # the sign is what every reader of the paper sees
        sure = 0.7 if shown is None else 0.99 if shown == box.ticked else 0.6
        self._out.text += text[: len(text) - len(bare)]
        ticked = box.ticked if shown is None else shown
        self._mark(Mark(ticked, "content-control", sure))
        return bare if shown is None else bare[1:].lstrip("\ufe0e\ufe0f")

    def _flush(self) -> None:
        """A check box control that prints no sign is a box all the same."""
        if self._boxes:
            box = self._boxes[-1]
            self._boxes.clear()
            self._mark(Mark(box.ticked, "content-control", 0.9))

    def _is_prompt(self, content: etree._Element) -> bool:
        """Whether a control's text is its prompt: some programs leave the flag on after entry."""
        said = words(content).strip()
        styles = {val(s) for s in content.iter(f"{W}rStyle")}
        names = {s.lower() for s in styles} | {self._styles.name(s).lower() for s in styles}
        return (
            not any(c.isalnum() for c in said)
            or bool(names & _PROMPT_STYLES)
            or _PROMPT.search(said) is not None
        )

    # ------------------------------------------------------------------ fields

    def _field_sign(self, sign: etree._Element) -> None:
        kind = sign.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append(Field(form=sign.find(f"{W}ffData")))
        elif kind in ("separate", "end") and self._fields:
            if self._fields[-1].in_code:
                self._print(self._fields[-1])
            if kind == "end":
                self._fields.pop()

    def _field_signs(self, element: etree._Element) -> None:
        """Begin and end of fields in text that is left out, so that they stay paired."""
        self._mute += 1
        for sign in element.iter(f"{W}fldChar"):
            self._field_sign(sign)
        self._mute -= 1

    def _instruct(self, code: str) -> bool:
        if self._fields and self._fields[-1].in_code:
            self._fields[-1].code += without_sentinels(code)
            return True
        return False

    def _print(self, field: Field) -> None:
        """What a field prints by its code alone; its stored result is not text then."""
        field.in_code = False
        said = printed(field)
        if isinstance(said, Mark):
            self._mark(said)
        elif said is not None and not self._instruct_outer(field, said):
            if field.circled:
                self._set_off |= {CIRCLED}
            self._put(said)
        field.silent = said is not None

    def _instruct_outer(self, field: Field, said: str) -> bool:
        """The result of a field in another one's code is part of that code."""
        outer = [f for f in self._fields if f is not field]
        if outer and outer[-1].in_code:
            outer[-1].code += said
            return True
        return False

    # ------------------------------------------------------------------ changes and the unseen

    @contextmanager
    def insertion(self) -> Iterator[None]:
        """Text inserted with changes tracked."""
        self._inserting += 1
        yield
        self._inserting -= 1

    def deleted(self, element: etree._Element, remarks: list[Remark] | None = None) -> None:
        """Leaves out text that is deleted with changes tracked."""
        self._changed(old=words(element), remarks=remarks)
        self._field_signs(element)

    def _changed(self, old: str = "", new: str = "", remarks: list[Remark] | None = None) -> None:
        if not old.strip() and not new.strip():
            return
        last = self.remarks[-1] if self.remarks and self._touching else None
        if last is not None and last.kind == "change":
            last.old, last.new = last.old + old, last.new + new
        else:
            self.remark("change", old, self._out.remarks if remarks is None else remarks, new)
        self._touching = True

    def remark(self, kind: str, old: str, remarks: list[Remark], new: str = "") -> None:
        """Notes something for the reviewer, here and at the place it belongs to."""
        if old.strip() or new.strip():
            remarks.append(Remark(kind, old, new))
            self.remarks.append(remarks[-1])
