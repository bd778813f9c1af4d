"""Blanks and absences that the grid, not the applicant, may have made: they ask for a look.

A table that was read wrongly leaves its traces: a figure that belongs to no field beside a cell
without any, or a printed label of the form to which nothing was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractor.locating.labels import CLEAR, Heading, Vocabulary, core, fold
from extractor.locating.matching import Key, Match
from extractor.locating.slots import Laid, Slot
from extractor.locating.stacks import MOST_LINES, labels_in
from models.form import Field, Form
from models.types import Answer, Cell, Evidence, NarrativeAnswer, TickAnswer
from models.values import read_date, read_number
from models.wording import Bilingual, say

NEAR = 2
"""Rows between a blank cell and a figure that may have slipped out of it."""
SURE = 0.9
"""What stands less surely where it stands leaves a doubt about its neighbours."""
SHORT_OPTION = 5
"""Letters of an option that may stand anywhere."""
PROSE = 20
"""Ideographs of a paragraph that may be the answer to a blank narrative above it."""

Matches = dict[Key, list[Match]]


def doubted(form: Form, answers: Sequence[Answer], laid: Laid, matches: Matches) -> list[Answer]:
    """The answers; a blank one beside which a figure stands that no field has asks for a look."""
    used = {id(s) for found in matches.values() for m in found for s in _slots(m)}
    loose: dict[int, list[Slot]] = {}
    for slot in laid.slots:
        if slot.table >= 0 and id(slot) not in used and slot.text.strip():
            loose.setdefault(slot.table, []).append(slot)
    return [_doubted(form.field(a.field), a, matches, loose) for a in answers]


def _slots(match: Match) -> tuple[Slot, ...]:
    return (match.slot, *match.rivals, *match.again)


def _doubted(
    field: Field, answer: Answer, matches: Matches, loose: dict[int, list[Slot]]
) -> Answer:
    if answer.needs_look or answer.state not in ("blank", "absent"):
        return answer
    own = [m.slot for m in matches.get((field.id, answer.period), [])]
    same_row = bool(own)
    if answer.state == "blank" and answer.raw and any(s.sure < 1 for s in own):
        why = say("only “{text}” was recognised there", text=answer.raw.strip())
        return replace(answer, needs_look=True, confidence=0.5, why_look=why)
    if not own:  # one of the years only was not found
        own = [m.slot for (id, _), found in matches.items() if id == field.id for m in found]
        if any(s.sure < SURE for s in own):  # nor is it sure which of the years these are
            where = own[0].evidence
            return replace(
                answer, needs_look=True, confidence=0.5, why_look=lost_label(), evidence=where
            )
    for slot in own:
        for other in loose.get(slot.table, ()):
            near = 0 if same_row and not _orphan(other) else NEAR
            if not (abs(other.row - slot.row) <= near or (same_row and _under(field, other))):
                continue
            if _fits(field, other.text):
                why = say(
                    "“{text}” stands near it and belongs to no field", text=other.text.strip()
                )
                return replace(
                    answer, needs_look=True, confidence=0.5, why_look=why, evidence=other.evidence
                )
    return answer


def _under(field: Field, slot: Slot) -> bool:
    """Whether one of the labels round a slot is the field's."""
    labels = [core(path[-1]) for path in field.paths]
    return any(h.covers and h.heading.score(k) >= CLEAR for h in slot.heads for k in labels)


def _orphan(slot: Slot) -> bool:
    """Whether nothing on its left says what it is."""
    return not any(h.direction == "left" and h.heading.labels for h in slot.heads)


def _fits(field: Field, text: str) -> bool:
    if field.type in ("number", "integer"):
        return read_number(text, field.unit).state == "given"
    if field.type == "date":
        return read_date(text).state == "given"
    return False


# ------------------------------------------------------------------ labels without an answer


class Standing:
    """Where the form's printed labels stand in a document, whether anything was found for them."""

    def __init__(self, laid: Laid, words: Vocabulary) -> None:
        self._places: dict[str, list[Evidence]] = {}
        self._words = words
        seen: set[int] = set()
        for order, heading, evidence, _ in laid.labels:
            self._add(heading, evidence)
            seen.add(order)
        for order, _, text, evidence, _, _ in laid.stretches:
            if order not in seen and text.count("\n") < MOST_LINES:
                for heading in labels_in(text, words):
                    self._add(heading, evidence)

    def _add(self, heading: Heading, evidence: Evidence) -> None:
        for label, score in heading.labels:
            if score >= CLEAR:
                self._places.setdefault(label, []).append(evidence)

    def of(self, field: Field) -> Evidence | None:
        """Where the label of a field stands that nothing was found for."""
        for path in field.paths:
            levels = [self._places.get(core(level), []) for level in path]
            places = levels[-1]
            if places and all(levels) and len(places) >= self._asked(core(path[-1])):
                return places[0]
        return None

    def _asked(self, label: str) -> int:
        """How many fields the form asks for under a label."""
        return len(self._words.last.get(label, ()))


