"""Optional content: which layers of a PDF are switched off on the screen (ISO 32000-1, 8.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF

_DEPTH = 20


class Layers:
    """The optional-content groups that are off when the file is opened for viewing."""

    def __init__(self, document: PDF | None = None) -> None:
        self._off: set[int] = set()
        """Object numbers of the groups that are off."""
        if document is None:
            return
        try:
            self._read(document)
        except Exception:  # a broken configuration switches nothing off
            self._off = set()

    def __bool__(self) -> bool:
        """Whether any layer is off."""
        return bool(self._off)

    def _read(self, document: PDF) -> None:
        properties = _dict(document.doc.catalog.get("OCProperties"))
        config = _dict(properties.get("D"))
        groups = {n for r in _list(properties.get("OCGs")) if (n := _number(r))}
        if _name(config.get("BaseState")) == "OFF":
            self._off = set(groups)
        self._off -= {n for r in _list(config.get("ON")) if (n := _number(r))}
        self._off |= {n for r in _list(config.get("OFF")) if (n := _number(r))}
        for entry in map(_dict, _list(config.get("AS"))):  # states that hang on the use made
            if _name(entry.get("Event")) != "View":
                continue
            for reference in _list(entry.get("OCGs")):
                view = _dict(_dict(_dict(reference).get("Usage")).get("View"))
                state, number = _name(view.get("ViewState")), _number(reference)
                if state == "OFF":
                    self._off.add(number)
                elif state == "ON":
                    self._off.discard(number)

    def hides(self, reference: Any) -> bool:
        """Whether content that belongs to this group or membership dictionary is not shown."""
        if not self._off:
            return False
        try:
            return not self._shows(reference)
        except Exception:
            return False

    def _shows(self, reference: Any) -> bool:
        if _number(reference) in self._off:
            return False
        member = _dict(reference)
        if _name(member.get("Type")) != "OCMD":
            return True
        if _list(member.get("VE")):
            return self._expression(_list(member.get("VE")), 0)
        groups = member.get("OCGs")
        one = not isinstance(_resolved(groups), list)
        listed = [groups] if one else _list(groups)
        states = [_number(r) not in self._off for r in listed if _resolved(r)]
        if not states:
            return True
        policy = _name(member.get("P")) or "AnyOn"
        return {
            "AllOn": all(states),
            "AnyOff": not all(states),
            "AllOff": not any(states),
        }.get(policy, any(states))

    def _expression(self, parts: list[Any], depth: int) -> bool:
        if depth > _DEPTH or not parts:
            return True
        kind = _name(parts[0])
        values = [
            self._expression(_list(p), depth + 1)
            if isinstance(_resolved(p), list)
            else _number(p) not in self._off
            for p in parts[1:]
        ]
        if kind == "Not":
            return not values[0]
        return all(values) if kind == "And" else any(values)


def _resolved(value: Any) -> Any:
    from pdfminer.pdftypes import resolve1

    return resolve1(value)


def _dict(value: Any) -> dict[str, Any]:
    value = _resolved(value)
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    value = _resolved(value)
    return value if isinstance(value, list) else []


def _name(value: Any) -> str:
    name = getattr(_resolved(value), "name", "")
    return name.decode("latin-1") if isinstance(name, bytes) else str(name)


def _number(reference: Any) -> int:
    """The object number of a reference, 0 where it is none."""
    number = getattr(reference, "objid", 0)
    return number if isinstance(number, int) else 0
