"""The one place where words for people come from: a gettext catalogue, English source, zh_CN.

>>> from models.wording import say
>>> say("{field} is blank", field=Bilingual(zh="从业人员数量", en="employees")).en
'employees is blank'
"""

from __future__ import annotations

import gettext
import os
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

DOMAIN = "hecha"
LOCALE = Path(__file__).parent / "locale"


class Bilingual(NamedTuple):
    """The same words in the two languages every finding carries."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if language() == "en" else self.zh


def language() -> str:
    """`en` where HECHA_LANG asks for English, else `zh`."""
    return "en" if os.environ.get("HECHA_LANG", "").lower().startswith("en") else "zh"


@lru_cache(maxsize=1)
def _chinese() -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, languages=["zh_CN"])


def say(source: str, /, **params: object) -> Bilingual:
    """Both languages of an English source sentence, its {names} filled in.

    A parameter that is itself Bilingual appears in the language of the sentence. The source
    must be a literal in the code, so that the catalogue can be checked against it.
    """
    zh = {k: v.zh if isinstance(v, Bilingual) else v for k, v in params.items()}
    en = {k: v.en if isinstance(v, Bilingual) else v for k, v in params.items()}
    return Bilingual(zh=_chinese().gettext(source).format(**zh), en=source.format(**en))


def text(source: str, /, **params: object) -> str:
    """One sentence in the language of the person in front of the screen."""
    return str(say(source, **params))
