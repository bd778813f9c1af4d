"""Small readings of a Word paragraph's XML, which keep nothing from one to the next."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from extractor.locating.glyphs import glyph_of, letters
from extractor.locating.marks import without_sentinels
from extractor.readers.ooxml import MC, W14, M, W, on_off, val

_SAYS = {f"{W}t", f"{W}sym", f"{W}txbxContent", f"{W}tbl", f"{W}fldChar", f"{M}t"}
_SET_OFF = {
    f"{W}b": "bold",
    f"{W}u": "underlined",
    f"{W}shd": "shaded",
    f"{W}highlight": "highlighted",
    f"{W}em": "dotted",
    f"{W}bdr": "framed",
}


def chosen(alternate: etree._Element) -> etree._Element:
    """The branch of an mc:AlternateContent to read, one only: the first that says something."""
    branches = [b for b in alternate if b.tag in (f"{MC}Choice", f"{MC}Fallback")]
    for branch in branches:
        if any(e.tag in _SAYS for e in branch.iter()):
            return branch
    return branches[0] if branches else alternate


def outermost(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Descendants of a name that stand in no other of that name, of alternatives one."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag == f"{MC}AlternateContent":
            yield from outermost(chosen(child), tag)
        else:
            yield from outermost(child, tag)


def words(element: etree._Element) -> str:
    """All letters in an element, deleted ones too."""
    kinds = (f"{W}t", f"{W}delText", f"{W}sym")
    return "".join(symbol(e) if e.tag == f"{W}sym" else e.text or "" for e in element.iter(*kinds))


def symbol(sym: etree._Element) -> str:
    sign = character(sym.get(f"{W}char", ""))
    font = sym.get(f"{W}font", "")
    return letters(without_sentinels(sign), font, font)


def character(code: str) -> str:
    """The character of a hexadecimal number; "" where it is none (surrogates are none)."""
    try:
        number = int(code, 16)
        return "" if 0xD800 <= number <= 0xDFFF else chr(number)
    except (ValueError, OverflowError):
        return ""


def declared_signs(box: etree._Element) -> dict[str, bool]:
    """The signs a check box control says it prints for on and for off."""
    out: dict[str, bool] = {}
    for name, state in (("uncheckedState", False), ("checkedState", True)):
        element = box.find(f"{W14}{name}")
        sign = "" if element is None else character(element.get(f"{W14}val", ""))
        if sign and element is not None:
            out[glyph_of(sign, element.get(f"{W14}font", ""))] = state
            out[sign] = state
    return out if len(set(out.values())) == 2 else {}


def formula(element: etree._Element) -> str:
    """An equation as one line of text: a/b for fractions, √ for roots."""
    if element.tag == f"{M}t":
        return without_sentinels(element.text or "")
    parts = [formula(e) for e in element if not str(e.tag).endswith("Pr")]
    if element.tag == f"{M}f" and len(parts) == 2:
        return f"{parts[0]}/{parts[1]}"
    return ("√" if element.tag == f"{M}rad" else "") + "".join(parts)


def set_off(properties: etree._Element | None) -> frozenset[str]:
    """How a run with these properties is set off from the text around it: bold, underlined …"""
    found = set()
    for element in () if properties is None else properties:
        kind = _SET_OFF.get(str(element.tag))
        if kind == "shaded":
            fill = element.get(f"{W}fill", "auto").lower()
            if fill in ("auto", "ffffff") and val(element, "clear") in ("clear", "nil"):
                kind = None
        elif kind == "bold":
            kind = kind if on_off(element.get(f"{W}val")) else None
        elif kind and val(element, "single") in ("none", "nil", "0"):
            kind = None
        if kind:
            found.add(kind)
    return frozenset(found)
