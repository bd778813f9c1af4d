"""Which form a document is, and which programme a package applies for. Never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from extractor.locating.labels import core, fold, vocabulary
from models.form import form_ids, load_form
from models.programme import load_programme, programme_ids
from models.types import Document, Paragraph

_SENTENCE = re.compile(r"[。；;！!\n]")
_APPLYING = re.compile(r"(?:本次|现|此次|拟|特)?(?:申报|申请)")
_GRANTED = re.compile(r"已|曾|获评|获批|被认定|此前")
SHORT = 60
"""Longer text is prose: what it says of forms and classes it does not say of itself."""
ENOUGH = 0.35
"""The share of a form's labels that makes a document without a title that form."""
MOST = 0.55
"""The share of a report's own indicators and areas that makes a document that report."""
A_TITLE = 85
"""How like a form's title, of 100, a line is that is this title, as it may have been misread."""
A_PAGE, FEW_LABELS = 0.1, 5
"""The share of a form's labels that stand on one page of it at least, and their number."""


def recognise(documents: Sequence[tuple[Document, str]]) -> str | None:
    """The programme a package applies for, from its titles and headings.

    In: the readable documents with their file names. Out: a programme id, or None where the
    documents do not tell. A form serves several programmes: the one whose own words
    (`recognised_by`) stand on the cover, in a heading or in a file name is meant, else the
    one that asks for no such words.
    """
    forms = [form_of(document) for document, _ in documents]
    known = [f for f in forms if f is not None]
    # a plan may speak of what a report speaks of: only where no form is there
    known = known or [f for document, _ in documents if (f := report_told(document)) is not None]
    if not known:
        return next((p for d, _ in documents if (p := _by_table(d)) is not None), None)
    form = max(known, key=lambda f: (known.count(f), not load_form(f).report))
    said = fold(
        " ".join(
            [name for _, name in documents]
            + [text for document, _ in documents for text in _short_texts(document)]
        )
    )
    plain = None
    for id in programme_ids():
        programme = load_programme(id)
        if programme.form != form or programme.chosen_by_hand:
            continue
        if not programme.recognised_by:
            plain = plain or id
        elif any(_says(said, fold(w)) or _applies(documents, w) for w in programme.recognised_by):
            return id
    return plain


def _applies(documents: Sequence[tuple[Document, str]], word: str) -> bool:
    """Whether prose says that the class is what is applied for (本次申请纳入成长型…), not what
    was once granted."""
    for document, _ in documents:
        for block in document.blocks:
            for part in (block,) if isinstance(block, Paragraph) else block.cells:
                for sentence in _SENTENCE.split(part.text) if word in part.text else ():
                    if word in sentence and _APPLYING.search(sentence):
                        return not _GRANTED.search(sentence)
    return False


def _by_table(document: Document) -> str | None:
    """The programme whose material, as its notice names it, a table is that comes without a form:
    the recommendation summary table, by its title and its headings."""
    titles = [fold(t) for t in _short_texts(document, limit=12)]
    for form in (id for id in form_ids() if id not in (*_application_forms(), *_reports())):
        title = fold(load_form(form).title)
        alike = [t for t in titles if _digits(t) == _digits(title)]
        if max((fuzz.ratio(title, t) for t in alike), default=0.0) < A_TITLE:
            continue
        for id in programme_ids():
            quotes = (fold(m.citation.quote) for m in load_programme(id).materials)
            if any(title in q for q in quotes) and _labels_found(document, form) >= ENOUGH:
                return id
    return None


def _digits(text: str) -> str:
    """A notice's year: of another year, a title names another programme."""
    return "".join(c for c in text if c.isdigit())


def _says(said: str, word: str) -> bool:
    at = said.find(word)
    while at >= 0:
        if not said[:at].endswith(("非", "不属于", "不是")):
            return True
        at = said.find(word, at + 1)
    return False


