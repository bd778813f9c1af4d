"""A first look at a PDF by pdfium alone: may it hold an application form at all?

Attachments are many and long; only what may be a form is worth pdfplumber on every page.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from extractor.locating.labels import core, fold
from models.form import form_ids, load_form

LONG = 6
"""Labels with fewer characters stand in other papers too."""
SOME = 0.08
"""The share of a form's longer labels that makes a document worth a careful look."""
LEGIBLE = 0.2
"""The share of Chinese characters in a text layer that is what it seems."""


def may_hold_form(path: Path) -> bool:
    """Whether a PDF's text holds some of the labels of a form, or cannot be judged.

    Where it is False the text is sane Chinese and the document is some other paper. A file
    that pdfium does not open, or one without text, is True.
    """
    import pypdfium2 as pdfium  # type: ignore[import-untyped]

    try:
        with pdfium.PdfDocument(path) as file:
            parts = []
            for number in range(len(file)):
                page = file[number]
                text = page.get_textpage()
                parts.append(text.get_text_range())
                text.close()
                page.close()
    except Exception:
        return True
    text = fold("".join(parts))
    chinese = sum("一" <= c <= "鿿" for c in text)
    if chinese < 20 or chinese < LEGIBLE * len(text):
        return True
    return any(sum(label in text for label in of) >= SOME * len(of) for of in _labels())


@lru_cache(maxsize=1)
def _labels() -> tuple[frozenset[str], ...]:
    return tuple(
        frozenset(key for f in load_form(id).fields if len(key := core(f.path[-1])) >= LONG)
        for id in form_ids()
    )
