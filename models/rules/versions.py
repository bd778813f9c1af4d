"""agreement.versions: the same form in two files (Word and PDF), held against each other.

Figures and ticks first, then texts and narratives. What only the layout changes (spaces, line
breaks, full and half width, punctuation, a hyphen, the numbers a word processor counts by itself)
is no difference. A version that is blank or lacks parts says so once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from models.form import Field, Form
from models.rules.figures import (
    field_name,
    figure_name,
    listed,
    plain,
    reference,
    unusable,
    with_unit,
)
from models.rules.outcomes import Outcome, Outcomes, result
from models.rules.passages import bare, changed_passages
from models.types import Answer, Application, NarrativeAnswer, Severity, TickAnswer
from models.wording import Bilingual, say
from models.writing.naming import same_region

RULE = "agreement.versions"
_FEW = 3
"""So many blank places of a version are told one by one, more of them together."""
_NOTHING = 0.1
"""A version that says less than this part of what the other says is blank."""
_LACKING = 8
"""So many places missing are a part of the form; fewer may only have been misread."""


def version_checks(form: Form, application: Application) -> Outcomes:
    """One check per figure, tick, text and narrative that both the form and a version hold."""
    for other in application.versions:
        yield from _Version(form, application, other).checks()


def said(application: Application) -> int:
    """How much an application says: answers, ticked questions and narratives."""
    return (
        sum(a.state in ("given", "none", "unreadable") for a in application.answers)
        + sum(any(o.ticked for o in t.options) for t in application.ticks)
        + sum(n.state == "given" for n in application.narratives)
    )


Words = Bilingual | str
Entry = TypeVar("Entry", Answer, TickAnswer, NarrativeAnswer)


@dataclass(frozen=True, slots=True)
class _Told:
    """What holding two entries against each other comes to; no message where they say the same."""

    message: Callable[[Bilingual, Words, Words], Bilingual] | None = None
    """Of the figure's name and the two files."""
    severity: Severity = "error"
    expected: Words = ""
    actual: Words = ""
    unread: bool = False


class _Version:
    def __init__(self, form: Form, one: Application, other: Application) -> None:
        self.form, self.one, self.other = form, one, other
        self.lost = {"absent": self._lost("absent"), "blank": self._lost("blank")}

    def checks(self) -> Outcomes:
        if not self._holds_anything():
            message = say("{file}: this version of the form is blank", file=self._file(self.other))
            yield result(RULE, (), message, sources=tuple(self.other.answers[:1]))
            return
        kinds = {f.id: f.type for f in self.form.fields}
        pairs = list(self._answers())
        for a, b in pairs:
            if kinds[a.field] in ("number", "integer"):
                yield self._held(a, b, self._number)
        for tick in self.one.ticks:
            if there := self._twin(tick, self.other.tick(tick.field)):
                yield self._held(tick, there, self._tick)
        for a, b in pairs:
            if kinds[a.field] in ("text", "date"):
                yield self._held(a, b, self._text)
        for narrative in self.one.narratives:
            if other := self._twin(narrative, self.other.narrative(narrative.field)):
                yield self._held(narrative, other, self._narrative)
        yield from self._parts()

    def _twin(self, entry: Entry, other: Entry | None) -> Entry | None:
        """The entry of the other version to hold against; None where one is not there, or lacks
        so much that it is told once."""
        if other is None or "absent" in (entry.state, other.state):
            return None
        return other if entry.field not in self.lost["blank"] else None

    # -------------------------------------------------------------- what is not there at all

    def _holds_anything(self) -> bool:
        """Whether the version says more than the blank form's own print may look like."""
        return said(self.other) > said(self.one) * _NOTHING

    def _lost(self, state: str) -> dict[str, Bilingual]:
        """What one version gives and the other lacks, where that is too much to tell one by
        one (blank) or is not the applicant's answer at all (absent): {ref: name}."""
        found: dict[str, Bilingual] = {}
        for a, b in self._answers(whole=True):
            if (a.state in ("given", "none")) and b.state == state:
                ref = reference(a.field, a.period)
                found[ref] = figure_name(self.form.field(a.field), a.period)
        for n in self.one.narratives:
            twin = self.other.narrative(n.field)
            if twin is not None and n.state == "given" and twin.state == state:
                found[n.field] = field_name(self.form.field(n.field))
        for t in self.one.ticks:
            tick = self.other.tick(t.field)
            if tick is None or t.state != "given":
                continue
            empty = tick.state == "given" and not any(o.ticked is not False for o in tick.options)
            empty = empty and any(o.ticked for o in t.options)
            if tick.state == "absent" if state == "absent" else empty:
                found[t.field] = field_name(self.form.field(t.field))
        return found if len(found) > (_LACKING if state == "absent" else _FEW) else {}

    def _parts(self) -> Outcomes:
        for state, lost in self.lost.items():
            if not lost:
                continue
            names = listed(list(lost.values())[:_FEW])
            told = {"file": self._file(self.other), "n": len(lost), "names": names}
            if state == "absent":
                message = say(
                    "{file}: this version lacks {n} parts that the other has ({names} …)", **told
                )
            else:
                message = say(
                    "{file}: in this version {n} places are blank that the other has filled in "
                    "({names} …)",
                    **told,
                )
            some = [a for a in self.one.answers if reference(a.field, a.period) in lost][:1]
            yield result(
                RULE, tuple(lost), message, "warning", sources=(*some, *self.other.answers[:1])
            )

    @staticmethod
    def _file(application: Application) -> str:
        return next((a.evidence.file for a in application.answers if a.evidence.file), "")

    # -------------------------------------------------------------- figures and texts

    def _answers(self, whole: bool = False) -> Iterator[tuple[Answer, Answer]]:
        for answer in self.one.answers:
            twin = self.other.answer(answer.field, answer.period)
            if twin is None or not self.form.has(answer.field):
                continue
            if not whole:
                if "absent" in (answer.state, twin.state):
                    continue
                if reference(answer.field, answer.period) in self.lost["blank"]:
                    continue
            yield answer, twin

    def _held(self, a: Entry, b: Entry, told: Callable[[Entry, Entry], _Told]) -> Outcome:
        """One entry of the form held against the same of the other version."""
        period = a.period if isinstance(a, Answer) else None
        name = figure_name(self.form.field(a.field), period)
        because = _unsure(a, b, name)
        found = told(a, b) if because is None else _Told()
        if found.unread:
            because = say("{figure} could not be read", figure=name)
        message = found.message(name, _where(a), _where(b)) if found.message else None
        return result(
            RULE, (reference(a.field, period),), message, found.severity, because=because,
            sources=(a, b), expected=str(found.expected), actual=str(found.actual),
        )  # fmt: skip

    def _number(self, a: Answer, b: Answer) -> _Told:
        one, other = (_said(x, self.form.field(a.field)) for x in (a, b))
        if _same_number(a, b):
            return _Told(expected=other, actual=one)
        # rounded otherwise, or nothing written where the other says that there is nothing
        minor = _rounded(a, b) or {a.state, b.state} == {"none", "blank"}
        return _Told(
            lambda name, file, second: say(
                "{figure} is {one} in {file} and {other} in {second}",
                figure=name, one=one, other=other, file=file, second=second,
            ),
            "warning" if minor else "error", other, one,
        )  # fmt: skip

    def _text(self, a: Answer, b: Answer) -> _Told:
        field = self.form.field(a.field)
        if a.state == b.state and _same_text(field, str(a.value), str(b.value)):
            return _Told()
        one, other = _said(a, field), _said(b, field)
        return _Told(
            lambda name, file, second: say(
                "{figure} reads “{one}” in {file} and “{other}” in {second}",
                figure=name, one=one, other=other, file=file, second=second,
            ),
            "warning", other, one,
        )  # fmt: skip

    def _tick(self, a: TickAnswer, b: TickAnswer) -> _Told:
        ours, theirs = _ticked(a), _ticked(b)
        if ours is None or theirs is None:
            return _Told(unread=True)
        if ours.keys() == theirs.keys():
            return _Told()
        one, other = (
            "、".join(words for key, words in own.items() if key not in twin) or "—"
            for own, twin in ((ours, theirs), (theirs, ours))
        )
        return _Told(
            lambda name, file, second: say(
                "{figure}: ticked only in {file}: {one}; ticked only in {second}: {other}",
                figure=name, one=one, other=other, file=file, second=second,
            ),
            "error", "、".join(theirs.values()) or "—", "、".join(ours.values()) or "—",
        )  # fmt: skip

    def _narrative(self, a: NarrativeAnswer, b: NarrativeAnswer) -> _Told:
        changes = changed_passages(a.text, b.text)
        if not changes:
            return _Told()

        def message(name: Bilingual, file: Words, second: Words) -> Bilingual:
            passages = [
                say(
                    "{file}: “{one}”, {second}: “{other}”",
                    file=file, second=second, one=c.one, other=c.other,
                )
                for c in changes[:_FEW]
            ]  # fmt: skip
            told = say(
                "{figure} is worded differently: {passages}", figure=name, passages=listed(passages)
            )
            if len(changes) <= _FEW:
                return told
            return say("{message}; and in {n} more places", message=told, n=len(changes) - _FEW)

        return _Told(message, "warning", changes[0].other, changes[0].one)


