"""Word fields that print something by their code: check boxes, EQ, SYMBOL (ISO 29500-1 17.16)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from extractor.locating.glyphs import letters
from extractor.readers.ooxml import W, integer, on_off, val
from models.types import Mark

_BOX = "□☐▢◻■☑○◯〇口"
_TICK = "√✓✔☑■●✅"
_CROSS = "×✗✘✕xX"
_CIRCLING = r"\\o\b.*\(\s*[○◯〇]\s*[,;，；]"


@dataclass(slots=True)
class Field:
    """A field from its begin to its end; `form` is the w:ffData of a form field."""

    form: etree._Element | None = None
    code: str = ""
    in_code: bool = True
    silent: bool = False
    """It has printed itself by its code; the stored result is not text."""
    circled: bool = False
    """What it prints stands in a circle."""


def printed(field: Field) -> Mark | str | None:
    """The mark or text a field prints by its code; None where its stored result counts."""
    code = field.code.strip()
    name, _, rest = code.partition(" ")
    name = name.upper()
    if name == "FORMCHECKBOX":
        return _checkbox(field.form)
    if name == "FORMDROPDOWN":
        return _drop_down(field.form)
    if name == "SYMBOL":
        return _symbol(rest)
    if name in ("MACROBUTTON", "GOTOBUTTON"):
        return rest.strip().partition(" ")[2]
    if name == "EQ" or name.startswith("EQ\\"):
        said = _equation(code[2:])
        field.circled = isinstance(said, str) and re.search(_CIRCLING, code, re.I) is not None
        return said
    return None


def _symbol(rest: str) -> str:
    words = re.findall(r'"[^"]*"|\S+', rest)
    if not words:
        return ""
    font = next((b.strip('"') for a, b in pairwise(words) if a.lower() == "\\f"), "")
    first = words[0].strip('"')
    try:
        sign = chr(int(first, 16 if first.lower().startswith("0x") else 10))
    except (ValueError, OverflowError):
        sign = first[:1]
    return letters(sign, font, font)


def _equation(code: str) -> Mark | str:
    r"""EQ \o\ac(□,√) prints a tick over a box, EQ \x(√) a frame round a tick; a number in a
    circle prints as the number; else the arguments as plain text."""
    switches = [s.lower() for s in re.findall(r"\\([a-z]+)", code, flags=re.IGNORECASE)]
    plain = re.sub(r"\\[a-z]+\d*", " ", code, flags=re.IGNORECASE)
    parts = [p.strip() for p in re.split(r"[(),;，；（）\\]+", plain) if p.strip()]
    signs = [c for p in parts for c in p if not c.isspace()]
    boxes = [c for c in signs if c in _BOX]
    others = [c for c in signs if c not in _BOX]
    framed = "x" in switches
    if framed and not signs:
        return Mark(False, "field-code", 0.95)  # a frame round nothing
    signed = bool(boxes) or (framed and bool(others))
    if signed and len(signs) <= 3 and all(c in _TICK + _CROSS for c in others):
        tick = any(c in _TICK for c in signs)
        sure = 0.97 if tick or not others else 0.7
        return Mark(tick or bool(others), "field-code", sure)
    if "o" in switches and boxes:
        parts = [p for p in parts if p not in _BOX]
    return ("/" if "f" in switches else "").join(parts)


def _checkbox(form: etree._Element | None) -> Mark | None:
    """The state of a legacy check box: w:checked where it stands, else w:default (17.16.7)."""
    box = None if form is None else form.find(f"{W}checkBox")
    if box is None:
        return None
    for name in ("checked", "default"):
        state = box.find(f"{W}{name}")
        if state is not None:
            return Mark(on_off(state.get(f"{W}val")), "form-field", 0.99)
    return Mark(False, "form-field", 0.99)


def _drop_down(form: etree._Element | None) -> str | None:
    """The entry a legacy drop-down shows."""
    box = None if form is None else form.find(f"{W}ddList")
    if box is None:
        return None
    entries = [val(e) for e in box.findall(f"{W}listEntry")]
    at = integer(val(box.find(f"{W}result")) or val(box.find(f"{W}default")))
    return entries[at] if 0 <= at < len(entries) else ""
