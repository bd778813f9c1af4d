"""similarity.narrative: long passages that two clusters' narratives share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from models.form import load_form
from models.loading.known_wording import known_wording
from models.programme import load_programme
from models.rules.digest import Digest, Prints
from models.rules.figures import field_name
from models.rules.shingles import shared_passages, unpack
from models.types import Finding
from models.wording import Bilingual, say

RULE = "similarity.narrative"
LONG = 100
"""Folded characters, three lines of print: a passage that two writers do not hit upon."""
LEAST = 60
ALL = 300
"""Shorter ones count where all of at least LEAST come to this together."""
_MANY = 12
"""A fingerprint that stands in more submissions links each of them with the first only."""
_SHOWN = 3
_SHOWN_CHARACTERS = 160

Place = tuple[int, int]
"""A submission, and which of its narratives."""


def similar_narratives(
    round: Sequence[Digest],
    text_of: Callable[[int, str], str],
    same: set[tuple[int, int]],
) -> Iterator[tuple[int, Finding]]:
    """One finding per submission and other submission; none for two of the same cluster.

    `text_of` gives a narrative of a submission; it is asked only where fingerprints meet.
    """
    seeds = _seeds(round)
    known = known_wording()
    shared: dict[tuple[int, int], list[_Passage]] = defaultdict(list)
    for (one, other), places in sorted(seeds.items()):
        i, j = one[0], other[0]
        if (i, j) in same:
            continue
        a, b = round[i].prints[one[1]], round[j].prints[other[1]]
        left, right = text_of(i, a.field), text_of(j, b.field)
        for p in shared_passages(left, right, places, known, LEAST):
            sides = (a, left[slice(*p.one)]), (b, right[slice(*p.other)])
            shared[i, j].append(_Passage(sides, p.length))
    for (i, j), passages in sorted(shared.items()):
        passages.sort(key=lambda p: -p.length)
        if passages[0].length < LONG and sum(p.length for p in passages) < ALL:
            continue
        for n, m, side in ((i, j, 0), (j, i, 1)):
            yield n, _finding(round[n], round[m], passages, side)


@dataclass(frozen=True, slots=True)
class _Passage:
    sides: tuple[tuple[Prints, str], tuple[Prints, str]]
    """The narrative it stands in and its words, in the one submission and in the other."""
    length: int


def _seeds(round: Sequence[Digest]) -> dict[tuple[Place, Place], list[tuple[int, int]]]:
    """Where the same fingerprint stands in narratives of two submissions."""
    holders: dict[int, list[tuple[Place, int]]] = {}
    for n, d in enumerate(round):
        for m, narrative in enumerate(d.prints):
            for hash, where in unpack(narrative.prints):
                holders.setdefault(hash, []).append(((n, m), where))
    seeds: dict[tuple[Place, Place], list[tuple[int, int]]] = defaultdict(list)
    for found in holders.values():
        if len(found) < 2:
            continue
        several = found if len(found) <= _MANY else found[:1]
        for at, (one, here) in enumerate(several):
            for other, there in found[at + 1 :]:
                if one[0] != other[0]:
                    seeds[one, other].append((here, there))
    return {pair: places for pair, places in seeds.items() if len(places) >= 2}


def _finding(own: Digest, other: Digest, passages: list[_Passage], side: int) -> Finding:
    parts, evidences = [], []
    for passage in passages[:_SHOWN]:
        (mine, ours), (there, theirs) = passage.sides[side], passage.sides[1 - side]
        parts.append(
            say(
                "{field}: “{one}”; there ({place}): “{other}”",
                field=_called(own, mine.field),
                place=_called(other, there.field),
                one=_short(ours),
                other=_short(theirs),
            )
        )
        evidences.append(replace(mine.evidence, raw=ours))
        evidences.append(other.place(replace(there.evidence, raw=theirs)))
    shown = Bilingual("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))
    message = say(
        "{n} passages ({characters} characters) stand in {other} too: {passages}",
        n=len(passages),
        characters=sum(p.length for p in passages),
        other=other.shown,
        passages=shown,
    )
    fields = tuple(dict.fromkeys(p.sides[side][0].field for p in passages))
    actual = _short(passages[0].sides[side][1])
    return Finding(RULE, "warning", fields, message, actual=actual, evidences=tuple(evidences))


def _called(d: Digest, field: str) -> Bilingual:
    return field_name(load_form(load_programme(d.programme).form).field(field))


def _short(passage: str) -> str:
    passage = " ".join(passage.split())
    if len(passage) <= _SHOWN_CHARACTERS:
        return passage
    half = _SHOWN_CHARACTERS // 2
    return f"{passage[:half]}……{passage[-half:]}"
