"""What stands in every application because a regulation, the form or the day's phrases say it."""

from __future__ import annotations

from functools import lru_cache

from models.form import Form, form_ids, load_form
from models.programme import PROGRAMMES
from models.rules.shingles import known_of

PHRASES = PROGRAMMES / "common" / "phrases.txt"


@lru_cache(maxsize=1)
def known_wording() -> frozenset[int]:
    """Shingles and pieces of the regulations, of all that the forms print, and of the phrases."""
    texts = [p.read_text(encoding="utf-8") for p in sorted(PROGRAMMES.glob("*/source.txt"))]
    lines = PHRASES.read_text(encoding="utf-8").splitlines()
    texts += [line for line in lines if not line.startswith("#")]
    for id in form_ids():
        texts += _print_of(load_form(id))
    return known_of(texts)


def _print_of(form: Form) -> list[str]:
    texts = [form.title, *form.headings, *form.notes, *form.closing]
    texts += [line for _, guidance in form.guidance for line in guidance]
    for field in form.fields:
        texts += ["".join(field.path), *field.options]
    return texts
