"""Which attachment answers which claim, and how surely.

A claim is a ticked option that asks for evidence, or a figure that asks for a list. A paper
answers it where a title says so: in the option's own characteristic words (character pairs,
weighted by how few other options hold them) or in the words such papers are called by
(models/evidence.yaml). What is only mentioned in passing, or only said by the file's name, is a
weak answer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extractor.locating.labels import fold
from extractor.submission.materials import NARRATING
from extractor.submission.roles import Role
from extractor.submission.sections import bare, sections
from models.form import Field, Form, short_label
from models.loading.evidence_words import evidence_words, option_key
from models.loading.list_kinds import kinds_of
from models.types import Application, Attached, Document, Evidence

TITLED = 0.9
"""A title holds the words such papers are called by."""
COVERED = 0.55
"""So much of an option's weight in a title makes the title say it."""
LISTED = 0.65
"""A list of it by its title, whose rows could not be counted."""
SENTENCE = 0.75
"""So much of it in a sentence makes the sentence say it."""
MENTIONED = 0.5
"""In passing, among other things: weak."""
DEVOTED = 0.7
"""The text speaks of it and of little else."""
NAMED = 0.5
"""Only the file's name, or its folder's, says so: weak."""
BESIDE = 24
"""Characters behind a figure's name in which its value stands."""
SHORT = 400
"""A text of no more characters is about what it mentions."""
OTHERS = 3
"""A part that speaks of so many claims speaks of none in particular."""

ASKED = 7
"""So many characters of a question running in a title make the title say the question."""

_ALTERNATIVES = re.compile(r"[，,、；;]|或者?|以及|等(?=$|[，、])")
_FRAME = re.compile(
    r"^(?:开展了?|建立了?|建有|建设或?引入?|引入了?|获得了?|运用了?|形成|组建|参加|承办|引进了?|与|和|的|其它?|集群)+"
    r"|(?:等|工作|服务|机制|情况|活动)+$"
)
_LIST = re.compile(r"(?:清单|名单|名录|一览|明细|台账|目录|汇总)")
_SUMMARY = re.compile(r"工作(?:总结|汇报|报告)|总结$|年度报告|情况(?:汇报|综述)|大事记|简介|概况")


@dataclass(frozen=True, slots=True)
class Claim:
    name: str
    """As Attached.claim."""
    phrases: tuple[str, ...]
    """Folded: the option's alternatives."""
    words: tuple[tuple[str, ...], ...]
    """Folded words of titles; all of an entry must stand together."""
    listed: bool = False
    """It asks for a list: certificates and the like do not answer it."""
    values: tuple[str, ...] = ()
    """Folded: how a figure's value may be written."""
    question: str = ""
    """Folded: what the option is an answer to."""


@dataclass(slots=True)
class _Part:
    """A part of an attachment, with its titles and its text."""

    title: str
    names: str
    text: str
    evidence: Evidence
    read: bool
    sentences: list[str] = field(default_factory=list)
    summary: bool = False


def answers(
    form: Form, application: Application, papers: Sequence[tuple[Document, Role]]
) -> Iterator[Attached]:
    """For each claim of the application the attachments that answer it, none below 0.3."""
    claims = list(_claims(form, application))
    if not claims:
        return
    own = application.answer("cluster_name")
    name = fold(str(own.value)) if own is not None and own.value else ""
    parts = [p for d, role in papers if role.role not in NARRATING for p in _parts(d, name)]
    weights = _Weights([fold(o) for f in form.fields if f.evidence for o in f.options])
    told: list[tuple[Claim, _Part, float, str]] = []
    for part in parts:
        found = [(c, *_strength(c, part, weights)) for c in claims]
        found = [(c, s, how) for c, s, how in found if s >= 0.3]
        spoken = sum(how == "text" for _, _, how in found)
        titled = any(how == "title" for _, _, how in found)
        for claim, strength, how in found:
            if how == "text" and _asked(claim, part):
                strength = DEVOTED  # 公共服务开展情况: 信息服务12场次，创业辅导15场次 …
            elif how == "text" and (titled or spoken >= OTHERS or part.summary):
                strength = min(strength, MENTIONED)
            told.append((claim, part, strength, how))
    for claim, part, strength, _ in told:
        yield Attached(claim.name, part.evidence, round(strength, 2))
    for listing in application.listings:
        for ref in listing.fields or (_reference(listing.field, listing.period),):
            yield Attached(ref, listing.evidence, 0.95 if listing.sure else 0.65)


def _reference(name: str, period: str | None) -> str:
    return f"{name}@{period}" if period else name


# ------------------------------------------------------------------ the claims


def _claims(form: Form, application: Application) -> Iterator[Claim]:
    words = evidence_words()
    for field_ in form.fields:
        if field_.evidence and field_.type != "ticks":
            yield from _figures(field_, application)
        elif field_.evidence:
            shared = Counter(p for o in field_.options for p in set(_phrases(o)))
            tick = application.tick(field_.id)
            for option in tick.options if tick else ():
                if option.ticked:
                    yield Claim(
                        f"{field_.id}: {option.text}",
                        tuple(p for p in _phrases(option.text) if shared[p] < 2),
                        _folded(words.get(option_key(option.text), ())),
                        question=fold(short_label(field_.path[-1])),
                    )
        elif field_.list:
            yield from _listed(form, field_, application)


def _listed(form: Form, field_: Field, application: Application) -> Iterator[Claim]:
    kind = next((k for k in kinds_of(form) if field_.id in k.fields()), None)
    titles = _folded(kind.titles) if kind else ()
    for answer in application.answers:
        if answer.field == field_.id and answer.state == "given" and answer.value:
            yield Claim(_reference(field_.id, answer.period), (), titles, listed=True)


