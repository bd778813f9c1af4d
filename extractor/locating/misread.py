"""Texts that a scan's recogniser is sure of and that cannot be so: letters taken for others.

Figures have their arithmetic; a name has only what no name holds, what the document says of it
elsewhere, and the form. What is put right here asks for a look all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from models.types import Answer
from models.wording import say

SPELT = {
    "博十": "博士", "院十": "院士", "示范其地": "示范基地", "中试其地": "中试基地",
    "申缆": "电缆", "申线电缆": "电线电缆", "电线申缆": "电线电缆", "申线申缆": "电线电缆",
    "申子商务": "电子商务",
    "具工业和信息化": "县工业和信息化", "具人民政府": "县人民政府",
}  # fmt: skip
"""What no name holds, and the word that a letter of it was taken for another in."""
COUNTY, TAKEN = "县", "具其"
"""The last letter of a county's name, and what it is taken for."""
UNSURE = 0.7
_FOREIGN = re.compile(r"(?<![A-Za-z])[A-Za-z](?=[\u3400-\u9fff]{1,3}[\d\s（(-])")
"""One letter that begins a person's name: 丁 as T."""
_PERSON = re.compile(r"[\u3400-\u9fff]{3,4}(?=$|[\d\s（(])")
_WORD = re.compile("|".join(sorted(SPELT, key=len, reverse=True)))


def reread(answers: Sequence[Answer]) -> list[Answer]:
    """The answers; recognised texts with a letter that cannot be what was written ask for a look,
    those in which it is plain what it must be with that letter."""
    texts = [a for a in answers if isinstance(a.value, str) and a.evidence.how == "ocr"]
    counties = _counties(texts)
    twins = _almost_the_same(texts)
    recognised = set(map(id, texts))
    return [
        _reread(a, counties, id(a) in twins) if id(a) in recognised else a for a in answers
    ]  # fmt: skip


def _reread(answer: Answer, counties: Sequence[str], twin: bool) -> Answer:
    said = str(answer.value)
    meant = _WORD.sub(lambda m: SPELT[m.group()], said)
    for name in counties:
        meant = re.sub(f"{re.escape(name)}[{TAKEN}]", name + COUNTY, meant)
    if meant == said and (answer.needs_look or not (twin or _FOREIGN.match(said))):
        return answer
    return replace(
        answer, value=meant, needs_look=True, confidence=min(answer.confidence, UNSURE),
        why_look=answer.why_look or say("the recognition of this scan is not sure of it"),
    )  # fmt: skip


def _counties(texts: Sequence[Answer]) -> list[str]:
    """The names of counties, without 县, that texts which are sure name behind their city's."""
    told = (
        m.group(1)
        for a in texts
        if not a.needs_look
        for m in [re.match(r"[\u3400-\u9fff]{2,4}市([\u3400-\u9fff]{1,4}?)县", str(a.value))]
        if m
    )
    return list(dict.fromkeys(told))


def _almost_the_same(texts: Sequence[Answer]) -> set[int]:
    """Texts (by id) that begin with the same name but for one letter: of one person, read twice."""
    named = [(m.group(), a) for a in texts if (m := _PERSON.match(str(a.value)))]
    return {
        id(a)
        for name, a in named
        for other, b in named
        if len(name) == len(other) and sum(x != y for x, y in zip(name, other, strict=True)) == 1
    }
