"""Which slot answers which field: all fields against all slots of a document at once.

Each slot is scored for each field by the headings round it; the best pairs are taken first,
a slot and a field being used once. So a lost row leaves its own field without a slot and
shifts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractor.locating.headings import Head
from extractor.locating.labels import CLEAR, Vocabulary, fold
from extractor.locating.slots import Laid, Slot
from models.form import Field
from models.types import BOXES

Key = tuple[str, str | None]
"""Field id and period."""

LEAST = 62.0
"""A pair scored lower is no match."""
FURTHER, AGAIN = 45.0, 30.0
"""Further cells under one label, and the same question further on, score less by no more than
this."""


@dataclass(frozen=True, slots=True)
class Match:
    slot: Slot
    score: float
    label: Head
    """The label the slot was found by."""
    wording: float
    """How closely that label is the printed one, 0 to 100."""
    rivals: tuple[Slot, ...] = ()
    """Other slots under the same label that score the same."""
    again: tuple[Slot, ...] = ()
    """The same question further on (cover and table), answered too."""


def match(laid: Laid, vocabulary: Vocabulary) -> dict[Key, list[Match]]:
    """For each field and period its matches, best first.

    Fields that are ticked or narrated may be answered in several cells under one label: all
    of them are listed. Every other field has one match, whose `rivals` are the further cells
    under the same label.
    """
    candidates: list[tuple[float, int, int, Key, Slot, Head, float]] = []
    fields = {f.id: (n, f) for n, f in enumerate(vocabulary.form.fields)}
    for slot in laid.slots:
        if slot.section == "":
            continue  # declarations and seals, behind the last field
        for rank, field, period, score, head, wording in _candidates(slot, vocabulary, fields):
            candidates.append((-score, slot.order, rank, (field.id, period), slot, head, wording))
    candidates.sort(key=lambda c: c[:3])
    matches: dict[Key, list[Match]] = {}
    owner: dict[int, Key] = {}
    further: list[tuple[Key, Slot]] = []
    for negative, _, _, key, slot, head, wording in candidates:
        if id(slot) in owner:
            continue
        several = fields[key[0]][1].type in ("ticks", "narrative")
        held = matches.get(key)
        if held:
            first = held[0]
            same = first.label.order == head.order and first.label.direction == head.direction
            if fields[key[0]][1].type == "ticks":  # left of some options, above others
                same = same or any(h.order == first.label.order for h in slot.heads)
            if several and same and held[0].score + negative < FURTHER:
                held.append(Match(slot, -negative, head, wording))
                owner[id(slot)] = key
            elif several and not any(_filled(m.slot) for m in held) and _filled(slot):
                # a blank cell beside the label, and the text below it
                if first.label.order == head.order:
                    held[:] = [Match(slot, -negative, head, wording)]
                    owner[id(slot)] = key
            elif same and held[0].score + negative < 4:
                held[0] = replace(first, rivals=(*first.rivals, slot))
                owner[id(slot)] = key
            elif not several and not _filled(held[0].slot) and _filled(slot) and -negative > CLEAR:
                # The same question stands twice (cover and table) and is answered once.
                held[0] = Match(slot, -negative, head, wording)
                owner[id(slot)] = key
            elif (
                not several and not same and _filled(slot) and wording > CLEAR
                and held[0].score + negative < AGAIN
            ):  # fmt: skip
                further.append((key, slot))
            continue
        matches[key] = [Match(slot, -negative, head, wording)]
        owner[id(slot)] = key
    for key, slot in further:
        if id(slot) not in owner:
            held = matches[key]
            held[0] = replace(held[0], again=(*held[0].again, slot))
    return matches


def _filled(slot: Slot) -> bool:
    return any(c.isalnum() or c in BOXES or c in "—/-" for c in slot.text)


def _candidates(
    slot: Slot, vocabulary: Vocabulary, fields: dict[str, tuple[int, Field]]
) -> Iterator[tuple[int, Field, str | None, float, Head, float]]:
    asked: dict[str, None] = {}
    for head in slot.heads:
        for label, _ in head.heading.labels:
            for id in vocabulary.last.get(label, ()):
                asked.setdefault(id)
    for id in asked:
        rank, field = fields[id]
        best: tuple[float, Head, float, str | None] | None = None
        for path in vocabulary.paths[id]:
            scored = _score(slot, field, path, vocabulary)
            if scored is not None and (best is None or scored[0] > best[0]):
                best = scored
        if best is not None and best[0] >= LEAST:
            score, head, wording, period = best
            yield rank, field, period, score, head, wording


def _score(
    slot: Slot, field: Field, path: tuple[str, ...], vocabulary: Vocabulary
) -> tuple[float, Head, float, str | None] | None:
    head = _last(slot, path[-1])
    if head is None:
        return None
    wording = head.heading.score(path[-1])
    score = wording - _distance(head)
    found = _period(slot, field, head)
    if found is None:
        return None
    period, fit = found
    score += fit
    for parent in path[:-1]:
        score += _parent(slot, parent, head)
    score -= _unexplained(slot, field, path, head, vocabulary)
    score += _type_fit(slot, field)
    if slot.section is not None:
        score += 5 if slot.section == field.section else -18
    return score, head, wording, period


def _distance(head: Head) -> float:
    if head.direction == "inline":
        return 0.0
    loss = min(head.gap * 0.5, 4.0) if head.direction == "left" else min(head.gap * 3.0, 24.0)
    return loss + (0.0 if head.covers else 14.0)


def _last(slot: Slot, label: str) -> Head | None:
    """The label itself: inside the text first, then left, then above; the nearest of each."""
    hits = [h for h in slot.heads if h.heading.score(label)]
    return min(hits, key=lambda h: -h.heading.score(label) + _distance(h) * 2, default=None)


def _parent(slot: Slot, label: str, head: Head) -> float:
    """Worth of an upper level of the path: among the headings, or read shortly before."""
    for other in slot.heads:
        if other is not head and other.heading.score(label):
            return 12.0
    for distance, (_, heading) in enumerate(slot.before):
        if heading.score(label):
            return 9.0 - distance * 0.8
    return 0.0


def _unexplained(
    slot: Slot, field: Field, path: tuple[str, ...], head: Head, vocabulary: Vocabulary
) -> float:
    """What speaks against the field: a nearer label that is no part of its path."""
    levels = {level for p in vocabulary.paths[field.id] for level in p}
    loss = 0.0
    for other in slot.heads:
        if other is head or other.heading.generic or not other.heading.labels:
            continue
        if any(label in levels for label, _ in other.heading.labels):
            beside = other.direction == "left" and not other.gap and head.direction == "above"
            if beside and any(n in path for n, _ in other.heading.labels if n in vocabulary.whole):
                loss += 25.0  # what the upper level asks itself: the body, not its telephone
            continue
        if not any(label in vocabulary.own for label, _ in other.heading.labels):
            continue
        nearer = _rank(other) < _rank(head)
        if other.direction == "inline":
            loss += 40.0
        elif other.direction == "left" and other.gap == 0 and nearer:
            loss += 25.0
        elif other.direction == "left" and head.direction == "above" and other.covers:
            loss += 25.0 if other.gap == 0 else 6.0
        elif other.direction == "left" and nearer:
            loss += 10.0
        elif other.direction == "above" and head.direction == "above" and nearer:
            loss += 20.0 if other.covers or not head.covers else 6.0
        elif other.direction == "above" and head.direction == "left" and head.gap and not other.gap:
            loss += 20.0 if other.covers else 0.0  # the label's own value stands between
    return loss


def _rank(head: Head) -> tuple[int, int]:
    return ("inline", "left", "above").index(head.direction), -head.order


def _period(slot: Slot, field: Field, head: Head) -> tuple[str | None, float] | None:
    """The period a slot stands for, and how well it fits; None where it cannot be the field's."""
    year, column = _year(slot)
    if field.columns:
        period = column or (year if year in field.columns else None)
        return (period, 6.0) if period in field.columns else None
    if field.years:
        if column is not None or year is None:
            return None
        return year, 6.0
    if field.year_in_heading:
        return year, 2.0
    if column is not None:
        return None
    return None, 0.0 if year is None or head.heading.year == year else -1.0


