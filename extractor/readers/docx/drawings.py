"""Drawings, pictures and controls in a Word line, as far as they bear on its tick boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from extractor.readers.docx.raw import ON, OVER, TICK
from extractor.readers.docx.xml import outermost, words
from extractor.readers.ooxml import W
from extractor.readers.opening import ReadError
from extractor.readers.unpacking import Package

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
V = "{urn:schemas-microsoft-com:vml}"
_O = "{urn:schemas-microsoft-com:office:office}"
_AX = "{http://schemas.microsoft.com/office/2006/activeX}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_EMU = 12_700
"""English metric units in a point."""

BOX_POINTS = (5.0, 26.0)
"""Width and height of a picture that may be a tick box: that of a letter."""
OVER_POINTS = (90.0, 45.0)
"""What is drawn wider or higher than this over a line (a seal, a frame) is no tick in a box."""
NUDGE = 8.0
"""Points that a tick placed on a letter may be off it."""
MOST_PIXELS = 4_000_000
"""Of a picture that is looked at."""
ICON_POINTS = (30.0, 30.0)
"""The same of pictures: a larger one is a signature or a logo."""
_TICK_ALONE = re.compile(r"\s*[√✓✔🗸vV☑☒×✗\uf052\uf0fc\uf0fe]\s*")
_BOX_CLASSES = ("8BD21D40", "8BD21D50")
"""Forms.CheckBox.1 and Forms.OptionButton.1, by the first part of their class id."""

_UNITS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, "pc": 12.0, "": 0.75}
_LENGTH = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]+)\s*([a-z]*)", re.I)
_LONE_LENGTH = re.compile(r"(-?[\d.]+)([a-z]*)")
_POINT = re.compile(r"\s*(-?[\d.]+)\s*([a-z]*)\s*,\s*(-?[\d.]+)\s*([a-z]*)", re.I)


@dataclass(frozen=True, slots=True)
class Control:
    """A box that is no letter: a picture of one, or an ActiveX check box with its caption."""

    ticked: bool | None
    how: str
    caption: str = ""


def controls(package: Package, part: str) -> dict[str, Control]:
    """The ActiveX check boxes and radios of a part, by relation id.

    Only states kept as text (persistPropertyBag) are read; of the binary ones ticked is None.
    """
    out: dict[str, Control] = {}
    for key, relation in package.relations(part).items():
        if relation.type != "control" or relation.external or relation.target not in package:
            continue
        try:
            root = package.xml(relation.target)
        except ReadError:  # what it holds cannot be told; that it is there, the text says
            continue
        kind = root.get(f"{_AX}classid", "").strip("{}").upper()
        said = {e.get(f"{_AX}name", ""): e.get(f"{_AX}value", "") for e in root.iter(f"{_AX}ocxPr")}
        if not kind.startswith(_BOX_CLASSES):
            out[key] = Control(None, "")
            continue
        ticked = {"1": True, "-1": True, "0": False}.get(said.get("Value", ""))
        out[key] = Control(ticked, "form-field", said.get("Caption", ""))
    return out


class Pictures:
    """The pictures of a part as tick boxes: each is looked at once, and only where asked for."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._parts = {
            key: relation.target
            for key, relation in package.relations(part).items()
            if relation.type == "image" and not relation.external
        }
        self._told: dict[str, bool | None] = {}

    def ticked(self, drawing: etree._Element) -> bool | None:
        """Whether the box in a picture is ticked; None where that cannot be told."""
        keys = [e.get(f"{_R}embed") for e in drawing.iter(f"{A}blip")]
        keys += [e.get(f"{_R}id") for e in drawing.iter(f"{V}imagedata")]
        crop = drawing.find(f".//{A}srcRect")
        if len(keys) != 1 or keys[0] not in self._parts or (crop is not None and crop.attrib):
            return None
        name = self._parts[keys[0]]
        if name not in self._told:
            self._told[name] = self._look(name)
        return self._told[name]

    def _look(self, name: str) -> bool | None:
        from PIL import Image

        from extractor.readers.box_picture import ticked

        try:
            with Image.open(BytesIO(self._package.read(name))) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                return ticked(picture)
        except Exception:  # of a kind that is not known, or broken: a person must see it
            return None


