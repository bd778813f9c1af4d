"""Programmes as data: what a regulation demands, each condition with its article and words.

>>> from models.programme import load_programme
>>> [c.citation.article for c in load_programme("weifang-2021-growing").criteria]
['第十条', '第十条', '第十条']
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.loading import strict_yaml
from models.types import Citation, Severity
from models.wording import Bilingual

PROGRAMMES = Path(__file__).parent / "programmes"

COMPARISONS = ("at_least", "more_than", "at_most", "less_than")
OPERANDS = ("field", "sum_of", "average_of", "growth_of")
YEARS = ("each", "last", "earlier", "all")


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison.

    `operand` is field, sum_of, average_of or growth_of; `operator` a comparison with `number`,
    or falls_every_year, or ticked with the `options` that pass.
    """

    operand: str
    fields: tuple[str, ...]
    operator: str
    number: Decimal | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The clause that lets a condition be relaxed for a cluster of a certain rank."""

    claimed_in: str
    """The narrative in which an applicant would claim the rank."""
    first_in: str
    leading_in: str
    applies_to: tuple[str, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of the programme; met where any of its `conditions` is."""

    rule: str
    conditions: tuple[Condition, ...]
    years: str | None
    """each, last, earlier, all, or None for a field that is asked once."""
    severity: Severity
    """In the last year, or where years do not matter."""
    severity_earlier: Severity
    none_is_zero: bool
    citation: Citation
    relaxation: Relaxation | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(f for c in self.conditions for f in c.fields))


@dataclass(frozen=True, slots=True)
class Material:
    """A document that the programme asks for; `role` as in the JSON's files[].role."""

    id: str
    role: str
    name: str
    required: bool
    citation: Citation
    format: str = ""
    """pdf or word, where the regulation asks for that kind of file."""
    words: tuple[str, ...] = ()
    """Of supporting documents: what their titles say, any one of these; none means any at all."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The dates from and to (both included) the document is in force; None where it is open."""

    begin: date | None
    end: date | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Deadline:
    date: date
    """The last day on which an application is in time."""
    field: str
    severity: Severity
    citation: Citation


@dataclass(frozen=True, slots=True)
class Quota:
    """At most this many clusters per `per` (city)."""

    clusters: int
    per: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Programme:
    id: str
    name: str
    title: str
    """The regulation's own title, as cited."""
    form: str
    office: str
    number: str
    criteria: tuple[Criterion, ...]
    materials: tuple[Material, ...]
    in_force: InForce | None
    deadline: Deadline | None
    quota: Quota | None
    recognised_by: tuple[str, ...]
    """Words a package says of itself where it applies for this programme and not for another
    one with the same form."""
    chosen_by_hand: bool
    """No document can tell that it applies for this programme: a person names it."""
    version: str
    """Changes whenever a word of its file, or of a file it takes from, changes."""


@dataclass(frozen=True, slots=True)
class ProgrammeError:
    """Why a programme file is refused."""

    file: str
    line: int
    message: Bilingual

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@lru_cache(maxsize=1)
def programme_ids() -> tuple[str, ...]:
    """The programmes that come with the tool."""
    return tuple(sorted(p.parent.name for p in PROGRAMMES.glob("*/programme.yaml")))


@lru_cache(maxsize=32)
def load_programme(id: str) -> Programme:
    """The programme of that id. Raises KeyError where there is none."""
    if id not in programme_ids():
        raise KeyError(id)
    return read_programme(PROGRAMMES / id / "programme.yaml")


def read_programme(path: Path) -> Programme:
    """The programme in a file that `validate_programme` has found good."""
    data, title, version = merged(path)
    document = title
    relaxation = _relaxation(data.get("relaxation"), document)
    criteria = tuple(_criterion(c, document, relaxation) for c in data.get("criteria", ()))
    if "criteria_of" in data:
        other = read_programme(sibling(path, data["criteria_of"]))
        criteria = other.criteria + criteria
        version = _digest(version + other.version)
    return Programme(
        id=data["id"],
        name=data["name"],
        title=title,
        form=data["form"],
        office=data.get("office", ""),
        number=data.get("number", ""),
        criteria=criteria,
        materials=tuple(_material(m, document) for m in data.get("materials", ())),
        in_force=_in_force(data.get("in_force"), document),
        deadline=_deadline(data.get("deadline"), document),
        quota=_quota(data.get("quota"), document),
        recognised_by=tuple(str(w) for w in data.get("recognised_by", ())),
        chosen_by_hand=data.get("chosen_by_hand", False) is True,
        version=version,
    )