def _year(slot: Slot) -> tuple[str | None, str | None]:
    """The year and the target column named by the nearest headings."""
    for wanted in ("inline", "left", "above"):
        for head in slot.heads:
            if head.direction != wanted or (wanted == "above" and not head.covers):
                continue
            if head.heading.column:
                return None, head.heading.column
            if head.heading.year:
                return head.heading.year, None
    for order, heading in slot.before[:1]:
        if heading.year and slot.table < 0 and order:
            return heading.year, None
    return None, None


def _type_fit(slot: Slot, field: Field) -> float:
    if field.type == "ticks":
        return 8.0 if slot.marks or fold(slot.text) in map(fold, field.options) else -12.0
    if slot.marks and field.type != "narrative":
        return -25.0
    words = sum("一" <= c <= "鿿" for c in slot.text)
    if field.type in ("number", "integer") and words > 40:
        return -20.0
    return 0.0


def rows_of_targets(
    matches: dict[Key, list[Match]], fields: Sequence[Field]
) -> dict[int, set[int]]:
    """Table → rows in which the target columns were found: they are not part of the plan."""
    rows: dict[int, set[int]] = {}
    wanted = {f.id for f in fields if f.columns}
    for (id, _), found in matches.items():
        if id in wanted:
            for m in found:
                if m.slot.table >= 0:
                    rows.setdefault(m.slot.table, set()).add(m.slot.row)
    return rows
