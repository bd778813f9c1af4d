"""How sentences call what the forms ask for: models/prose.yaml and the forms' own `called:`.

A wording may leave parts out, (a|b), or choose between some, <a|b>; here every one is written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any, Literal

from models.form import FORMS, Field, Form, short_label
from models.loading import strict_yaml
from models.loading.strict_yaml import Fault, Place
from models.wording import Bilingual, say
from models.writing.folding import normalise

WORDINGS = Path(__file__).parents[1] / "prose.yaml"
SENTENCES = Path(__file__).parents[1] / "sentences.yaml"
MOST = 4000
"""Ways one wording may be written; more is a slip of its brackets."""

Facet = Literal["level", "yearly", "average", "total", "cut", "share"]
"""What a number says of its subject: the figure itself, its growth against the year before, its
average growth, its whole growth or fall over some years, its share of the whole."""

_KEYS: dict[str, Facet] = {
    "called": "level",
    "vague": "level",
    "bare": "level",
    "yearly_of": "yearly",
    "average_of": "average",
    "total_of": "total",
    "cut_of": "cut",
    "share_of": "share",
}
_QUOTES = dict.fromkeys(map(ord, "“”\"‘’'「」『』《》〈〉 \t\n"))


class WordingsError(ValueError):
    """What is wrong with a file of wordings, each fault with its line."""

    def __init__(self, path: Path, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{path.name}:{f.line}: {f.message.en}" for f in faults))


@dataclass(frozen=True, slots=True)
class Called:
    """One thing that a wording may state."""

    field: str
    facet: Facet
    strength: Literal["called", "vague", "bare"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every wording, folded (see `fold`), with what it may state; empty for what no field asks."""

    wordings: dict[str, tuple[Called, ...]] = field(default_factory=dict)
    counted: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By the form's unit, the words that a number of it may be counted in."""
    whole: frozenset[str] = frozenset()
    """Fields whose subjects are the cluster's firms at large."""
    goals: frozenset[str] = frozenset()
    """Fields of which sentences state only what is to come."""
    sums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Fields that 合计 means behind some of their parts."""
    heads: tuple[tuple[str, str, tuple[frozenset[str], ...]], ...] = ()
    """Words, each with a field that it names together with one of each group of words, in whatever
    order: the word itself in the clause, one group of a percentage's maybe in the one before."""
    not_after: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By field, words before a figure that make it somebody else's."""
    bracketed: frozenset[str] = field(init=False)
    """What stands in brackets inside a wording: 套 of 首台（套）."""

    def __post_init__(self) -> None:
        inside = (re.findall(r"\(([^()]*)\)", w) for w in self.wordings if "(" in w)
        object.__setattr__(self, "bracketed", frozenset(x for found in inside for x in found))


def fold(text: str) -> str:
    """One spelling of a wording or a sentence: no white space, no quotation marks."""
    return normalise(text).translate(_QUOTES)


def vocabulary(form: Form) -> Vocabulary:
    """What sentences may call the fields of a form. Raises WordingsError.

    The form's own `called:` and its printed labels go before models/prose.yaml, whose wordings of
    fields that the form does not ask for stay known as something else.
    """
    return _of_fields(form.id, form.fields)


@lru_cache(maxsize=8)
def _of_fields(form: str, fields: tuple[Field, ...]) -> Vocabulary:
    common = load(WORDINGS)
    wordings: dict[str, tuple[Called, ...]] = {}
    for text, called in _own(form, fields):
        wordings[text] = (*wordings.get(text, ()), called)
    for text, several in common.wordings.items():
        if text in wordings and any(c.facet == "level" for c in several):
            several = tuple(c for c in several if c.field in common.goals)
        wordings[text] = (*wordings.get(text, ()), *several)
    return replace(common, wordings=wordings)


