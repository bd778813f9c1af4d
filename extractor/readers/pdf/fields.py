"""AcroForm fields and annotations of a page (ISO 32000-1, 12.5 and 12.7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

from extractor.readers.pdf.layers import Layers
from models.types import Bbox

if TYPE_CHECKING:
    from pdfplumber.page import Page

_RADIO, _PUSH, _MULTILINE, _PASSWORD = 1 << 15, 1 << 16, 1 << 12, 1 << 13
_UNSEEN = 0b100010  # annotation flags Hidden and NoView
_OVER_BOXES = {"Ink", "Stamp", "Polygon", "PolyLine", "Line", "Circle", "Square", "Redact"}
_OVER_WORDS = {"Highlight", "Underline", "StrikeOut", "Squiggly"}
_TAGS = re.compile(r"<[^>]*>")
_TICKS = set("√✓✔✗✘×vVxX")
MOST = 5000
"""Annotations taken of one page."""


@dataclass(slots=True)
class Field:
    """A form field or a typed annotation: a tick box where `ticked` is not None, else a text."""

    bbox: Bbox
    text: str = ""
    ticked: bool | None = None
    confidence: float = 0.99
    multiline: bool = False
    size: float = 0.0
    """The type size it asks for, 0 where it leaves that open."""


@dataclass(slots=True)
class Overlay:
    """Something drawn onto the page by hand: a pen stroke, a stamp, a polygon."""

    bbox: Bbox
    ticks: bool = True
    """It can tick a box; a highlighter or a line through words only makes one doubtful."""
    ring: bool = False
    """It goes round something."""


@dataclass(slots=True)
class Annotations:
    """What stands on a page as annotations."""

    fields: list[Field] = field(default_factory=list)
    overlays: list[Overlay] = field(default_factory=list)
    covers: list[Bbox] = field(default_factory=list)
    """Filled areas that hide what the page itself has there."""


def read_fields(page: Page, place: Callable[[Any], Bbox], layers: Layers) -> Annotations:
    """Fields and overlays of a page; `place` turns a rectangle of the file into a page's box."""
    from pdfminer.pdftypes import resolve1

    found = Annotations()
    annotations = resolve1(page.page_obj.annots)
    if not isinstance(annotations, list):
        return found
    for reference in annotations[:MOST]:
        try:
            annotation = resolve1(reference)
            if not isinstance(annotation, dict) or _number(annotation.get("F")) & _UNSEEN:
                continue
            if not layers.hides(annotation.get("OC")):
                _annotation(annotation, place, found)
        except Exception:  # one broken annotation costs itself only
            continue
    return found


def _annotation(
    annotation: dict[str, Any], place: Callable[[Any], Bbox], found: Annotations
) -> None:
    from pdfminer.pdftypes import resolve1

    rect = [float(resolve1(v)) for v in resolve1(annotation.get("Rect"))]
    kind = _name(annotation.get("Subtype"))
    if kind == "Widget":
        filled = _field(annotation, place(rect))
        if filled is not None:
            found.fields.append(filled)
    elif kind == "FreeText":
        if _filled(annotation, "C"):
            found.covers.append(place(rect))
        text = _text(annotation.get("Contents"))
        if not text.strip():  # as XHTML only
            text = unescape(_TAGS.sub("", _text(annotation.get("RC"))))
        if text.strip() in _TICKS:
            found.overlays.append(Overlay(place(rect)))
        found.fields.append(Field(place(rect), text, multiline=True, size=_size(annotation)))
    elif kind in _OVER_BOXES:
        if kind in ("Square", "Redact") and _filled(annotation, "IC"):
            found.covers.append(place(rect))
            return
        strokes = resolve1(annotation.get("InkList")) if kind == "Ink" else None
        for stroke in strokes or [None]:
            points = _numbers(stroke)
            box, ring = rect, kind in ("Circle", "Square", "Polygon")
            if len(points) >= 4:
                xs, ys = points[::2], points[1::2]
                box = [min(xs), min(ys), max(xs), max(ys)]
                wide, high = box[2] - box[0], box[3] - box[1]
                ends = abs(xs[0] - xs[-1]) <= 0.3 * wide and abs(ys[0] - ys[-1]) <= 0.3 * high
                ring = len(xs) >= 5 and ends and min(wide, high) > 6
            found.overlays.append(Overlay(place(box), ring=ring))
    elif kind in _OVER_WORDS:
        corners = _numbers(annotation.get("QuadPoints"))
        quads = [corners[i : i + 8] for i in range(0, len(corners) - 7, 8)] or [
            [rect[0], rect[1], rect[2], rect[3]]
        ]
        for quad in quads:
            xs, ys = quad[::2], quad[1::2]
            box = [min(xs), min(ys), max(xs), max(ys)]
            found.overlays.append(Overlay(place(box), ticks=False))


