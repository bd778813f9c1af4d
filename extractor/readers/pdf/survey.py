"""A first look at a PDF by pdfium alone: may it hold an application form at all?

Attachments are many and long; only what may be a form is worth pdfplumber on every page.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from extractor.locating.labels import core, fold
from models.form import form_ids, load_form

LONG = 6
"""Labels with fewer characters stand in other papers too."""
SOME = 0.08
"""The share of a form's longer labels that makes a document worth a careful look."""
LEGIBLE = 0.2
"""The share of Chinese characters in a text layer that is what it seems."""


KEPT = 80
"""Pages that stay open after the first look, as the next reader asks the same of them."""


class Opened:
    """A pypdfium2 document whose first pages, and their text, are loaded only once."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._pages: dict[int, tuple[Any, Any]] = {}

    def __len__(self) -> int:
        return len(self._file)

    def page(self, number: int) -> tuple[Any, Any]:
        """The page and its text page, both to be given back to `close`."""
        if number in self._pages:
            return self._pages.pop(number)
        page = self._file[number - 1]
        return page, None

    def text(self, number: int) -> str:
        """The text of a page, which stays open where it is one of the first."""
        page = self._file[number - 1]
        text = page.get_textpage()
        said: str = text.get_text_range()
        if number <= KEPT:
            self._pages[number] = page, text
        else:
            close(page, text)
        return said

    def close(self) -> None:
        while self._pages:
            close(*self._pages.popitem()[1])


_CHINESE = re.compile("[一-鿿]+")
_LIST = re.compile(r"^.{0,60}(?:清单|名单|名录|目录|一览|明细|台账|汇总|统计表).{0,60}序号")
"""How a list begins: its title and the heading over the numbers of its rows."""


def close(page: Any, text: Any) -> None:
    if text is not None:
        text.close()
    page.close()


def may_hold_form(file: Opened) -> bool:
    """Whether a PDF's text holds some of the labels of a form or a list's first heading, or
    cannot be judged.

    Where it is False the text is sane Chinese and the document is some other paper. The columns
    of a list without lines are seen only where its letters' places are read. A page
    that pdfium does not load, or a file without text, is True.
    """
    try:
        parts = [file.text(number) for number in range(1, len(file) + 1)]
    except Exception:
        return True
    text = fold("".join(parts))
    chinese = len(text) - len(_CHINESE.sub("", text))
    if chinese < 20 or chinese < LEGIBLE * len(text):
        return True
    if _LIST.match(text):
        return True
    return any(sum(label in text for label in of) >= SOME * len(of) for of in _labels())


@lru_cache(maxsize=1)
def _labels() -> tuple[frozenset[str], ...]:
    return tuple(
        frozenset(key for f in load_form(id).fields if len(key := core(f.path[-1])) >= LONG)
        for id in form_ids()
    )
