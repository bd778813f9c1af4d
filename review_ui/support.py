"""What supports the form: which paper answers which claim, and what the attached lists count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from extractor.storing.records import Stored
from models.form import Form
from models.programme import Programme
from models.rules.figures import figure_name
from models.rules.packaged import SURE
from models.types import Application, Attached, ListedRow, Listing, Paper
from models.wording import Bilingual, say
from review_ui.worksheet.words import form_of, programme_of


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of the form, or a document the programme asks for, with what answers it."""

    id: str
    name: Bilingual
    papers: tuple[Attached, ...]
    """The surest first."""

    @property
    def sure(self) -> bool:
        return self.papers[0].strength >= SURE


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure of the form beside the rows of the list that it counts."""

    name: Bilingual
    stated: Decimal | None
    """What the form says; None where it gives no number."""
    listing: Listing

    @property
    def agrees(self) -> bool | None:
        return None if self.stated is None else self.stated == self.listing.count


@dataclass(frozen=True, slots=True)
class AttachedList:
    """One list of the package with every figure it counts."""

    file: str
    title: str
    counted: tuple[Counted, ...]
    rows: tuple[ListedRow, ...]
    """Each row once, in the list's order as far as the figures' parts keep it."""

    @property
    def wrong(self) -> tuple[ListedRow, ...]:
        return tuple(r for r in self.rows if r.status != "counted")

    @property
    def differs(self) -> int:
        return sum(c.agrees is False for c in self.counted)

    @property
    def sure(self) -> bool:
        return all(c.listing.sure for c in self.counted)


def claims(stored: Stored) -> list[Claim]:
    """Each claim that some paper answers, in the form's order as the papers were matched."""
    application = stored.result.application
    found: dict[str, list[Attached]] = defaultdict(list)
    for a in application.attached if application is not None else ():
        found[a.claim].append(a)
    form, programme = form_of(application), programme_of(stored)
    return [
        Claim(id, claim_name(id, form, programme), tuple(sorted(papers, key=lambda a: -a.strength)))
        for id, papers in found.items()
    ]


def claim_name(claim: str, form: Form | None, programme: Programme | None) -> Bilingual:
    """`field@period`, `field: option` or `material: id` in words."""
    reference, _, what = claim.partition(": ")
    if reference == "material":
        known = programme.materials if programme is not None else ()
        called = next((m.name for m in known if m.id == what), what)
        return say("document: {name}", name=called)
    field, _, period = reference.partition("@")
    if form is None or not form.has(field):
        return Bilingual(claim, claim)
    name = figure_name(form.field(field), period or None)
    return say("{name}: {what}", name=name, what=what) if what else name


def lists(stored: Stored) -> list[AttachedList]:
    """The attached lists, those with something wrong first."""
    application = stored.result.application
    if application is None:
        return []
    form = form_of(application)
    groups: dict[tuple[str, str], list[Listing]] = defaultdict(list)
    for x in application.listings:
        groups[x.evidence.file, x.title].append(x)
    found = []
    for (file, title), parts in groups.items():
        counted = tuple(Counted(_name(x, form), _stated(x, application), x) for x in parts)
        rows = {(r.evidence.file, r.evidence.place, r.text): r for x in parts for r in x.rows}
        found.append(AttachedList(file, title, counted, tuple(rows.values())))
    return sorted(found, key=lambda a: not (a.wrong or a.differs or not a.sure))


def doubtful(paper: Paper, attached: Iterable[Attached] = ()) -> bool:
    """Whether a person must look what it is, or read what could not be read. One that surely
    answers something needs nobody to say what kind of paper it is."""
    if not paper.read or paper.unread_pages:
        return True
    surely = any(a.evidence.file == paper.file and a.strength >= SURE for a in attached)
    return paper.confidence < SURE and not surely


def _name(x: Listing, form: Form | None) -> Bilingual:
    if form is None or not form.has(x.field):
        return Bilingual(x.field, x.field)
    return figure_name(form.field(x.field), x.period)


def _stated(x: Listing, application: Application) -> Decimal | None:
    names = [f.partition("@") for f in x.fields] or [(x.field, "", x.period or "")]
    found = [application.answer(field, period or None) for field, _, period in names]
    values = [a.value for a in found if a is not None and isinstance(a.value, Decimal)]
    return sum(values, Decimal(0)) if values and len(values) == len(names) else None