def form_of(document: Document) -> str | None:
    """The form a document is: by its title, else by how many of the form's labels it holds."""
    if not document.readable:
        return None
    report = _report_titled(document)
    if report is not None:
        return report
    titles = [fold(t) for t in _short_texts(document, limit=80)]
    scores = {id: _title_score(fold(load_form(id).title), titles) for id in _application_forms()}
    titled = [id for id, score in scores.items() if score >= 90]
    if len(titled) == 1 and _labels_found(document, titled[0]) >= 0.1:
        return titled[0]
    found = {id: _labels_found(document, id) for id in titled or _application_forms()}
    if titled:
        best = max(titled, key=lambda id: (scores[id], found[id]))
        if found[best] >= 0.1:
            return best
        found = {id: _labels_found(document, id) for id in _application_forms()}
    best, second = sorted(found, key=lambda id: -found[id])[:2]
    if found[best] < ENOUGH:
        return None
    if found[best] - found[second] >= 0.03:
        return best
    # Two forms with nearly the same labels: the place they name decides.
    counts = {id: _named(document, id) for id in (best, second)}
    first, other = sorted(counts, key=lambda id: -counts[id])
    return first if counts[first] > counts[other] else None


def is_part_of(document: Document, form: str) -> bool:
    """Whether a document that may be the beginning of a form only is a part of this one: its
    title stands there, or several of its labels do."""
    if not document.readable:
        return False
    if load_form(form).report:
        return _report_titled(document) == form
    title = fold(load_form(form).title)
    texts = [fold(t) for t in _short_texts(document, limit=40)]
    texts += [a + b for a, b in pairwise(texts)]
    if any(fuzz.ratio(title, t) >= A_TITLE for t in texts):
        return True
    share = _labels_found(document, form)
    return share >= A_PAGE and share * len(load_form(form).fields) >= FEW_LABELS


def report_told(document: Document) -> str | None:
    """The report that a document is by what it speaks of, whatever its title says: most of the
    indicators that no other form asks for, and most of the areas that each need a project."""
    text = fold("".join(b.text if isinstance(b, Paragraph) else "".join(c.text for c in b.cells)
                        for b in document.blocks))  # fmt: skip
    others = {f.id for id in _application_forms() for f in load_form(id).fields}
    for id in _reports():
        fields = load_form(id).fields
        own = [f for f in fields if f.type in ("number", "integer") and f.id not in others]
        areas = [f for f in fields if f.type == "narrative"]
        if all(sum(_spoken_of(f.words, text) for f in several) > len(several) * MOST
               for several in (own, areas)):  # fmt: skip
            return id
    return None


def _spoken_of(words: Sequence[str], text: str) -> bool:
    return any(fold(w) in text for w in words)


def _report_titled(document: Document) -> str | None:
    """The report a document's title names. Reports have no labels by which to tell them."""
    titles = [fold(t) for t in _short_texts(document, limit=12)]
    titles += [a + b for a, b in pairwise(titles)]  # a title that goes on in a second line
    for id in _reports():
        words = [fold(w) for w in load_form(id).titled]
        if any(w in t for t in titles for w in words):
            return id
    return None


@lru_cache(maxsize=1)
def _reports() -> tuple[str, ...]:
    return tuple(id for id in form_ids() if load_form(id).report)


@lru_cache(maxsize=1)
def _application_forms() -> tuple[str, ...]:
    forms = {load_programme(id).form for id in programme_ids()}
    return tuple(id for id in form_ids() if id in forms and not load_form(id).report)


def _title_score(title: str, texts: Sequence[str]) -> float:
    whole = "".join(texts)
    if title in whole:
        return 100.0
    return max((fuzz.ratio(title, t) for t in texts), default=0.0)


def _short_texts(document: Document, limit: int | None = None) -> Iterator[str]:
    """Titles, headings and cells with little text, in reading order, prose left out."""
    for block in document.blocks[:limit]:
        if isinstance(block, Paragraph):
            if len(block.text) <= SHORT:
                yield block.text
        else:
            for cell in block.cells:
                if len(cell.text) <= SHORT:
                    yield cell.text


def _labels_found(document: Document, form: str) -> float:
    """The share of the form's fields whose labels stand in the document."""
    words = vocabulary(form)
    texts = set(_short_texts(document))
    found = {key for t in texts for h in [words.read(t)] if h for key, s in h.labels if s >= 95}
    wanted = [{core(p[-1]) for p in f.paths} for f in load_form(form).fields]
    return sum(bool(keys & found) for keys in wanted) / len(wanted)


def _named(document: Document, form: str) -> int:
    """How often the document names the place in the form's title (潍坊市…, 聊城市…)."""
    place = load_form(form).title.split("市", 1)[0]
    return sum(t.count(place) for t in _short_texts(document))