def _numbers(value: Any) -> list[float]:
    from pdfminer.pdftypes import resolve1

    return [float(resolve1(v)) for v in resolve1(value) or []]


def _filled(annotation: dict[str, Any], key: str) -> bool:
    """Whether it has a background that nothing shows through."""
    from pdfminer.pdftypes import resolve1

    alpha = resolve1(annotation.get("CA"))
    return bool(resolve1(annotation.get(key))) and (
        not isinstance(alpha, (int, float)) or alpha > 0.98
    )


def _inherited(annotation: dict[str, Any], key: str) -> Any:
    from pdfminer.pdftypes import resolve1

    node: Any = annotation
    for _ in range(20):
        if not isinstance(node, dict):
            return None
        if key in node:
            return resolve1(node[key])
        node = resolve1(node.get("Parent"))
    return None


def _field(annotation: dict[str, Any], box: Bbox) -> Field | None:
    from pdfminer.pdftypes import resolve1

    kind = _name(_inherited(annotation, "FT"))
    flags = _number(_inherited(annotation, "Ff"))
    if kind == "Btn":
        return None if flags & _PUSH else _button(annotation, box)
    if kind not in ("Tx", "Ch") or (kind == "Tx" and flags & _PASSWORD):
        return None
    value = _inherited(annotation, "V")
    values = value if isinstance(value, list) else [value]
    texts = [_text(resolve1(v)) for v in values]
    if kind == "Ch":
        shown: dict[str, str] = {}
        for option in resolve1(_inherited(annotation, "Opt")) or []:
            pair = resolve1(option)
            if isinstance(pair, list) and len(pair) == 2:
                shown[_text(resolve1(pair[0]))] = _text(resolve1(pair[1]))
        texts = [shown.get(t, t) for t in texts]
    text = "\n".join(t for t in texts if t)
    if not text:
        return None
    multiline = kind == "Tx" and bool(flags & _MULTILINE)
    return Field(box, text, multiline=multiline, size=_size(annotation))


def _button(annotation: dict[str, Any], box: Bbox) -> Field:
    """A check box or radio: what is seen is its appearance state; the value may contradict it."""
    from pdfminer.pdftypes import resolve1

    appearance = resolve1(annotation.get("AP")) or {}
    normal = resolve1(appearance.get("N")) if isinstance(appearance, dict) else None
    states = set(normal) - {"Off"} if isinstance(normal, dict) else set()
    state = _name(annotation.get("AS"))
    value = _name(_inherited(annotation, "V"))
    if state:
        ticked = state != "Off" and (not states or state in states)
        by_value = value in states if states else value not in ("", "Off")
        known = state == "Off" or not states or state in states
        agree = known and (not value or by_value == ticked)
        return Field(box, ticked=ticked, confidence=0.99 if agree else 0.6)
    ticked = value in states if states else value not in ("", "Off")
    return Field(box, ticked=ticked, confidence=0.9)


def _size(annotation: dict[str, Any]) -> float:
    match = re.search(r"([\d.]+)\s+Tf", _text(_inherited(annotation, "DA")))
    size = float(match.group(1)) if match else 0.0
    return size if 4 <= size <= 72 else 0.0


def _number(value: Any) -> int:
    from pdfminer.pdftypes import resolve1

    value = resolve1(value)
    return value if isinstance(value, int) else 0


def _name(value: Any) -> str:
    from pdfminer.pdftypes import resolve1

    value = resolve1(value)
    name = getattr(value, "name", value)
    if isinstance(name, bytes):
        return name.decode("utf-8", "replace")
    return name if isinstance(name, str) else ""


def _text(value: Any) -> str:
    from pdfminer.pdftypes import resolve1
    from pdfminer.utils import decode_text

    value = resolve1(value)
    if isinstance(value, bytes):
        if value.startswith(b"\xef\xbb\xbf"):
            return value[3:].decode("utf-8", "replace")
        return decode_text(value).replace("\0", "")
    return _name(value)