def validate_programme(path: Path) -> list[ProgrammeError]:
    """What is wrong with a programme file, its source.txt and its cases.yaml; empty if good."""
    from models.loading.validation import validate

    return validate(path)


def sibling(path: Path, id: str) -> Path:
    """The file of the programme that this one takes from: beside it, or one of the tool's own."""
    beside = path.resolve().parent.parent / id / "programme.yaml"
    return beside if beside.is_file() else PROGRAMMES / id / "programme.yaml"


def merged(path: Path) -> tuple[dict[str, Any], str, str]:
    """The data of a file over that of the programme it is like; its title; its version."""
    data: dict[str, Any] = dict(strict_yaml.read(path).data)
    version = _digest(path.read_text(encoding="utf-8"))
    if "like" in data:
        base, _, base_version = merged(sibling(path, data["like"]))
        data = base | data
        version = _digest(version + base_version)
    return data, data["title"], version


def source_path(path: Path) -> Path:
    """The source.txt that a programme file's quotes are taken from."""
    own = path.parent / "source.txt"
    like = (strict_yaml.read(path).data or {}).get("like")
    return source_path(sibling(path, like)) if like and not own.is_file() else own


def condition(entry: dict[str, Any]) -> Condition:
    """A condition from its YAML."""
    if "falls_every_year" in entry:
        return Condition("field", (entry["falls_every_year"],), "falls_every_year")
    operand = next(o for o in OPERANDS if o in entry)
    fields = entry[operand]
    fields = tuple(fields) if isinstance(fields, list) else (fields,)
    if "ticked" in entry:
        return Condition(operand, fields, "ticked", options=tuple(map(str, entry["ticked"])))
    operator = next(c for c in COMPARISONS if c in entry)
    return Condition(operand, fields, operator, Decimal(str(entry[operator])))


def _criterion(entry: dict[str, Any], document: str, relaxation: Relaxation | None) -> Criterion:
    severity = entry["severity"]
    last = severity["last"] if isinstance(severity, dict) else severity
    earlier = severity["earlier"] if isinstance(severity, dict) else severity
    applies = relaxation is not None and entry["rule"] in relaxation.applies_to
    return Criterion(
        rule=entry["rule"],
        conditions=tuple(condition(e) for e in entry.get("any_of", [entry])),
        years=entry.get("years"),
        severity=last,
        severity_earlier=earlier,
        none_is_zero=entry.get("none_is_zero", False),
        citation=_cite(entry, document),
        relaxation=relaxation if applies else None,
    )


def _material(entry: dict[str, Any], document: str) -> Material:
    return Material(
        entry["id"],
        entry["role"],
        entry["name"],
        entry.get("required", True),
        _cite(entry, document),
        entry.get("format", ""),
        tuple(map(str, entry.get("words", ()))),
    )


def _cite(entry: dict[str, Any], document: str) -> Citation:
    return Citation(document, entry["article"], entry["quote"])


def _relaxation(entry: dict[str, Any] | None, document: str) -> Relaxation | None:
    if entry is None:
        return None
    return Relaxation(
        entry["claimed_in"],
        entry["first_in"],
        entry["leading_in"],
        tuple(entry["applies_to"]),
        _cite(entry, document),
    )


def _in_force(entry: dict[str, Any] | None, document: str) -> InForce | None:
    if entry is None:
        return None
    return InForce(_day(entry.get("from")), _day(entry.get("to")), _cite(entry, document))


def _deadline(entry: dict[str, Any] | None, document: str) -> Deadline | None:
    if entry is None:
        return None
    return Deadline(
        date.fromisoformat(entry["date"]),
        entry["field"],
        entry["severity"],
        _cite(entry, document),
    )


def _quota(entry: dict[str, Any] | None, document: str) -> Quota | None:
    if entry is None:
        return None
    return Quota(entry["clusters"], entry["per"], _cite(entry, document))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
