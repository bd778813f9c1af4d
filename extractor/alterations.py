"""What of the blank form is missing, reworded or added in the filled one."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz

from extractor.labels import CLEAR, Vocabulary, core, fold
from extractor.matching import Key, Match
from extractor.options import removed_options
from extractor.slots import Laid
from models.form import Form
from models.types import Alteration, Evidence


def find_alterations(
    form: Form, laid: Laid, matches: dict[Key, list[Match]], words: Vocabulary
) -> Iterator[Alteration]:
    """Rows and options of the blank form that are gone, and labels that are worded otherwise.

    Differences of spacing, punctuation, brackets, numbering and units are none.
    """
    for field in form.fields:
        found = [m for key, ms in matches.items() if key[0] == field.id for m in ms]
        if not found:
            if not (field.type == "narrative" or field.printed):
                yield Alteration("missing", field.label, field=field.id)
            continue
        if field.type == "ticks":
            pieces = [(m.slot.text, m.slot.marks, m.slot.evidence) for m in found]
            for option in removed_options(field, pieces):
                yield Alteration("missing", option, field=field.id, evidence=pieces[0][2])
        else:
            for period in form.periods(field.id):
                if field.years and (field.id, period) not in matches:
                    yield Alteration("missing", f"{field.label} {period}", field=field.id)
        label = found[0].label.heading
        if _reworded(field.path[-1], label.text) and label.labels and label.labels[0][1] < CLEAR:
            yield Alteration(
                "reworded",
                field.path[-1],
                label.text.strip(),
                field.id,
                Evidence(raw=label.text),
            )


def _reworded(printed: str, typed: str) -> bool:
    return core(printed) not in fold(typed) and fuzz.ratio(core(printed), core(typed)) < 100