def drawn(
    element: etree._Element, known: Mapping[str, Control], pictures: Pictures | None
) -> Control | str:
    """What a w:drawing, w:pict or w:object is: a box, OVER, TICK or ON where it lies over the line,
    "" where it does not bear on boxes (a text box with text among them)."""
    control = next(element.iter(f"{W}control"), None)
    if control is not None:
        key = next((str(v) for k, v in control.attrib.items() if str(k).endswith("}id")), "")
        found = known.get(key) or Control(None, "form-field")
        return found if found.how else ""
    if next(element.iter(f"{_O}OLEObject"), None) is not None:
        return ""
    said = [words(content) for content in outermost(element, f"{W}txbxContent")]
    if any(text.strip() for text in said):
        if not all(_TICK_ALONE.fullmatch(t) for t in said if t.strip()):
            return ""
        return ON if _at_letter(element) else TICK
    if _floating(element):
        if not _small(element):
            return ""
        return ON if _at_letter(element) else OVER
    if not _box_picture(element):
        return ""
    return Control(pictures.ticked(element) if pictures is not None else None, "picture")


def _floating(drawing: etree._Element) -> bool:
    """Whether it lies over or beside the text instead of standing in the line."""
    if drawing.find(f"{_WP}anchor") is not None:
        return True
    if drawing.find(f"{_WP}inline") is not None:
        return False
    return any("absolute" in (e.get("style") or "") for e in _vml(drawing))


def _at_letter(drawing: etree._Element) -> bool:
    """Whether it is no larger than a letter or two and placed by the letter it is anchored at,
    within less than its width."""
    size = _size(drawing)
    if size is None or max(size) > ICON_POINTS[0]:
        return False
    anchor = drawing.find(f"{_WP}anchor")
    if anchor is not None:
        across, down = anchor.find(f"{_WP}positionH"), anchor.find(f"{_WP}positionV")
        if across is None or across.get("relativeFrom") != "character":
            return False
        if down is None or down.get("relativeFrom") not in ("line", "paragraph"):
            return False
        offsets = [p.findtext(f"{_WP}posOffset") or "" for p in (across, down)]
        if not all(re.fullmatch(r"\s*-?\d{1,9}\s*", o) for o in offsets):
            return False
        x, y = (int(o) / _EMU for o in offsets)
        return abs(x) <= NUDGE and (abs(y) <= NUDGE or down.get("relativeFrom") == "paragraph")
    for shape in _vml(drawing):
        style = {
            k.strip().lower(): v.strip().lower()
            for k, _, v in (part.partition(":") for part in (shape.get("style") or "").split(";"))
        }
        if style.get("mso-position-horizontal-relative") != "char":
            return False
        if style.get("mso-position-vertical-relative") != "line":
            return False
        moved = [_LONE_LENGTH.fullmatch(style.get(f"margin-{s}", "0")) for s in ("left", "top")]
        return all(m is not None and abs(_points(m[1], m[2])) <= NUDGE for m in moved)
    return False


def _size(drawing: etree._Element) -> tuple[float, float] | None:
    """Width and height in points, None where the file does not say."""
    try:
        for extent in drawing.iterfind(f"*/{_WP}extent"):
            return int(extent.get("cx", "")) / _EMU, int(extent.get("cy", "")) / _EMU
        for shape in _vml(drawing):
            ends = [_POINT.match(shape.get(name) or "") for name in ("from", "to")]
            if ends[0] and ends[1]:
                (x0, y0), (x1, y1) = (
                    (_points(m[1], m[2]), _points(m[3], m[4])) for m in ends if m is not None
                )
                return abs(x1 - x0), abs(y1 - y0)
            found = {
                m[1].lower(): _points(m[2], m[3])
                for m in _LENGTH.finditer(shape.get("style") or "")
            }
            if len(found) == 2:
                return found["width"], found["height"]
    except ValueError:
        pass
    return None


def _points(number: str, unit: str) -> float:
    return float(number) * _UNITS.get(unit.lower(), 1.0)


def _box_picture(drawing: etree._Element) -> bool:
    """Whether an inline picture has the shape of a tick box: square, as high as a letter."""
    extent = _size(drawing)
    if extent is None:
        return False
    width, height = extent
    low, high = BOX_POINTS
    return low <= width <= high and low <= height <= high and 0.6 <= width / height <= 1.7


def _small(drawing: etree._Element) -> bool:
    """Whether what floats may be a tick, a ring or a stroke over a box; where no size is told,
    it may."""
    extent = _size(drawing)
    picture = any(True for _ in drawing.iter(f"{A}blip", f"{V}imagedata"))
    width, height = ICON_POINTS if picture else OVER_POINTS
    return extent is None or (extent[0] <= width and extent[1] <= height)


def _vml(drawing: etree._Element) -> Iterator[etree._Element]:
    kinds = ("shape", "rect", "roundrect", "oval", "line", "polyline", "group")
    return drawing.iter(*(f"{V}{kind}" for kind in kinds))