def _where(entry: Answer | TickAnswer | NarrativeAnswer) -> Words:
    """The file that an entry stands in; where a person corrected it, that is said."""
    file = entry.evidence.file
    if entry.evidence.how != "person":
        return file
    return say("{file} (as corrected by the reviewer)", file=file)


def _unsure(
    a: Answer | TickAnswer | NarrativeAnswer,
    b: Answer | TickAnswer | NarrativeAnswer,
    name: Bilingual,
) -> Bilingual | None:
    """Why the two cannot be compared: one of them could not be read or must be looked at."""
    for side in (a, b):
        if side.needs_look or side.state == "unreadable":
            why = unusable(side, name)
            if why is not None:
                return Bilingual(
                    zh=f"{side.evidence.file}：{why.zh}", en=f"{side.evidence.file}: {why.en}"
                )
    return None


def _same_number(a: Answer, b: Answer) -> bool:
    values = [Decimal(0) if x.state == "none" else x.value for x in (a, b)]
    if a.state == b.state and a.state != "given":
        return True
    # 无 and 0 say the same of a count
    return "blank" not in (a.state, b.state) and values[0] == values[1]


def _rounded(a: Answer, b: Answer) -> bool:
    """Whether one is the other rounded (45.62 and 45.6)."""
    p, q = a.quantity, b.quantity
    if p is None or q is None:
        return False
    return p.low <= q.value < p.high or q.low <= p.value < q.high


def _same_text(field: Field, a: str, b: str) -> bool:
    return bare(a) == bare(b) or (field.id.startswith("region_") and same_region(a, b))


def _said(answer: Answer, field: Field) -> Bilingual | str:
    if answer.state == "given":
        if isinstance(answer.value, Decimal):
            return with_unit(plain(answer.value), field.unit or "")
        return str(answer.value)
    return say("nothing to report") if answer.state == "none" else say("blank")


def _ticked(answer: TickAnswer) -> dict[str, str] | None:
    """{folded option: option as printed} of those ticked; None where a box cannot be told."""
    if any(o.ticked is None for o in answer.options):
        return None
    return {bare(o.text): o.text for o in answer.options if o.ticked}
