"""Texts that a scan's recogniser is sure of and that cannot be so: letters taken for others.

Figures have their arithmetic; a name has only what no name holds, what the document says of it
elsewhere, and the form. What is put right here asks for a look all the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import models
from models.loading import strict_yaml
from models.types import Answer, Document, Paragraph
from models.wording import say

FILE = Path(models.__file__).with_name("lookalikes.yaml")
PROVEN = 0.9
"""How sure the recognition is of a passage that proves how a word is spelt."""
COUNTY, TAKEN = "县", "具其"
"""The last letter of a county's name, and what it is taken for."""
UNSURE = 0.7
_FOREIGN = re.compile(r"(?<![A-Za-z])[A-Za-z](?=[\u3400-\u9fff]{1,3}[\d\s（(-])")
"""One letter that begins a person's name: 丁 as T."""
_BETWEEN_NAMES = re.compile(r"(?<=[\u3400-\u9fff]{5})[:：](?=[\u3400-\u9fff]{5})")
"""A colon between two names: a semicolon."""
_PERSON = re.compile(r"[\u3400-\u9fff]{3,4}(?=$|[\d\s（(])")


def reread(answers: Sequence[Answer], document: Document) -> list[Answer]:
    """The answers; recognised texts with a letter that cannot be what was written ask for a look,
    those in which it is plain what it must be with that letter."""
    texts = [a for a in answers if isinstance(a.value, str) and a.evidence.how == "ocr"]
    counties = _counties(texts)
    twins = _almost_the_same(texts)
    recognised = set(map(id, texts))
    proof = _surely_said(document) if texts else ""
    return [
        _reread(a, counties, id(a) in twins, proof) if id(a) in recognised else a for a in answers
    ]  # fmt: skip


@lru_cache(maxsize=1)
def _lookalikes() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Of what is read, the words and the letters that are meant (several letters in a row)."""
    data = strict_yaml.read(FILE).data
    words = {read: word for word, reads in data["words"].items() for read in reads}
    letters: dict[str, str] = {}
    for letter, reads in data["letters"].items():
        for read in reads:
            letters[read] = letters.get(read, "") + letter
    return words, letters


def _surely_said(document: Document) -> str:
    """What the document surely says, without blanks and ends of lines."""
    passages = [
        part
        for block in document.blocks
        for part in ([block] if isinstance(block, Paragraph) else block.cells)
    ]
    return "\f".join("".join(p.text.split()) for p in passages if p.sure >= PROVEN)


def _spelt(said: str, proof: str) -> str:
    """A text with the words that are misread in it put right: those no name holds, and those that
    the document says with another letter more often."""
    words, letters = _lookalikes()
    said = _BETWEEN_NAMES.sub("；", said)
    for read, word in words.items():
        said = said.replace(read, word)
    for n, char in enumerate(said):
        for letter in letters.get(char, ""):
            for start in (n - 2, n - 1, n):  # words of three letters around it
                read = said[max(start, 0) : start + 3]
                word = said[max(start, 0) : n] + letter + said[n + 1 : start + 3]
                if len(read) == 3 and proof.count(word) > proof.count(read):
                    said = said[:n] + letter + said[n + 1 :]
    return said


def _reread(answer: Answer, counties: Sequence[str], twin: bool, proof: str) -> Answer:
    said = str(answer.value)
    meant = _spelt(said, proof)
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
