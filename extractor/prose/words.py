"""The words of a sentence, told by spaCy's PhraseMatcher: subjects, and what is said of them.

It works on single characters, and of the wordings that overlap the longest is taken, so that
将近 is no 将 and 规划面积 no 规划.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.prose.numbers import HEDGE_OF, Amount, amounts
from extractor.prose.times import Time, times
from models.loading.called import Vocabulary, sentence_words

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_PIECE = re.compile(r"[^。!?！？\n]+|[。!?！？\n]+")
SUBJECT, NUMBER, TIME, UNKNOWN = "subject", "number", "time", "unknown"
ENDS = "。!?！？\n"


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    start: int
    end: int
    text: str
    amount: Amount | None = None
    time: Time | None = None


_MATCHERS: dict[int, tuple[Vocabulary, PhraseMatcher, Vocab]] = {}


def _matcher(vocabulary: Vocabulary) -> tuple[PhraseMatcher, Vocab]:
    """What knows a form's subjects beside the words of every sentence; built once in a process
    for each form."""
    known = _MATCHERS.get(id(vocabulary))
    if known is None:
        import spacy
        from spacy.matcher import PhraseMatcher

        vocab = spacy.blank("zh").vocab
        seen = dict.fromkeys(vocabulary.wordings, SUBJECT)
        for text, kind in sentence_words().items():
            seen.setdefault(text, kind)
        for word in HEDGE_OF:
            if word not in "余多来几+":
                seen.setdefault(word, "hedge")
        matcher = PhraseMatcher(vocab)
        for kind in dict.fromkeys(seen.values()):
            matcher.add(kind, [_characters(t, vocab) for t, k in seen.items() if k == kind])
        known = _MATCHERS[id(vocabulary)] = (vocabulary, matcher, vocab)
    return known[1:]


def _characters(text: str, vocab: Vocab) -> Doc:
    """A token for each character. spaCy's own tokenizer looks for each in all the rest of the
    text, which takes minutes where the text is long."""
    from spacy.tokens import Doc

    return Doc(vocab, words=list(text))


def _words(text: str, vocabulary: Vocabulary) -> Iterator[Token]:
    """The known words in a text, none overlapping, in no order: the longest, then the first."""
    matcher, vocab = _matcher(vocabulary)
    found = set(matcher(_characters(text, vocab)))
    taken = bytearray(len(text))
    for kind, start, end in sorted(found, key=lambda m: (m[1] - m[2], m[1])):
        if start and text[start] in "省市县区" and text[start - 1] in "全我本":
            continue  # 全市小巨人 are the city's, no 市小巨人
        if not (taken[start] or taken[end - 1]):
            taken[start:end] = b"\1" * (end - start)
            yield Token(vocab.strings[kind], start, end, text[start:end])


def tokens(text: str, vocabulary: Vocabulary) -> list[Token]:
    """The folded text as tokens without gaps, in order. Times go before subjects, subjects
    before numbers, numbers before all other words."""
    dated = list(times(text, 0, len(text)))
    masked = list(text)
    for time in dated:  # 年 of a year is no word
        masked[time.start : time.end] = "\0" * (time.end - time.start)
    entities = list(_words("".join(masked), vocabulary))
    kept = [t for t in entities if t.kind == SUBJECT]
    kept += [Token(TIME, t.start, t.end, text[t.start : t.end], time=t) for t in dated]
    kept.sort(key=lambda t: t.start)
    edges = [0, *(x for t in kept for x in (t.start, t.end)), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        for a in amounts(text, start, end):
            kept.append(Token(NUMBER, a.start, a.end, text[a.start : a.end], a))
    kept.sort(key=lambda t: t.start)
    taken = bytearray(len(text))
    for t in kept:
        taken[t.start : t.end] = b"\1" * (t.end - t.start)
    kept += [t for t in entities if t.kind != SUBJECT and not any(taken[t.start : t.end])]
    kept.sort(key=lambda t: t.start)
    return list(_filled(text, kept))


def _filled(text: str, kept: list[Token]) -> Iterator[Token]:
    """The tokens with what nobody knows between them."""
    at = 0
    for t in kept:
        yield from _unknown(text, at, t.start)
        yield t
        at = t.end
    yield from _unknown(text, at, len(text))


def _unknown(text: str, start: int, end: int) -> Iterator[Token]:
    """What nobody knows, parted where a sentence ends: what begins the next belongs to that."""
    for words in _PIECE.finditer(text, start, end):
        yield Token(UNKNOWN, words.start(), words.end(), words[0])
