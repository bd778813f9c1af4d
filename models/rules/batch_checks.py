"""The rules about a batch: quota.*, duplicate.*, similarity.*, and a look at the round before.

Everything is compared through indexes of what can be the same, so that the work grows with the
submissions and not with their pairs. A finding stands at every submission it concerns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from models.form import load_form
from models.programme import load_programme
from models.rules.digest import Claim, Digest, Told
from models.rules.figures import figure_name, plain, with_unit
from models.rules.similar import similar_narratives
from models.types import NOWHERE, Finding, Severity
from models.wording import Bilingual, say
from models.writing.naming import folded, region_stem, same_cluster_name

BATCH_RULES = ("quota.", "duplicate.", "similarity.", "agreement.earlier-round")
"""Prefixes of the rules that stand at a submission because of another one."""

Found = tuple[int, Finding]
"""The place of the submission in the batch, and its finding."""
TextOf = Callable[[int, str], str]
"""(place of the submission, narrative's field) → the narrative."""

ALIKE = 80
"""Names of clusters of one county this alike are one name, written twice."""
_FEW_OTHERS = 8
"""So many other submissions are named in one finding."""
_MANY = 24
"""What more submissions than this have in common says nothing about two of them."""


def batch_findings(
    round: Sequence[Digest], text_of: TextOf, calls: Sequence[str] = ()
) -> list[Found]:
    """Every finding about the submissions of one round, in the order of the rules.

    `calls` says for each which batch it came in. What came earlier and comes again is a person's
    to judge: it may be a corrected application.
    """
    pairs = list(_same_clusters(round))
    same = {(i, j) for i, j, _ in pairs}
    return [
        *_quotas(round, same),
        *_duplicates(round, pairs, calls or [""] * len(round)),
        *_claims(round, same),
        *similar_narratives(round, text_of, same),
    ]


# ------------------------------------------------------------------ quota


def _quotas(round: Sequence[Digest], same: set[tuple[int, int]]) -> Iterator[Found]:
    """One cluster handed in twice counts once."""
    first = list(range(len(round)))

    def root(i: int) -> int:
        while first[i] != i:
            i = first[i]
        return i

    for i, j in same:
        first[max(root(i), root(j))] = min(root(i), root(j))
    by_city: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, d in enumerate(round):
        if d.city:
            by_city[d.programme, region_stem(d.city)].append(n)
    for (programme, city), places in by_city.items():
        quota = load_programme(programme).quota
        clusters = {root(n) for n in places}
        if quota is None or len(clusters) <= quota.clusters:
            continue
        names = "、".join(round[n].shown for n in sorted(clusters)[:_FEW_OTHERS])
        more = "…" if len(clusters) > _FEW_OTHERS else ""
        message = say(
            "{n} clusters of the city {city} are put forward, and {limit} may be: {names}",
            n=len(clusters),
            city=city,
            limit=quota.clusters,
            names=names + more,
        )
        for n in places:
            others = [round[m].place(round[m].where_region) for m in places if m != n]
            own = round[n].where_region
            yield n, Finding(
                "quota.exceeded", "error", ("region_city",), message,
                expected=f"≤ {quota.clusters}", actual=str(len(clusters)),
                citation=quota.citation,
                evidences=tuple(e for e in (own, *others[:_FEW_OTHERS]) if e != NOWHERE),
            )  # fmt: skip


# ------------------------------------------------------------------ the same cluster twice


def _same_clusters(round: Sequence[Digest]) -> Iterator[tuple[int, int, Bilingual]]:
    """(one, the other, why they are the same) for every two that are found to be the same."""
    numbers = [_numbers(d) for d in round]
    for i, j in sorted(_candidates(round, numbers)):
        why = _why_same(round[i], round[j], numbers[i], numbers[j])
        if why is not None:
            yield i, j, why


Numbers = dict[str, Decimal]


def _numbers(d: Digest) -> Numbers:
    """The figures that two clusters do not have in common by chance: of three digits or more."""
    return {t.ref: t.value for t in d.figures if len(t.value.normalize().as_tuple().digits) >= 3}


def _candidates(round: Sequence[Digest], numbers: list[Numbers]) -> set[tuple[int, int]]:
    buckets: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for n, d in enumerate(round):
        keys: list[tuple[object, ...]] = []
        if d.papers:
            keys.append(("papers", d.papers))
        if d.form_file:
            keys.append(("form", d.form_file))
        if d.county:
            keys.append(("county", d.programme, region_stem(d.county)))
        if core := d.names.core:
            keys.append(("core", d.programme, core))
        keys += [("figure", ref, value) for ref, value in numbers[n].items()]
        for key in keys:
            buckets[key].append(n)
    found: set[tuple[int, int]] = set()
    hits: dict[tuple[int, int], int] = defaultdict(int)
    for key, places in buckets.items():
        if key[0] == "figure":
            if len(places) <= _MANY:
                for pair in _pairs(places):
                    hits[pair] += 1
        else:
            found.update(_pairs(places))
    return found | {pair for pair, n in hits.items() if n >= 5}


def _pairs(places: list[int]) -> Iterator[tuple[int, int]]:
    """All pairs of a few; of many, each with the next and with the first."""
    if len(places) <= _MANY:
        for n, i in enumerate(places):
            for j in places[n + 1 :]:
                yield i, j
        return
    yield from pairwise(places)
    yield from ((places[0], j) for j in places[2:])


def _why_same(a: Digest, b: Digest, own: Numbers, others: Numbers) -> Bilingual | None:
    if a.papers and a.papers == b.papers:
        return say("their files are the same to the byte")
    if a.form_file and a.form_file == b.form_file:
        return say("the form is the same file")
    if a.programme != b.programme:
        return None
    one, other = a.names, b.names
    counties = (region_stem(a.county), region_stem(b.county))
    together = [r for r in own if r in others]
    equal = [r for r in together if own[r] == others[r]]
    share = len(equal) / len(together) if len(together) >= 8 else 0.0
    if share >= 0.6:
        return say("{n} of {all} figures are the same", n=len(equal), all=len(together))
    if not one.core or not other.core or counties[0] != counties[1] or not counties[0]:
        return None
    if same_cluster_name(one, other):
        return say("they bear the same name")
    from rapidfuzz import fuzz

    likeness = fuzz.ratio(one.core, other.core)
    within = min(len(one.core), len(other.core)) >= 2 and (
        one.core in other.core or other.core in one.core
    )
    same_operator = bool(a.operator) and folded(a.operator) == folded(b.operator)
    same_industry = bool(a.industry) and folded(a.industry) == folded(b.industry)
    if likeness >= ALIKE or ((likeness >= 50 or within) and (share >= 0.2 or same_industry)):
        return say("county and name are as good as the same")
    if within and same_operator:
        return say("they have one operator, and the one name holds the other")
    return None


def _duplicates(
    round: Sequence[Digest], pairs: list[tuple[int, int, Bilingual]], calls: Sequence[str]
) -> Iterator[Found]:
    for one, other, why in pairs:
        severity: Severity = "error" if calls[one] == calls[other] else "warning"
        for n, m in ((one, other), (other, one)):
            a, b = round[n], round[m]
            message = say(
                "This submission and {other} are the same cluster: {why}",
                other=b.shown,
                why=why,
            )
            evidences = tuple(e for e in (a.where, b.place(b.where)) if e.file)
            yield n, Finding(
                "duplicate.submission", severity, ("cluster_name",), message,
                actual=f"{a.cluster} / {b.cluster}" if a.cluster or b.cluster else "",
                evidences=evidences,
            )  # fmt: skip


# ------------------------------------------------------------------ claimed twice


def _claims(round: Sequence[Digest], same: set[tuple[int, int]]) -> Iterator[Found]:
    holders: dict[tuple[str, str], list[tuple[int, Claim]]] = defaultdict(list)
    for n, d in enumerate(round):
        for claim in d.claims:
            holders[claim.kind, claim.key].append((n, claim))
    shared: dict[tuple[int, int, str], list[tuple[Claim, Claim]]] = defaultdict(list)
    for (kind, _), found in holders.items():
        held = dict(reversed(found))
        if len(held) < 2 or len(held) > _MANY:
            continue
        for i, j in _pairs(sorted(held)):
            # of firms, one that two texts only mention may be anybody's
            told = kind != "enterprise" or held[i].listed or held[j].listed
            # and two submissions of one cluster claim the same by nature
            if told and (i, j) not in same:
                shared[i, j, kind].append((held[i], held[j]))
    for (i, j, kind), claims in sorted(shared.items()):
        for n, m, side in ((i, j, 0), (j, i, 1)):
            names = "、".join(pair[side].text for pair in claims[:_FEW_OTHERS])
            message = say(
                "{kind} claimed here and by {other} too: {names}",
                kind=_kind(kind),
                other=round[m].shown,
                names=names + ("…" if len(claims) > _FEW_OTHERS else ""),
            )
            evidences = []
            for pair in claims[:_FEW_OTHERS]:
                evidences.append(pair[side].evidence)
                evidences.append(round[m].place(pair[1 - side].evidence))
            fields = tuple(dict.fromkeys(pair[side].field for pair in claims))
            yield n, Finding(
                "duplicate.claim", "warning", fields, message, actual=names,
                evidences=tuple(evidences),
            )  # fmt: skip


def _kind(kind: str) -> Bilingual:
    return {
        "enterprise": say("enterprises"),
        "patent": say("patents"),
        "standard": say("standards"),
        "platform": say("platforms"),
    }[kind]


# ------------------------------------------------------------------ the round before


def earlier_round(now: Digest, before: Digest) -> list[Finding]:
    """What a cluster's form says otherwise than its form of an earlier round, of the same year."""
    stated: dict[str, Told] = {t.ref: t for t in before.figures if "@" in t.ref}
    form = load_form(load_programme(now.programme).form)
    found = []
    for t in now.figures:
        other = stated.get(t.ref)
        if other is None or other.unit != t.unit or _agree(t.value, other.value):
            continue
        field, _, period = t.ref.partition("@")
        if not form.has(field) or form.field(field).columns:
            continue
        message = say(
            "{figure} is {one} here and was {other} in the round of {year} ({submission})",
            figure=figure_name(form.field(field), period),
            one=with_unit(plain(t.value), t.unit),
            other=with_unit(plain(other.value), other.unit),
            year=before.year,
            submission=before.name,
        )
        found.append(
            Finding(
                "agreement.earlier-round",
                "warning",
                (t.ref,),
                message,
                expected=with_unit(plain(other.value), other.unit),
                actual=with_unit(plain(t.value), t.unit),
                evidences=(t.evidence, before.place(other.evidence)),
            )
        )
    return found


def _agree(a: Decimal, b: Decimal) -> bool:
    """Whether the one can be the other rounded, as both are written."""
    places = max(a.as_tuple().exponent, b.as_tuple().exponent)
    half = Decimal(5).scaleb(int(places) - 1) if int(places) < 0 else Decimal(0)
    return a == b or abs(a - b) <= half
