"""The arithmetic.* rules applied: one check per relation and place, one finding per fault."""

from __future__ import annotations

from models.form import Form
from models.rules.arithmetic import (
    AverageGrowth,
    Known,
    Part,
    Place,
    Range,
    Recomputed,
    Relation,
    Same,
    references,
    relations,
)
from models.rules.figures import Figure, Figures, listed, plain, reference, with_unit
from models.rules.outcomes import Outcomes
from models.rules.suggest import Change, point_moved, single_change
from models.types import Check, Finding
from models.wording import Bilingual, say


def arithmetic_checks(form: Form, figures: Figures) -> list[tuple[Check | None, Finding | None]]:
    """Every relation of the form at every place.

    A figure outside its range is put in doubt (`figures.doubts`), so that what follows does not
    report it again. Where one single change explains several failing relations, the first of
    them has the finding and the others are unchecked.
    """
    every = relations(form, figures)
    ranges = [r for r in every if isinstance(r, Range)]
    outcomes = [outcome for r in ranges for outcome in _range(r, figures)]
    rest = tuple(r for r in every if not isinstance(r, Range))
    known = _known(rest, figures)
    explained: dict[int, tuple[Relation, Change]] = {}
    for relation in rest:
        outcomes.extend(_relation(relation, rest, known, figures, explained))
    return outcomes


def _known(rest: tuple[Relation, ...], figures: Figures) -> Known:
    known = {}
    for relation in rest:
        for place in relation.operands:
            figure = _figure(place, relation, figures)
            if figure.quantity is not None:
                known[place] = figure.quantity
    return known


def _figure(place: Place, relation: Relation, figures: Figures) -> Figure:
    count = figures.form.field(place[0]).integer
    return figures.get(*place, none_is_zero=relation.none_is_zero and count)


def _range(relation: Range, figures: Figures) -> Outcomes:
    place = relation.operands[0]
    answer = figures.answer(*place)
    if answer is None or answer.state in ("absent", "none"):
        return  # nothing is stated that could be out of range
    figure = _figure(place, relation, figures)
    bounds = relation.bounds(figure.unit)
    shown = {"evidences": (figure.evidence,), "stated": figure.stated, "required": bounds}
    if figure.trouble or figure.quantity is None:
        yield Check(relation.rule, (figure.ref,), "unchecked", figure.trouble, **shown), None  # type: ignore[arg-type]
        return
    if relation.recompute({place: figure.quantity}).agrees:
        yield Check(relation.rule, (figure.ref,), "met", None, **shown), None  # type: ignore[arg-type]
        return
    message = say(
        "{figure} is {stated}, which is outside {bounds}",
        figure=figure.name,
        stated=figure.stated,
        bounds=bounds,
    )
    moved = point_moved(place, relation.low, relation.high, figures)
    figures.doubts[figure.ref] = message
    yield (
        Check(relation.rule, (figure.ref,), "not_met", None, **shown),  # type: ignore[arg-type]
        Finding(
            relation.rule,
            "error",
            (figure.ref,),
            message,
            bounds,
            figure.stated,
            evidences=(figure.evidence,),
            suggestion=f"{figure.ref}: {plain(figure.value)} → {moved}" if moved else "",
            suggestion_field=figure.ref if moved else "",
        ),
    )


