"""Our frozen dataclasses ↔ what JSON can hold, without loss (Decimals as text)."""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Dataclasses as dicts (fields at their default left out), tuples as lists, Decimals tagged."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: to_plain(v)
            for f in fields(value)
            if (v := getattr(value, f.name)) != f.default or f.default is MISSING
        }
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, (tuple, list)):
        return [to_plain(v) for v in value]
    return value


def from_plain(kind: type[T], data: Any) -> T:
    """The object of that dataclass that to_plain was given.

    Keys it does not know are left out, so that a database of an older version stays readable.
    """
    result: T = _build(kind, data)
    return result


def _build(kind: Any, data: Any) -> Any:
    if data is None:
        return None
    if isinstance(data, dict) and set(data) == {"decimal"}:
        return Decimal(data["decimal"])
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        built = next((a for a in args if _is_built(a)), None)
        return _build(built, data) if built is not None else data
    if origin is tuple:
        inner = [args[0]] * len(data) if args[-1] is Ellipsis else args
        return tuple(_build(k, v) for k, v in zip(inner, data, strict=True))
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{k: _build(hints[k], v) for k, v in data.items() if k in hints})
    if isinstance(kind, type) and issubclass(kind, tuple):
        return kind(*data)
    return data


def _is_built(kind: Any) -> bool:
    """It is not in JSON what it is here: a dataclass, a tuple, a named tuple."""
    plain = typing.get_origin(kind) or kind
    return is_dataclass(plain) or (isinstance(plain, type) and issubclass(plain, tuple))


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