def _figures(field_: Field, application: Application) -> Iterator[Claim]:
    """An important figure: papers that name it, above all with its value."""
    words = _folded(field_.words)
    for answer in application.answers:
        if answer.field == field_.id and isinstance(answer.value, Decimal) and answer.value > 0:
            values = (f"{answer.value.normalize():f}", f"{answer.value:.2f}", answer.raw)
            stated = tuple(dict.fromkeys(fold(re.sub(r"[^\d.]", "", v)) for v in values))
            yield Claim(_reference(field_.id, answer.period), (), words, values=stated)


def _phrases(option: str) -> tuple[str, ...]:
    parts = [fold(p) for p in _ALTERNATIVES.split(option)]
    stripped = [_FRAME.sub("", p) for p in parts]
    kept = [p for p in stripped if len(p) >= 4]
    return tuple(dict.fromkeys((fold(option), *kept)))


def _folded(words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(fold(w) for w in entry.split()) for entry in words)


# ------------------------------------------------------------------ the attachments


def _parts(document: Document, name: str) -> Iterator[_Part]:
    path = document.file.replace("\\", "/")
    names = fold(re.sub(r"\.[A-Za-z0-9]{1,5}$", "", path)).replace(name, "")
    if not document.readable:
        yield _Part("", names, "", Evidence(document.file), False)
        return
    whole = sections(document)
    for part in whole:
        title = "".join(fold(bare(line)) for line in part.title.split("\n"))
        title = title.replace(name, "") if name else title
        text = part.text
        yield _Part(
            title=title,
            names=names,
            text=fold(text),
            evidence=part.evidence,
            read=True,
            sentences=[fold(s) for s in re.split(r"[。；;\n]", text) if len(s) >= 4],
            summary=bool(_SUMMARY.search(title) or _SUMMARY.search(names)),
        )


class _Weights:
    """How much each pair of characters tells: pairs that few options hold tell most."""

    def __init__(self, options: Sequence[str]) -> None:
        held = Counter(pair for option in options for pair in _pairs(option))
        self._weight = {p: math.log(1 + len(options) / n) ** 2 for p, n in held.items()}
        self._most = math.log(1 + len(options)) ** 2

        self._weighed: dict[str, tuple[tuple[tuple[str, float], ...], float]] = {}

    def covered(self, phrase: str, text: str) -> float:
        """The part of a phrase's weight that stands in a text, 0 to 1."""
        if phrase not in self._weighed:
            weighed = tuple((p, self._weight.get(p, self._most)) for p in _pairs(phrase))
            self._weighed[phrase] = weighed, sum(w for _, w in weighed)
        pairs, whole = self._weighed[phrase]
        return sum(w for p, w in pairs if p in text) / whole if whole else 0.0


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


# ------------------------------------------------------------------ how surely


def _strength(claim: Claim, part: _Part, weights: _Weights) -> tuple[float, str]:
    """How surely a part answers a claim, and what says so: title, text or name."""
    if claim.listed:
        return _listing_strength(claim, part)
    if claim.values and _states(claim, part):
        return TITLED, "title"
    if part.title:
        if _holds(claim.words, part.title):
            return TITLED, "title"
        covered = max((weights.covered(p, part.title) for p in claim.phrases), default=0.0)
        if covered >= COVERED:
            return min(0.95, 0.35 + 0.6 * covered), "title"
    named = _holds(claim.words, part.names) or any(
        weights.covered(p, part.names) >= COVERED for p in claim.phrases
    )
    if part.read and _said(claim, part, weights):
        about = (len(part.text) <= SHORT or named) and not claim.values
        return (DEVOTED if about else MENTIONED), "name" if named else "text"
    return (NAMED, "name") if named else (0.0, "")


def _asked(claim: Claim, part: _Part) -> bool:
    """Whether a part's title is the question itself, of which its text names the options."""
    runs = (claim.question[n : n + ASKED] for n in range(len(claim.question) - ASKED + 1))
    return any(run in part.title for run in runs)


def _listing_strength(claim: Claim, part: _Part) -> tuple[float, str]:
    """A list that could not be counted answers all the same, if its title says it is one."""
    for text, strength in ((part.title, LISTED), (part.names, NAMED)):
        if _holds(claim.words, text) and _LIST.search(text):
            return strength, "title"
    return 0.0, ""


def _states(claim: Claim, part: _Part) -> bool:
    """Whether a text names a figure and its value beside it."""
    for (word,) in (w for w in claim.words if len(w) == 1):
        at = part.text.find(word)
        while at >= 0:
            beside = part.text[at + len(word) : at + len(word) + BESIDE]
            for value in claim.values:
                if value and re.search(rf"(?<!\d){value}(?!\d)", beside):
                    return True
            at = part.text.find(word, at + 1)
    return False


def _said(claim: Claim, part: _Part, weights: _Weights) -> bool:
    """Whether one sentence of a part says it. What the whole does not say no sentence does."""
    phrases = [p for p in claim.phrases if weights.covered(p, part.text) >= SENTENCE]
    words = tuple(entry for entry in claim.words if all(w in part.text for w in entry))
    if not phrases and not words:
        return False
    for sentence in part.sentences:
        if _holds(words, sentence):
            return True
        if any(weights.covered(p, sentence) >= SENTENCE for p in phrases):
            return True
    return False


def _holds(words: tuple[tuple[str, ...], ...], text: str) -> bool:
    return any(all(w in text for w in entry) for entry in words)
