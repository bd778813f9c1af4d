"""evidence.missing: what is ticked or counted and asks for papers, and no paper answers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from models.form import Field, Form, short_label
from models.rules.figures import absent, field_name, listed, reference, unusable
from models.rules.outcomes import Outcomes, Source, result
from models.rules.packaged import SURE, not_read, strongest, unread
from models.types import (
    NOWHERE,
    Answer,
    Application,
    Attached,
    Check,
    Evidence,
    Finding,
    Outcome,
    Severity,
)
from models.wording import Bilingual, say

EVIDENCE = "evidence.missing"
SUPPORTING = ("evidence", "list")


def evidence_checks(form: Form, application: Application) -> Outcomes:
    """One check for each question that asks for evidence, and for each group of counts that
    asks for a list. An option or count that nothing answers is an error, one that is answered
    only weakly a warning; both in one finding."""
    files = unread(application.papers)
    bound = any(not a.claim.startswith("material: ") for a in application.attached)
    nothing = not bound and not any(p.role in SUPPORTING for p in application.papers)
    reason = say("no supporting documents were handed in") if nothing else None
    for field in form.fields:
        if field.evidence and field.type == "ticks":
            yield _ticked(field, application, files, reason)
    groups = list(_groups(form))
    if form.report:  # said once, of all figures that papers would have to prove
        groups, reason = [[f for fields in groups for f in fields]], None
    for fields in groups:
        yield from _counted(fields, application, files, reason)


def _ticked(
    field: Field, application: Application, files: list[str], reason: Bilingual | None
) -> tuple[Check | None, Finding | None]:
    tick, name = application.tick(field.id), field_name(field)
    because = unusable(tick, name) if tick else absent(name)
    if tick is None or because:
        return result(EVIDENCE, (field.id,), None, because=because)
    claims = [(o.text, f"{field.id}: {o.text}") for o in tick.options if o.ticked]
    if not claims:
        return None, None
    return _judged((field.id,), name, claims, application, files, reason, tick)


def _groups(form: Form) -> Iterator[list[Field]]:
    """The figures that ask for a list, those under one printed heading together, and those that
    other papers prove, section by section."""
    groups: dict[tuple[str, str], list[Field]] = {}
    for field in form.fields:
        if field.list:
            groups.setdefault((field.section, field.path[0]), []).append(field)
        elif field.evidence and field.type != "ticks":
            groups.setdefault((field.section, ""), []).append(field)
    yield from groups.values()


def _counted(
    fields: list[Field], application: Application, files: list[str], reason: Bilingual | None
) -> Outcomes:
    answers = [a for f in fields for a in application.answers if a.field == f.id and _stated(a)]
    if not answers:
        return
    names = {f.id: field_name(f) for f in fields}
    form_fields = {f.id: f for f in fields}
    claims = []
    for a in answers:
        ref = reference(a.field, a.period)
        year = f"{a.period}年" if a.period else ""
        claims.append((f"{year}{_below(form_fields[a.field])}", ref))
    refs = tuple(ref for _, ref in claims)
    important = not fields[0].list
    sections = "、".join(dict.fromkeys(f.section for f in fields))
    title = sections if important else fields[0].path[0]
    heading = say("the figures under {heading}", heading=title)
    whole = names[fields[0].id] if len(fields) == 1 else heading
    check, finding = _judged(refs, whole, claims, application, files, reason, *answers)
    if important and finding is not None:  # which figures are important is for a person to say
        finding = replace(finding, severity="warning")
    yield check, finding


def _below(field: Field) -> str:
    """What a figure is called below the heading that the group has in common."""
    return " ".join(short_label(part) for part in (field.path[1:] or field.path))


def _stated(answer: Answer) -> bool:
    """A count above zero that needs no look."""
    given = answer.state == "given" and isinstance(answer.value, Decimal)
    return given and not answer.needs_look and Decimal(answer.value or 0) > 0


def _judged(
    refs: tuple[str, ...],
    name: Bilingual,
    claims: list[tuple[str, str]],
    application: Application,
    files: list[str],
    reason: Bilingual | None,
    *sources: Source,
) -> tuple[Check | None, Finding | None]:
    best = {claim: strongest(application, claim) for _, claim in claims}
    open_ = [(said, claim) for said, claim in claims if not _sure(best[claim])]
    found = [a for a in best.values() if a is not None]
    if reason is None and files and open_:
        reason = not_read(files)
    if reason is not None and open_:
        return _check(refs, "unchecked", sources, found, reason), None
    if not open_:
        return _check(refs, "met", sources, found), None
    missing = [(said, c) for said, c in open_ if (a := best[c]) is None or a.strength < 0.3]
    weak = [(said, a) for said, c in open_ if (a := best[c]) is not None and a.strength >= 0.3]
    parts = []
    if missing:
        refs = _about(refs, [c for _, c in missing])
        shown = listed([Bilingual(f"“{said}”", f"“{said}”") for said, _ in missing])
        parts.append(say("no attachment supports {list}", list=shown))
    for said, a in weak:
        parts.append(
            say("“{claim}” is supported only weakly, by {file}", claim=said, file=a.evidence.file)
        )
    message = say("{field}: {message}", field=name, message=listed(parts))
    places = tuple(dict.fromkeys([*_places(sources), *(a.evidence for _, a in weak)]))
    severity: Severity = "error" if missing else "warning"
    finding = Finding(
        EVIDENCE, severity, refs, message,
        expected=name.zh, actual="；".join(a.evidence.file for _, a in weak), evidences=places,
    )  # fmt: skip
    return _check(refs, "not_met", sources, found), finding


def _about(refs: tuple[str, ...], claims: list[str]) -> tuple[str, ...]:
    """The figures that lack a list; of a ticked question the question itself."""
    return tuple(r for r in refs if r in claims) or refs


def _sure(found: Attached | None) -> bool:
    return found is not None and found.strength >= SURE


def _places(sources: tuple[Source, ...]) -> list[Evidence]:
    return list(dict.fromkeys(s.evidence for s in sources if s.evidence != NOWHERE))


def _check(
    refs: tuple[str, ...],
    outcome: Outcome,
    sources: tuple[Source, ...],
    found: list[Attached],
    because: Bilingual | None = None,
) -> Check:
    places = (*_places(sources), *(a.evidence for a in found))
    return Check(EVIDENCE, refs, outcome, because, tuple(dict.fromkeys(places)))
