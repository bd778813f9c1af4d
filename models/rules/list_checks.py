"""agreement.list-count: the rows of an attached list against the count on the form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from models.form import Form
from models.rules.figures import Figures, figure_name, listed, reference
from models.rules.outcomes import Outcomes
from models.types import Application, Check, Evidence, Finding, ListedRow, Listing, Severity
from models.wording import Bilingual, say

COUNT = "agreement.list-count"
SHOWN = 6


def list_checks(form: Form, application: Application) -> Outcomes:
    """One check for each listing. Where the count is the form's, doubled and malformed rows are
    a notice; where only a listing that is not sure differs, a warning."""
    figures = Figures(form, application)
    outcomes = list(_each(form, figures, application.listings))
    told = [f for _, f in outcomes if f is not None and f.severity != "notice"]
    parts = {id(total): part for total in told if (part := _part_of(total, told))}
    for check, finding in outcomes:
        if finding is None or id(finding) not in parts:
            whole = tuple(
                r for f in told if finding is not None and parts.get(id(f)) is finding
                for r in f.fields
            )  # fmt: skip
            if finding is not None and whole:
                finding = replace(finding, fields=(*finding.fields, *whole))
            yield check, finding
        else:
            yield check, None


def _part_of(total: Finding, told: list[Finding]) -> Finding | None:
    """The one finding about a part of a list, where what is missing there is all that is missing
    in the whole list: the total says nothing more."""
    where = total.evidences[0].file
    parts = [
        f
        for f in told
        if f is not total
        and f.severity == total.severity
        and f.evidences[0].file == where
        and all(_within(field, total) for field in f.fields)
    ]
    if len(parts) != 1 or _lack(parts[0]) != _lack(total):
        return None
    return parts[0]


def _within(field: str, total: Finding) -> bool:
    """honours_brands is a part of honours, service_platform_rd of service_platform_count."""
    whole = total.fields[0].removesuffix("_count")
    return len(total.fields) == 1 and field.startswith(f"{whole}_") and field != total.fields[0]


def _lack(finding: Finding) -> Decimal:
    return Decimal(finding.expected) - Decimal(finding.actual)


def _each(form: Form, figures: Figures, listings: Iterable[Listing]) -> Outcomes:
    for listing in listings:
        refs = listing.fields or (reference(listing.field, listing.period),)
        found = [figures.get(*_parsed(ref), none_is_zero=True) for ref in refs]
        places = tuple(dict.fromkeys([listing.evidence, *(f.evidence for f in found)]))
        trouble = next((f.trouble for f in found if f.trouble), None)
        names = listed([figure_name(f.field, f.period) for f in found])
        stated = sum((f.value for f in found if f.trouble is None), Decimal(0))
        shown = f"{stated:f}"
        if trouble is not None:
            yield Check(COUNT, refs, "unchecked", trouble, places), None
            continue
        told = _told(listing)
        if stated == listing.count:
            check = Check(COUNT, refs, "met", None, places, shown, str(listing.count))
            message = say(
                "{figure}: the list “{title}” holds the {count} that the form states; {rows}",
                figure=names, title=listing.title, count=listing.count, rows=told,
            ) if told else None  # fmt: skip
            if message:
                yield check, None
                yield None, _finding(refs, "notice", message, listing, shown, places)
            else:
                yield check, None
            continue
        message = say(
            "{figure} is {stated} on the form; the list “{title}” holds {count}",
            figure=names, stated=shown, title=listing.title, count=listing.count,
        )  # fmt: skip
        if told:
            message = say("{message} ({why})", message=message, why=told)
        every = len(listing.rows)
        # two of a name are two prizes or platforms perhaps, but one firm
        firms = form.field(listing.field).unit in ("家", "户")
        unnumbered = not firms and not any(r.number for r in listing.rows)
        doubtful = not listing.sure or (unnumbered and stated == every)
        severity: Severity = "warning" if doubtful else "error"
        yield (
            Check(COUNT, refs, "not_met", None, places, shown, str(listing.count)),
            _finding(refs, severity, message, listing, shown, places),
        )


def _parsed(ref: str) -> tuple[str, str | None]:
    field, _, period = ref.partition("@")
    return field, period or None


def _told(listing: Listing) -> Bilingual | None:
    """The doubled and the malformed rows, for people."""
    parts = []
    doubled = [r for r in listing.rows if r.status == "doubled"]
    malformed = [r for r in listing.rows if r.status == "malformed"]
    if doubled:
        parts.append(
            say("{count} rows are doubled: {rows}", count=len(doubled), rows=_rows(doubled))
        )
    if malformed:
        rows = listed([
            Bilingual(f"{_row(r)}（{r.why.zh}）", f"{_row(r)} ({r.why.en})") if r.why
            else Bilingual(_row(r), _row(r))
            for r in malformed[:SHOWN]
        ])  # fmt: skip
        parts.append(
            say("{count} numbers cannot be right: {rows}", count=len(malformed), rows=rows)
        )
    return listed(parts) if parts else None


def _rows(rows: list[ListedRow]) -> str:
    more = "…" if len(rows) > SHOWN else ""
    return "、".join(_row(r) for r in rows[:SHOWN]) + more


def _row(row: ListedRow) -> str:
    where = row.evidence.place
    return f"{row.number or row.text[:30]}（{where}）" if where else row.number or row.text[:30]


def _finding(
    refs: tuple[str, ...],
    severity: Severity,
    message: Bilingual,
    listing: Listing,
    stated: str,
    places: tuple[Evidence, ...],
) -> Finding:
    faulty = tuple(r.evidence for r in listing.rows if r.status != "counted")
    return Finding(
        COUNT, severity, refs, message,
        expected=stated, actual=str(listing.count),
        evidences=tuple(dict.fromkeys((*places, *faulty[:SHOWN]))),
    )  # fmt: skip