def _own(form: str, fields: tuple[Field, ...]) -> Iterator[tuple[str, Called]]:
    for f in fields:
        if f.type not in ("number", "integer") or f.columns:
            continue
        for wording in f.called:
            try:
                texts = written_out(wording)
            except ValueError:
                raise _refused(form, wording) from None
            for text in texts:
                yield text, Called(f.id, "level", "called")
        for label in dict.fromkeys(_labels(f)):
            yield label, Called(f.id, "level", "called")


def _refused(form: str, wording: str) -> WordingsError:
    """What is wrong with a wording of a form's own, with the line it stands in."""
    path = FORMS / f"{form}.yaml"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    line = next((n for n, text in enumerate(lines, 1) if wording in text), 1)
    return WordingsError(path, (Fault(line, _unmatched(wording)),))


def _unmatched(wording: str) -> Bilingual:
    return say("the brackets of the wording “{wording}” do not match", wording=wording)


def _labels(f: Field) -> Iterator[str]:
    """The printed labels that stand alone, as a sentence may use them."""
    for path in f.paths:
        label = fold(short_label(path[-1])).removeprefix("其中:")
        if len(path) == 1 and len(label) >= 6:
            yield label


@lru_cache(maxsize=4)
def load(path: Path) -> Vocabulary:
    """A file of wordings. Raises WordingsError for an unknown or doubled key, for a wording that
    cannot be read and for one that stands for two fields."""
    content = strict_yaml.read(path)
    reader = _Reader(content)
    if not content.faults:
        reader.read()
    if content.faults or reader.faults:
        raise WordingsError(path, (*content.faults, *reader.faults))
    found = {text: tuple(dict.fromkeys(several)) for text, several in reader.wordings.items()}
    return Vocabulary(
        found, reader.counted, reader.whole, reader.goals, reader.sums, reader.heads(),
        reader.not_after,
    )  # fmt: skip


WORD_KINDS = (
    "share", "yearly", "average", "total", "up", "down", "to", "from", "which", "respectively",
    "and", "comma", "semicolon", "compare", "every", "these", "increment", "sum", "target",
    "past", "own", "foreign", "firm", "rule", "link", "have", "each", "plain",
)  # fmt: skip
"""What a word of a sentence may be; models/sentences.yaml says what each of them does."""


@lru_cache(maxsize=4)
def sentence_words(path: Path = SENTENCES) -> dict[str, str]:
    """The words of sentences about figures, folded, with their kind; of two the first counts.

    Raises WordingsError for an unknown or doubled key or a word that cannot be read.
    """
    content = strict_yaml.read(path)
    reader = _Reader(content)
    found: dict[str, str] = {}
    if not content.faults:
        whole = reader.mapping(content.data, ())
        reader.known(whole, WORD_KINDS, ())
        for kind, several in whole.items():
            for text in reader.texts(several, (kind,)):
                found.setdefault(text, kind)
    if content.faults or reader.faults:
        raise WordingsError(path, (*content.faults, *reader.faults))
    return found