def _relation(
    relation: Relation,
    rest: tuple[Relation, ...],
    known: Known,
    figures: Figures,
    explained: dict[int, tuple[Relation, Change]],
) -> Outcomes:
    used = [_figure(place, relation, figures) for place in relation.operands]
    if isinstance(relation, Part) and any(_not_asked(f, figures) for f in used):
        return
    fields, evidences = references(relation), tuple(f.evidence for f in used)
    own = {f_place: known[f_place] for f_place in relation.operands if f_place in known}
    own = {p: q for p, q in own.items() if _figure(p, relation, figures).quantity}
    result = relation.recompute(own)
    stated = ", ".join(f.stated for f in used if f.quantity)
    shown = {"evidences": evidences, "stated": stated, "computed": result.formula}
    because = None
    if result.agrees is None:
        troubles = [f.trouble for f in used if f.trouble]
        nothing = say("it cannot be worked out from these figures")
        because = listed(troubles) if troubles else nothing
    elif result.agrees is False:
        vague = [f.name for f in used if f.quantity and f.quantity.approximate]
        if vague:
            because = say("{figure} is stated as an approximate figure", figure=listed(vague))
        elif id(relation) in explained:
            because = _follows(*explained[id(relation)], figures)
    if because or result.agrees:
        outcome = "unchecked" if because else "met"
        yield Check(relation.rule, fields, outcome, because, **shown), None  # type: ignore[arg-type]
        return
    change = single_change(relation, rest, known, figures)
    if change:
        for other in change.explains:
            if other is not relation:
                explained.setdefault(id(other), (relation, change))
    yield (
        Check(relation.rule, fields, "not_met", None, **shown),  # type: ignore[arg-type]
        _finding(relation, used, result, change, figures),
    )


def _not_asked(figure: Figure, figures: Figures) -> bool:
    """The part or the whole is not asked for in that year."""
    return figure.period not in figures.periods(figure.field.id)


def _finding(
    relation: Relation,
    used: list[Figure],
    result: Recomputed,
    change: Change | None,
    figures: Figures,
) -> Finding:
    first = used[0]
    if isinstance(relation, Part):
        whole = used[1]
        message = say(
            "{part} ({stated}) is more than {whole} ({limit}), of which it is a part",
            part=first.name,
            stated=first.stated,
            whole=whole.name,
            limit=whole.stated,
        )
        if relation.rule == "arithmetic.share-range":
            message = say(
                "{part} ({stated}) is more than {whole} ({limit})",
                part=first.name,
                stated=first.stated,
                whole=whole.name,
                limit=whole.stated,
            )
        expected = f"≤ {whole.stated}"
    elif isinstance(relation, AverageGrowth):
        message = say(
            "{figure} is stated as {stated}; {methods}",
            figure=first.name,
            stated=first.stated,
            methods=result.message or "",
        )
        expected = result.computed.replace(", ", " / ")
    elif isinstance(relation, Same):
        message = say(
            "{figure} is stated as {stated}, but {other} as {limit}",
            figure=first.name,
            stated=first.stated,
            other=used[1].name,
            limit=used[1].stated,
        )
        expected = used[1].stated
    else:
        message = say(
            "{figure} is stated as {stated}, but the other figures give {computed}",
            figure=first.name,
            stated=first.stated,
            computed=result.computed,
        )
        expected = result.computed
    suggestion = ""
    if change:
        suggestion = _suggestion(change, figures)
        message = say(
            "{message}. They agree if {change}", message=message, change=_reads(change, figures)
        )
    return Finding(
        rule=relation.rule,
        severity="error",
        fields=references(relation),
        message=message,
        expected=expected,
        actual=first.stated,
        evidences=tuple(f.evidence for f in used),
        formula=result.formula,
        suggestion=suggestion,
        suggestion_field=reference(*change.place) if change else "",
    )


def _suggestion(change: Change, figures: Figures) -> str:
    figure = figures.get(*change.place)
    return f"{figure.ref}: {plain(figure.value)} → {change.text}"


def _reads(change: Change, figures: Figures) -> Bilingual:
    figure = figures.get(*change.place)
    return say(
        "{figure} reads {new} instead of {old}",
        figure=figure.name,
        old=figure.stated,
        new=with_unit(change.text, figure.unit),
    )


def _follows(relation: Relation, change: Change, figures: Figures) -> Bilingual:
    return say(
        "it follows from the finding about {figure}: the figures agree if {change}",
        figure=figures.get(*relation.operands[0]).name,
        change=_reads(change, figures),
    )
