"""What becomes of a number and its subject: a figure of a field as at a period, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.prose import around
from extractor.prose.facets import Stated
from extractor.prose.numbers import Amount, quantity
from extractor.prose.scope import Scope
from extractor.prose.subjects import Subject
from extractor.prose.words import Token
from models.form import Field, Form
from models.loading.called import Called, Facet, Vocabulary, fold


class Stating:
    """Knows the form's fields, and the sentence's words so far."""

    scope: Scope
    tokens: Sequence[Token]

    def __init__(
        self, form: Form, vocabulary: Vocabulary, text: str, latest: str | None, own: str
    ) -> None:
        self.form, self.text, self.latest, self.own = form, text, latest, own
        self.fields = {f.id: f for f in form.fields if f.type in ("number", "integer")}
        self.counted = vocabulary.counted
        self.goals, self.not_after = vocabulary.goals, vocabulary.not_after

    def _yearly(self, subject: Subject) -> bool:
        return any(c.field in self.fields and self.fields[c.field].years for c in subject.called)

    def _implied(self, subject: Subject) -> Facet:
        """What a percentage without another word says of a subject: of what is no percentage
        itself its share, 上云的企业有七成五."""
        own = any(
            c.facet == "level" and c.field in self.fields and self.fields[c.field].unit == "%"
            for c in subject.called
        )
        shares = any(c.facet == "share" and c.field in self.fields for c in subject.called)
        subject.guessed |= shares and not own
        return "share" if shares and not own else "level"

    def _counts(self, amount: Amount, entry: Field) -> bool:
        """Whether a field is counted in the unit of a number: not 4批企业, 985平方米."""
        counted = self.counted.get(fold(entry.unit or ""))
        return not counted or bool({amount.tail, amount.unit} & {"", *counted})

    def fits(self, amount: Amount, field: str) -> bool:
        """Whether a number with its unit may be a figure of a field."""
        entry = self.fields.get(field)
        if entry is None or field in self.goals or not (amount.unit or amount.percent):
            return False
        return self._counts(amount, entry) and quantity(amount, entry) is not None

    def _stated(
        self, n: int, amount: Amount, subject: Subject, called: Called, years: tuple[str, ...],
        hedges: tuple[str, ...], down: bool,
    ) -> Stated | None:  # fmt: skip
        scope, token = self.scope, self.tokens[n]
        if subject.foreign or subject.blocked or scope.foreign or scope.owner or scope.lost:
            return None
        describes = around.describes(scope, n) and not subject.apart
        if (around.picks(scope, n) and not subject.apart) or around.ruled(scope, n):
            return None
        if called.strength != "called" and (subject.narrowed or describes):
            return None
        if called.strength == "bare" and not around.plain(scope, subject.token):
            return None
        entry = self.fields[called.field]
        to_come = scope.to_come(n, years)
        if to_come and not entry.columns:
            return None
        if not to_come and called.field in self.goals and not scope.base(years):
            return None
        if around.left_out(scope, n):
            return None
        if subject.within and entry.unit in ("亿元", "万元", "人"):
            return None
        if around.somebodys(scope, subject.token, self.not_after.get(called.field, ())):
            return None
        read = (
            quantity(amount, entry, hedges, negative=down) if self._counts(amount, entry) else None
        )
        when = scope.period(entry, called, years)
        if to_come:
            goal = scope.goal(entry, called, years)
            when = (goal, goal, bool(years) or scope.kind == "ahead") if goal else None
        if read is None or when is None:
            return None
        value, with_unit = read
        period, year, told = when
        doubt = scope.doubt and entry.unit not in ("户", "家")
        sure = (
            with_unit and told and not doubt and called.strength != "vague" and not scope.inferred
        )
        start = min(around.start(scope, token, subject.token, subject.earlier), token.start)
        return Stated(
            called.field, period, year, value, self.text[start : token.end], start, token.end,
            sure=sure and not (subject.narrowed or subject.earlier or subject.guessed),
        )  # fmt: skip