def lost_label() -> Bilingual:
    return say("its label stands in the document, but what belongs to it could not be told")


def unanswered(
    form: Form,
    answers: Sequence[Answer],
    ticks: Sequence[TickAnswer],
    narratives: Sequence[NarrativeAnswer],
    standing: Standing,
) -> tuple[list[Answer], list[TickAnswer], list[NarrativeAnswer]]:
    """All of them; where a label stands and nothing was found for it, that asks for a look."""

    def lost(one: Answer | TickAnswer | NarrativeAnswer) -> Evidence | None:
        if one.state != "absent" or one.needs_look:
            return None
        return standing.of(form.field(one.field))

    found = {a.field for a in answers if a.state != "absent"}
    why = lost_label()
    told = [
        replace(a, needs_look=True, confidence=0.5, why_look=why, evidence=where)
        if a.field not in found and (where := lost(a))
        else a
        for a in answers
    ]
    marked = [
        replace(t, needs_look=True, why_look=why, evidence=where) if (where := lost(t)) else t
        for t in ticks
    ]
    written = [
        replace(n, needs_look=True, confidence=0.5, why_look=why, evidence=where)
        if (where := lost(n))
        else n
        for n in narratives
    ]
    return told, marked, written


def blank_beside_prose(
    narratives: Sequence[NarrativeAnswer], laid: Laid, matches: Matches
) -> list[NarrativeAnswer]:
    """The narratives; a blank one, or one that breaks off, with prose near it that no field has
    asks for a look: right behind it, with nothing but blanks between, or in the rows of the table
    around it."""
    used = {id(s) for found in matches.values() for m in found for s in _slots(m)}
    free = {s.order for s in laid.slots if id(s) not in used and not s.marks}
    taken = {s.order for s in laid.slots if id(s) in used} - free
    labels = {order for order, *_ in laid.labels}
    prose = [
        (order, part, table, text, evidence)
        for order, _, text, evidence, part, table in laid.stretches
        if order not in labels and order not in taken and _ideographs(text) >= PROSE
    ]
    told: list[NarrativeAnswer] = []
    for n in narratives:
        found = matches.get((n.field, None), [])
        broken = n.state == "given" and _ideographs(n.text[-1:]) > 0
        if (n.state == "blank" or broken) and not n.needs_look and found:
            slot = found[0].slot
            between = {o for o, _, text, *_ in laid.stretches if o > slot.order and text.strip()}
            after = min(between, default=-1)
            for order, part, table, text, where in prose:
                row = part.row if isinstance(part, Cell) else None
                near = row is not None and table == slot.table and abs(row - slot.row) <= NEAR
                if order == after or near:
                    shown = text.strip()[:PROSE] + "…"
                    why = say("“{text}” stands near it and belongs to no field", text=shown)
                    n = replace(n, needs_look=True, confidence=0.5, why_look=why, evidence=where)
                    break
        told.append(n)
    return told


def lost_boxes(
    form: Form, ticks: Sequence[TickAnswer], laid: Laid, matches: Matches
) -> list[TickAnswer]:
    """The questions; one that nothing was found for asks for a look where the words of one of
    its options stand in the document all the same."""
    missing = [t for t in ticks if t.state == "absent" and not t.needs_look]
    if not missing:
        return list(ticks)
    texts = [(fold(text), evidence) for _, _, text, evidence, _, _ in laid.stretches]
    why = lost_label()
    told: list[TickAnswer] = []
    for t in ticks:
        if t in missing:
            options = [o for o in map(fold, form.field(t.field).options) if len(o) > SHORT_OPTION]
            where = next((e for text, e in texts if any(o in text for o in options)), None)
            if where is not None:
                t = replace(t, needs_look=True, why_look=why, evidence=where)
        told.append(t)
    return told


def _ideographs(text: str) -> int:
    return sum("一" <= c <= "鿿" for c in text)