class _Reader:
    def __init__(self, content: strict_yaml.Content) -> None:
        self.content = content
        self.faults: list[Fault] = []
        self.wordings: dict[str, list[Called]] = {}
        self.counted: dict[str, tuple[str, ...]] = {}
        self.whole: frozenset[str] = frozenset()
        self.goals: frozenset[str] = frozenset()
        self.sums: dict[str, tuple[str, ...]] = {}
        self.not_after: dict[str, tuple[str, ...]] = {}
        self.loose: list[tuple[str, tuple[frozenset[str], ...]]] = []

    def fault(self, place: Place, message: Bilingual) -> None:
        self.faults.append(Fault(self.content.line(place), message))

    def read(self) -> None:
        whole = self.mapping(self.content.data, ())
        self.known(
            whole,
            ("counted", "whole", "same", "loose", "goals", "sums", "not_after", "fields", "none"),
            (),
        )
        fields = self.mapping(whole.get("fields", {}), ("fields",))
        counted = self.mapping(whole.get("counted", {}), ("counted",))
        self.counted = {
            fold(unit): tuple(self.texts(words, ("counted", unit)))
            for unit, words in counted.items()
        }
        self.whole = frozenset(self.texts(whole.get("whole", []), ("whole",)))
        self.goals = frozenset(self.texts(whole.get("goals", []), ("goals",)))
        self.sums = self.by_field(whole, "sums")
        self.not_after = self.by_field(whole, "not_after")
        for id, sets in self.mapping(whole.get("loose", {}), ("loose",)).items():
            for one in self.texts(sets, ("loose", id), apart=True):
                groups = tuple(frozenset(fold(w) for w in g.split("/")) for g in one.split())
                self.loose.append((id, groups))
        for id, entry in fields.items():
            place: Place = ("fields", id)
            entry = self.mapping(entry, place)
            self.known(entry, tuple(_KEYS), place)
            for key, facet in _KEYS.items():
                strength = key if key in ("vague", "bare") else "called"
                for text in self.texts(entry.get(key, []), (*place, key)):
                    called = Called(id, facet, strength)  # type: ignore[arg-type]
                    self.wordings.setdefault(text, []).append(called)
        for text in self.texts(whole.get("none", []), ("none",)):
            self.wordings.setdefault(text, [])
        for word, others in self.by_field(whole, "same").items():
            for text, called_so in [w for w in self.wordings.items() if word in w[0]]:
                for other in others:
                    self.wordings.setdefault(text.replace(word, other), called_so)

    def heads(self) -> tuple[tuple[str, str, tuple[frozenset[str], ...]], ...]:
        return tuple(
            (head, field, groups) for field, groups in self.loose for head in sorted(groups[0])
        )

    def by_field(self, whole: dict[str, Any], key: str) -> dict[str, tuple[str, ...]]:
        entries = self.mapping(whole.get(key, {}), (key,))
        return {id: tuple(self.texts(several, (key, id))) for id, several in entries.items()}

    def mapping(self, data: Any, place: Place) -> dict[str, Any]:
        if isinstance(data, dict):
            return data
        self.fault(place, say("keys and values are expected here"))
        return {}

    def known(self, entry: dict[str, Any], keys: tuple[str, ...], place: Place) -> None:
        for key in entry:
            if key not in keys:
                known = ", ".join(keys)
                self.fault(
                    (*place, key), say("unknown key “{key}” (known: {keys})", key=key, keys=known)
                )

    def texts(self, several: Any, place: Place, *, apart: bool = False) -> list[str]:
        """Every way to write the wordings of a list; as they stand where words are `apart`."""
        if apart and isinstance(several, list):
            return [str(words) for words in several]
        if not isinstance(several, list):
            self.fault(place, say("a list is expected here"))
            return []
        found: list[str] = []
        for n, wording in enumerate(several):
            try:
                found += written_out(str(wording))
            except ValueError:
                self.fault((*place, n), _unmatched(str(wording)))
        return list(dict.fromkeys(found))


def written_out(wording: str) -> list[str]:
    """Every text a wording stands for, folded. Raises ValueError where its brackets do not match.

    >>> written_out("(工业)总<产值|量>")
    ['总产值', '总量', '工业总产值', '工业总量']
    """
    texts, end = _sequence(wording, 0, "")
    if end != len(wording) or not all(texts) or len(texts) > MOST:
        raise ValueError(wording)
    return list(dict.fromkeys(fold(t) for t in texts))


def _sequence(wording: str, at: int, closing: str) -> tuple[list[str], int]:
    """The texts of alternatives up to `closing`, and where that stands."""
    alternatives: list[str] = []
    parts: list[list[str]] = []
    while True:
        character = wording[at : at + 1]
        if character in ("", ")", ">", "|"):
            alternatives += ["".join(choice) for choice in product(*parts)]
            parts = []
            if character == "|" and closing:
                at += 1
                continue
            if character != closing:
                raise ValueError(wording)
            return alternatives, at
        if character in "(<":
            inner, end = _sequence(wording, at + 1, ")" if character == "(" else ">")
            parts.append(["", *inner] if character == "(" else inner)
            at = end + 1
        else:
            parts.append([character])
            at += 1
