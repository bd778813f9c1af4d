"""Subjects that no wording names where their number stands: by their words in another order, by a
word that changes, by nothing but whose they are or the unit they are counted in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from extractor.prose import around
from extractor.prose.numbers import Amount
from extractor.prose.subjects import MARKETS, Said, Subject, Subjects
from extractor.prose.words import ENDS, NUMBER, SUBJECT, TIME, UNKNOWN, Token
from models.loading.called import Called

Fits = Callable[[Amount, str], bool]
"""Whether a number with its unit may be a figure of a field."""


def loose(subjects: Subjects, n: int, said: Said, fits: Fits) -> None:
    """Takes what the clause names by its words in another order as the subject of the number at a
    token: 搞研发的人占用工的9%."""
    scope, amount, now = subjects.scope, subjects.tokens[n].amount, subjects.now
    clause = subjects.tokens[scope.first : n]
    words = "".join(t.text for t in clause)
    heads = [h for h in subjects.words if h[0] in words]
    if not heads or amount is None or scope.is_(n + 1, SUBJECT):
        return
    if any(t.kind in ("increment", "each", "up") for t in clause):
        return
    after = scope.at(n + 1)
    if after and after.kind == UNKNOWN and after.text[0] not in (*ENDS, "了"):
        return  # 园区内有3家检测机构
    own = "".join("|" if _names(subjects, t) else t.text for t in clause)
    # 应用工业互联网平台的中小企业76家，普及率46.91%
    before = around.clause_before(scope) + words if amount.percent else words
    named = {
        field: groups for head, field, groups in heads
        if head in own
        and all(any(w in before for w in group) for group in groups)
        and sum(not any(w in words for w in group) for group in groups) < 2
        and fits(amount, field)
    }  # fmt: skip
    if len(named) != 1:
        return
    field, groups = named.popitem()
    share = any(t.kind == "share" for t in clause)  # 占营业收入的3.9%, of what has been said
    if share and now and any(c.facet == "share" and c.field == field for c in now.called):
        return
    mine = {w for group in groups for w in group}
    for t in clause:
        if t.kind == "share":
            break  # what stands behind is what it is a share of
        several = subjects.wordings.get(t.text, ())
        other = several and any(w in t.text for w in mine)
        told = (c for c in several if fits(amount, c.field))
        if _names(subjects, t) and (
            not other or any(c.field != field or c.strength == "called" for c in told)
        ):
            return
    called = tuple(Called(field, facet, "vague") for facet in ("level", "share"))
    subjects.now = Subject(clause[0], field, called, scope.foreign or scope.owner, guessed=True)
    subjects.group, said.dirty = [subjects.now], False
    subjects.spoken = [*subjects.spoken, subjects.now]


def _names(subjects: Subjects, token: Token) -> bool:
    """Whether a token is a subject, and not the cluster's firms at large."""
    several = subjects.wordings.get(token.text, ()) if token.kind == SUBJECT else ()
    return token.kind == SUBJECT and not any(c.field in subjects.whole for c in several)


def swapped(subjects: Subjects, n: int) -> bool:
    """Whether 省内 at a token says of that market what has been said of another:
    国内市场占有率35%，省内58%."""
    here, token, k = subjects.now, subjects.tokens[n], n + 1
    while subjects.scope.is_(k, "link", "have", "share", "hedge", "own", "every"):
        k += 1
    amount = subjects.tokens[k].amount if subjects.scope.is_(k, NUMBER) else None
    if here is None or not here.used or amount is None or not amount.percent:
        return False
    held = next((m for m in MARKETS if m in here.text), "")
    text = here.text.replace(held, token.text) if held else ""
    if text not in subjects.wordings or text == here.text:
        return False
    called = subjects.wordings[text]
    now = replace(subjects.again(here), token=token, text=text, called=called, guessed=True)
    subjects.now, subjects.spoken = now, [*subjects.spoken, now]
    return True


def back(subjects: Subjects, n: int) -> None:
    """集群 at a token: what has just been said of somebody else is now said of the cluster:
    全市同行业从业人员9万人，本集群2.4万人."""
    k = n + 1
    while subjects.scope.is_(k, "link", "have", "hedge", "own", "share", TIME):
        k += 1
    if not subjects.scope.is_(k, NUMBER) or subjects.scope.is_(k + 1, SUBJECT):
        return
    amount, now = subjects.tokens[k].amount, subjects.now
    unit = amount.unit if amount and not amount.percent else ""
    if unit and not (now and now.told_in == unit):
        # 企业有两千多家，出口额35亿美元。我们集群有230家
        theirs = (s for s in reversed(subjects.spoken) if s.foreign and s.told_in == unit)
        now = next(theirs, now)
    if now and now.foreign and now.used and not now.blocked:
        again = replace(subjects.again(now), token=subjects.tokens[n], foreign=False)
        earlier = now.token.start < subjects.tokens[0].start
        again.guessed = earlier or now.text != now.token.text
        again.narrowed = again.earlier = False
        subjects.now = again


def like(subjects: Subjects, amounts: Sequence[Amount | None]) -> list[Subject]:
    """The subjects said last, in their order, where numbers without any have the units of
    theirs: A县企业310家、从业人员2.4万人；本县集群为248家、1.85万人."""
    units = [a.unit if a else "" for a in amounts]
    last = subjects.spoken[-len(units) :]
    told = [s.told_in for s in last]
    if units != told or len(set(units)) < len(units) or not all(s.used for s in last):
        return []
    return [replace(subjects.again(s), guessed=True, earlier=False) for s in last]
