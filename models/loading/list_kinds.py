"""What attached lists count, from models/lists.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from models.form import Form
from models.loading import strict_yaml

FILE = Path(__file__).parents[1] / "lists.yaml"


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that a row of a list is, one of several; its words by value."""

    name: str
    values: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def default(self) -> str | None:
        """What every row is that is none of the others."""
        return next((value for value, words in self.values if not words), None)


@dataclass(frozen=True, slots=True)
class Rank:
    by: str
    columns: tuple[str, ...]
    up_to: int
    within: str
    beyond: str


@dataclass(frozen=True, slots=True)
class ListKind:
    id: str
    rows: str
    """The field that counts the rows, with {attributes} in it."""
    titles: tuple[str, ...]
    columns: tuple[str, ...]
    attributes: tuple[Attribute, ...] = ()
    flags: tuple[tuple[str, tuple[str, ...]], ...] = ()
    total: str | None = None
    number: str = ""
    years: bool = False
    rank: Rank | None = None

    def field(self, values: dict[str, str]) -> str:
        """The field that counts rows with these attributes."""
        return self.rows.format(**values)

    def combinations(self) -> list[dict[str, str]]:
        """Every set of values a row may have."""
        names = [a.name for a in self.attributes]
        choices = [[value for value, _ in a.values] for a in self.attributes]
        return [dict(zip(names, chosen, strict=True)) for chosen in product(*choices)]

    def fields(self) -> list[str]:
        """Every field the list may count."""
        found = [self.field(values) for values in self.combinations()]
        return found + [f for f, _ in self.flags] + ([self.total] if self.total else [])


@lru_cache(maxsize=1)
def list_kinds() -> tuple[ListKind, ...]:
    """Every kind of list; raises ValueError where the file is not sound YAML."""
    content = strict_yaml.read(FILE)
    if content.faults:
        raise ValueError(f"{FILE.name}:{content.faults[0].line}: {content.faults[0].message.en}")
    return tuple(_kind(entry) for entry in content.data["lists"])


def kinds_of(form: Form) -> tuple[ListKind, ...]:
    """The kinds of list that count a field of this form; of a report, a list of each thing that
    it counts, by the names its figures go by."""
    if form.report:
        counted = [f for f in form.fields if f.type == "integer"]
        return tuple(ListKind(f.id, f.id, f.words, ()) for f in counted)
    return tuple(k for k in list_kinds() if any(form.has(f) for f in k.fields()))


def _kind(entry: dict[str, Any]) -> ListKind:
    attributes = tuple(
        Attribute(name, tuple((value, tuple(map(str, words))) for value, words in values.items()))
        for name, values in entry.get("by", {}).items()
    )
    rank = entry.get("rank")
    return ListKind(
        id=entry["id"],
        rows=entry["rows"],
        titles=tuple(entry["titles"]),
        columns=tuple(entry["columns"]),
        attributes=attributes,
        flags=tuple((field, tuple(words)) for field, words in entry.get("flags", {}).items()),
        total=entry.get("total"),
        number=entry.get("number", ""),
        years=entry.get("years", False),
        rank=Rank(**(rank | {"columns": tuple(rank["columns"])})) if rank else None,
    )
