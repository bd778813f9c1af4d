"""What the worksheet's cells say: outcomes, decisions, figures and places, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from extractor.storing.records import Decision, ReviewedFinding, Stored
from models.form import Form, load_form
from models.programme import Programme, load_programme
from models.rules.figures import figure_name, plain, reference, with_unit
from models.types import (
    Answer,
    Application,
    Check,
    Evidence,
    Finding,
    NarrativeAnswer,
    Outcome,
    State,
    TickAnswer,
)
from models.wording import Bilingual, language, text
from review_ui.names import place_words
from review_ui.worksheet.cells import BAD, DOUBT, FAINT, GOOD

OUTCOME_STYLES: dict[Outcome, str] = {"met": GOOD, "not_met": BAD, "unchecked": DOUBT}
SEVERITY_STYLES = {"error": BAD, "warning": DOUBT, "notice": FAINT}
VERDICT_STYLES = {"unmet": BAD, "mend": BAD, "open": DOUBT, "met": GOOD, "unchecked": DOUBT}

NOTHING = "—"
MOST_PLACES = 6
"""Of one file; a row of the sheet is not taller than a page."""


def spoken(words: Bilingual | Sequence[str] | None) -> str:
    """Words in the person's language; also the bare pair that a database may give back."""
    return "" if words is None else str(Bilingual(*words))


def outcome_word(outcome: Outcome) -> str:
    return {
        "met": text("fulfilled"),
        "not_met": text("not fulfilled"),
        "unchecked": text("not checked"),
    }[outcome]


def worst(outcomes: Iterable[Outcome]) -> Outcome | None:
    """The outcome of a rule that looks at several places; None where there is no place."""
    found = set(outcomes)
    order: tuple[Outcome, ...] = ("not_met", "unchecked", "met")
    return next((o for o in order if o in found), None)


# ------------------------------------------------------------------ decisions


def decision_words() -> dict[str, str]:
    """What a reviewer may choose, in the order of the drop-down."""
    return {
        "confirm": text("finding confirmed"),
        "dismiss": text("finding dismissed"),
        "ask": text("applicant to explain"),
        "note": text("note only"),
    }


def ruling(reviewed: ReviewedFinding) -> Decision | None:
    """The decision that counts: the last that is more than a note, else the last note."""
    rulings = [d for d in reviewed.decisions if d.verdict != "note"]
    return rulings[-1] if rulings else reviewed.decision


def decision_note(reviewed: ReviewedFinding) -> str:
    """The note of the decision, those added after it, and whether the evidence has changed."""
    made = ruling(reviewed)
    if made is None:
        return ""
    notes = [made.note]
    notes += [f"{d.note} ({d.who})" for d in reviewed.decisions if d.id > made.id and d.note]
    if made.fingerprint != reviewed.fingerprint:
        notes.append(text("(the evidence has changed since; decide again)"))
    return "\n".join(n for n in notes if n)


# ------------------------------------------------------------------ places


def place(e: Evidence) -> str:
    """Page, table, row and column: 第3页 表1 行6 列2; empty where the paper gives none."""
    words = e.place
    if e.page is not None and not words.startswith("第"):
        words = f"第{e.page}页 {words}".strip()
    return place_words(words, english=language() == "en")


def places(evidences: Iterable[Evidence]) -> str:
    """The places by file, each file's name once, one place to a line."""
    files: dict[str, dict[str, None]] = {}
    for e in evidences:
        if e.file or e.place or e.page is not None:
            files.setdefault(e.file, {}).setdefault(place(e))
    lines = []
    for file, stood in files.items():
        shown = [line for line in stood if line]
        lines += [line for line in (file, *shown[:MOST_PLACES]) if line]
        if len(shown) > MOST_PLACES:
            lines.append(text("and {n} more places", n=len(shown) - MOST_PLACES))
    return "\n".join(lines)


# ------------------------------------------------------------------ figures


def form_of(application: Application | None) -> Form | None:
    try:
        return load_form(application.form) if application is not None else None
    except KeyError:
        return None


def called(form: Form | None, field: str, period: str | None) -> str:
    """2022年集群总产值; the id where no form is known."""
    if form is None or not form.has(field):
        return reference(field, period)
    return str(figure_name(form.field(field), period))


def split_reference(name: str) -> tuple[str, str | None]:
    """total_output@2021 → total_output and 2021."""
    field, _, period = name.partition("@")
    return field, period or None


def state_word(state: State) -> str:
    return {
        "given": text("filled in"),
        "none": text("none (written 无)"),
        "blank": text("left blank"),
        "absent": text("no such cell"),
        "unreadable": text("not readable"),
    }[state]


def stated(application: Application | None, name: str) -> str:
    """What the application says in a field, for people: 38.20 亿元, 是, 3138字."""
    field, period = split_reference(name)
    if application is None:
        return ""
    answer = application.answer(field, period)
    if answer is not None:
        return _figure(answer)
    tick = application.tick(field)
    if tick is not None:
        return ticked(tick)
    narrative = application.narrative(field)
    return "" if narrative is None else told(narrative)


def _figure(a: Answer) -> str:
    if a.state != "given":
        return a.raw.strip() if a.state == "unreadable" else state_word(a.state)
    if isinstance(a.value, Decimal):
        return with_unit(plain(a.value), a.unit or "")
    return str(a.value or "")


def ticked(t: TickAnswer) -> str:
    """The ticked options; where a box could not be told, that."""
    if t.state != "given":
        return state_word(t.state)
    chosen = [o.text for o in t.options if o.ticked]
    chosen += [
        text("{option} (cannot be told)", option=o.text) for o in t.options if o.ticked is None
    ]
    return "；".join(chosen) if chosen else text("nothing ticked")


def told(n: NarrativeAnswer) -> str:
    return text("{n} characters", n=n.characters) if n.state == "given" else state_word(n.state)


def stated_lines(form: Form | None, application: Application | None, c: Check) -> str:
    """Each figure a check looks at, with its name; as the check has it where none is known."""
    lines = []
    for name in c.fields:
        said = stated(application, name)
        if said:
            lines.append(
                text("{name}: {what}", name=called(form, *split_reference(name)), what=said)
            )
    return "\n".join(lines) or c.stated


def reason(c: Check) -> str:
    return spoken(c.because)


def suggestion(f: Finding, form: Form | None) -> str:
    """集群总产值：45.6; empty where there is none."""
    if not f.suggestion:
        return ""
    about = called(form, *split_reference(f.suggestion_field)) if f.suggestion_field else ""
    return text("{name}: {what}", name=about, what=f.suggestion) if about else f.suggestion


# ------------------------------------------------------------------ submissions


def programme_of(stored: Stored) -> Programme | None:
    try:
        return load_programme(stored.summary.programme or "")
    except KeyError:
        return None


def programme_name(stored: Stored) -> str:
    programme = programme_of(stored)
    if programme is not None:
        return programme.name
    return stored.summary.programme or text("not known which")


def cluster_name(stored: Stored) -> str:
    return stated(stored.result.application, "cluster_name")
