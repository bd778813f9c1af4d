"""What a tagged PDF says of itself: which table and which row a piece of text belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from extractor.readers.pdf.text import TextLine

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF

_DEPTH = 60


class Tags:
    """The structure tree, asked from the marked content upwards (ISO 32000-1, 14.7.4.4)."""

    def __init__(self, document: PDF | None = None) -> None:
        self._root: dict[str, Any] = {}
        self._parents: dict[int, Any] = {}
        self._keys: dict[int, int] = {}
        """StructParents of each page."""
        self._cache: dict[tuple[int, int], dict[str, set[int]]] = {}
        if document is None:
            return
        try:
            from pdfminer.pdftypes import resolve1

            self._root = resolve1(document.doc.catalog.get("StructTreeRoot")) or {}
            if isinstance(self._root, dict) and "ParentTree" in self._root:
                self._read(resolve1(self._root["ParentTree"]), 0)
        except Exception:  # a broken tree says nothing
            self._parents = {}

    def page(self, number: int, struct_parents: int | None) -> None:
        """Say which key of the parent tree a page has."""
        if struct_parents is not None:
            self._keys[number] = struct_parents

    def _read(self, node: Any, depth: int) -> None:
        from pdfminer.pdftypes import resolve1

        if not isinstance(node, dict) or depth > _DEPTH:
            return
        numbers = resolve1(node.get("Nums")) or []
        for key, value in zip(numbers[::2], numbers[1::2], strict=False):
            if isinstance(key, int):
                self._parents[key] = value
        for kid in resolve1(node.get("Kids")) or []:
            self._read(resolve1(kid), depth + 1)

    def same(self, kind: str, before: Iterable[TextLine], after: Iterable[TextLine]) -> bool | None:
        """Whether two stretches of text are of one element of a kind (TR, Table); None: unknown."""
        if not self._parents:
            return None
        first, second = self._elements(kind, before), self._elements(kind, after)
        if not first or not second:
            return None
        return bool(first & second)

    def cell(self, page: int, mcid: int | None) -> int | None:
        """The innermost table cell that marked content belongs to; None: unknown."""
        if mcid is None or not self._parents:
            return None
        found = self._above(page, mcid)
        return next(iter(found.get("cell", ())), None)

    def _elements(self, kind: str, lines: Iterable[TextLine]) -> set[int]:
        found: set[int] = set()
        for line in lines:
            for glyph in line.glyphs:
                if glyph is not None and glyph.mcid is not None:
                    found |= self._above(line.page, glyph.mcid).get(kind, set())
                    break
        return found

    def _above(self, page: int, mcid: int) -> dict[str, set[int]]:
        if (page, mcid) not in self._cache:
            try:
                self._cache[page, mcid] = self._climb(page, mcid)
            except Exception:
                self._cache[page, mcid] = {}
        return self._cache[page, mcid]

    def _climb(self, page: int, mcid: int) -> dict[str, set[int]]:
        from pdfminer.pdftypes import resolve1

        found: dict[str, set[int]] = {}
        owners = resolve1(self._parents.get(self._keys.get(page, -1)))
        if not isinstance(owners, list) or not 0 <= mcid < len(owners):
            return found
        reference = owners[mcid]
        roles = resolve1(self._root.get("RoleMap")) or {}
        for _ in range(_DEPTH):
            element = resolve1(reference)
            number = getattr(reference, "objid", None)
            if not isinstance(element, dict) or number is None:
                break
            name = _name(element.get("S"))
            name = _name(roles.get(name)) or name
            found.setdefault(name, set()).add(number)
            if name in ("TD", "TH"):
                found.setdefault("cell", {number})
            reference = element.get("P")
        return found


def _name(value: Any) -> str:
    name = getattr(value, "name", "")
    return name.decode("latin-1") if isinstance(name, bytes) else str(name)
