"""The printed forms as data: sections, labels, types, units, options and limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from models.wording import Bilingual

FORMS = Path(__file__).parent / "forms"
ENGLISH = Path(__file__).parent / "locale" / "fields_en.yaml"

_SPELLINGS = (("％", "%"), ("（", "("), ("）", ")"))


@lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    data: dict[str, str] = yaml.safe_load(ENGLISH.read_text(encoding="utf-8"))
    return data


def english_name(id: str) -> str:
    """What a field is called in English; its id where nobody has named it yet.

    >>> english_name("rd_growth")
    "growth of SMEs' R&D spending"
    """
    return _english().get(id, id)


@dataclass(frozen=True, slots=True)
class Field:
    """One quantity, text, question or narrative that the form asks for."""

    id: str
    type: str
    """number, integer, text, date, ticks or narrative."""
    label: str
    """The printed wording; ' > ' separates the levels of a nested heading."""
    section: str
    unit: str | None = None
    years: bool = False
    columns: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    one_of: bool = False
    limit: int | None = None
    list: bool = False
    evidence: bool = False
    required: bool = True
    falling: bool = False
    """The label asks for a decrease: 下降3.2% is 3.2 here."""
    year_in_heading: bool = False
    """The period is the year that stands in the heading above."""
    pattern: str | None = None
    printed: str | None = None
    """A line of the blank form that holds several fields: 所属地区：{region_city}市…"""
    also: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    """What a narrative must name."""
    called: tuple[str, ...] = ()
    """How sentences call it, beside what stands in prose.yaml (models/loading/called.py)."""

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.label.split(" > "))

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """The label's levels, then those of the other wordings, then both levels run together
        (企业户数总数), as lists without nested headings write them."""
        together = (("".join(self.path[-2:]),),) if len(self.path) > 1 else ()
        return (self.path, *(tuple(a.split(" > ")) for a in self.also), *together)

    @property
    def name(self) -> Bilingual:
        """What people call it: the printed label (without its unit), and its English name."""
        zh = " ".join(short_label(part) for part in self.path)
        return Bilingual(zh=zh, en=english_name(self.id))

    @property
    def words(self) -> tuple[str, ...]:
        """What it is called in titles: its labels' last levels, without 数量."""
        found = (short_label(path[-1]).removesuffix("数量") for path in self.paths)
        return tuple(dict.fromkeys(w for w in found if len(w) > 1))

    @property
    def integer(self) -> bool:
        return self.type == "integer"


@dataclass(frozen=True, slots=True)
class Form:
    id: str
    title: str
    fields: tuple[Field, ...]
    sections: tuple[str, ...]
    years: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    guidance: tuple[tuple[str, tuple[str, ...]], ...] = ()
    closing: tuple[str, ...] = ()
    instructions: dict[str, Any] | None = None
    report: bool = False
    """No form with cells: a report in the applicant's own words, read wherever a figure stands."""
    as_of: str | None = None
    """The ISO day for which a report's figures are asked."""
    titled: tuple[str, ...] = ()
    """Words of a report's title, each of which tells it."""
    part_words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What else the parts of a narrative are called; … stands for any words of one sentence."""
    _by_id: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {f.id: f for f in self.fields})

    def field(self, id: str) -> Field:
        """Raises KeyError where the form has no such field."""
        return self._by_id[id]

    def has(self, id: str) -> bool:
        return id in self._by_id

    def periods(self, id: str) -> tuple[str | None, ...]:
        """The periods a field is asked for; (None,) where it is asked once."""
        f = self.field(id)
        return self.years if f.years else f.columns or (None,)

    def guidance_of(self, id: str) -> tuple[str, ...]:
        return dict(self.guidance).get(id, ())


def short_label(label: str) -> str:
    """A printed label without its unit, limit or trailing remark in brackets.

    >>> short_label("集群总产值（亿元）")
    '集群总产值'
    """
    text = label
    for full, half in _SPELLINGS:
        text = text.replace(full, half)
    text = text.strip()
    while text.endswith(")"):
        depth = 0
        for at in range(len(text) - 1, -1, -1):
            depth += (text[at] == ")") - (text[at] == "(")
            if depth == 0:
                break
        if at <= 0:
            break
        text = text[:at].rstrip()
    return text or label


@lru_cache(maxsize=1)
def form_ids() -> tuple[str, ...]:
    return tuple(sorted(p.stem for p in FORMS.glob("*.yaml")))


@lru_cache(maxsize=16)
def load_form(id: str) -> Form:
    """The form of that id. Raises KeyError where there is none."""
    if id not in form_ids():
        raise KeyError(id)
    data = _read(id)
    fields = tuple(
        _field(entry, section) for section, entries in data["sections"].items() for entry in entries
    )
    return Form(
        id=id,
        title=data["title"],
        fields=fields,
        sections=tuple(data["sections"]),
        years=tuple(str(y) for y in data.get("years", ())),
        headings=tuple(data.get("headings", ())),
        notes=tuple(data.get("notes", ())),
        guidance=tuple((k, tuple(v)) for k, v in data.get("guidance", {}).items()),
        closing=tuple(data.get("closing", ())),
        instructions=data.get("instructions"),
        report=data.get("report", False),
        as_of=str(data["as_of"]) if "as_of" in data else None,
        titled=tuple(data.get("titled", ())),
        part_words=tuple((k, tuple(v)) for k, v in data.get("part_words", {}).items()),
    )


def _read(id: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((FORMS / f"{id}.yaml").read_text(encoding="utf-8"))
    if "like" not in data:
        return data
    base = _read(data.pop("like"))
    replace = data.pop("replace", {})
    base["sections"] = {
        section: [replace.get(entry["id"], entry) for entry in entries]
        for section, entries in base["sections"].items()
    }
    return base | data


def _field(entry: dict[str, Any], section: str) -> Field:
    values = dict(entry)
    for key in ("columns", "options", "also", "parts", "called"):
        if key in values:
            values[key] = tuple(str(v) for v in values[key])
    return Field(section=section, **values)
