"""agreement.summary-table: this cluster's row of the recommendation summary table.

Its name, county and operator are compared with every other place's under agreement.name.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from models.form import Form, load_form
from models.interval import Interval
from models.rules.figures import Figure, Figures, field_name, with_unit
from models.rules.outcomes import Outcomes, result
from models.types import NOWHERE, Application, Check, Evidence, Finding, Mention, NarrativeAnswer
from models.wording import say
from models.writing.naming import folded

TABLE = "agreement.summary-table"
LENGTH = "length.over-limit"
_LED = ("standards_led_national", "standards_led_industry")
_STANDARDS = re.compile(
    r"(?<!参与)(?<!或)主持(?:起草|制定|制修订|编制)*的?国家(?:标准)?[和及与]?行业标准(?:共计?|数量|累计)?(?:为|达到?)?(\d+)[项个]"
)


def summary_checks(form: Form, application: Application) -> Outcomes:
    """Checks of the rows: the figures their introductions state, the leading industry, the
    length; and a warning where a table was read that holds no row of this cluster."""
    read = [p for p in application.papers if p.role == "summary_table" and p.read]
    name = application.answer("cluster_name")
    if read and not application.summaries and name is not None and name.state == "given":
        message = say("{file} holds no row of this cluster", file=read[0].file)
        places = (Evidence(read[0].file), name.evidence)
        yield (
            Check(TABLE, ("cluster_name",), "not_met", None, places),
            Finding(TABLE, "warning", ("cluster_name",), message, evidences=places),
        )
    figures = Figures(form, application)
    for row in application.summaries:
        for mention in row.mentions:
            if form.has(mention.field):
                yield from _figure(mention, figures)
        yield from _standards(row, figures)
        yield from _industry(row, application)
        for narrative in row.narratives:
            yield from _length(row, narrative)


def _figure(mention: Mention, figures: Figures) -> Outcomes:
    field = figures.form.field(mention.field)
    periods = (mention.period,) if mention.period else figures.periods(mention.field)
    known = [p for p in periods if p in figures.periods(mention.field)]
    found = [figures.get(mention.field, p, none_is_zero=field.integer) for p in known]
    if not found:
        return
    agreeing = next((f for f in found if _agree(f, mention)), None)
    figure = agreeing or found[-1]
    places = tuple(e for e in (mention.evidence, figure.evidence) if e != NOWHERE)
    if figure.quantity is None:
        yield Check(TABLE, (figure.ref,), "unchecked", figure.trouble, places, mention.raw), None
        return
    expected = with_unit(figure.quantity.value, figure.unit)
    if agreeing:
        yield Check(TABLE, (figure.ref,), "met", None, places, mention.raw), None
        return
    message = say(
        "{figure} is {expected} on the form, and the summary table says “{raw}”",
        figure=figure.name, expected=expected, raw=mention.raw,
    )  # fmt: skip
    sure = mention.sure and not mention.quantity.approximate
    yield (
        Check(TABLE, (figure.ref,), "not_met", None, places, mention.raw, required=expected),
        Finding(
            TABLE, "error" if sure else "warning", (figure.ref,), message,
            expected=expected, actual=mention.raw, evidences=places,
        ),
    )  # fmt: skip


def _standards(row: Application, figures: Figures) -> Outcomes:
    """The one sum the table's guidance asks for: 近三年主持制定国家和行业标准数量."""
    refs = [(f, y) for f in _LED for y in figures.form.years if figures.form.has(f)]
    for narrative in row.narratives:
        found = _STANDARDS.search(folded(narrative.text))
        if found is None or not refs:
            continue
        each = [figures.get(f, y, none_is_zero=True) for f, y in refs]
        names = tuple(f.ref for f in each)
        places = tuple(dict.fromkeys([narrative.evidence, *(f.evidence for f in each)]))
        trouble = next((f.trouble for f in each if f.trouble), None)
        if trouble is not None:
            yield Check(TABLE, names, "unchecked", trouble, places, found[0]), None
            continue
        stated, whole = int(found[1]), sum((f.value for f in each), Decimal(0))
        if stated == whole:
            yield Check(TABLE, names, "met", None, places, found[0]), None
            continue
        message = say(
            "the summary table says “{raw}”; the form's national and industry standards that "
            "were led come to {count}",
            raw=found[0], count=f"{whole:f}",
        )  # fmt: skip
        yield (
            Check(TABLE, names, "not_met", None, places, found[0], f"{whole:f}"),
            Finding(
                TABLE, "error", names, message,
                expected=f"{whole:f}", actual=str(stated), evidences=places,
            ),
        )  # fmt: skip


def _agree(figure: Figure, mention: Mention) -> bool:
    return figure.quantity is not None and Interval.from_quantity(figure.quantity).overlaps(
        Interval.from_quantity(mention.quantity)
    )


def _industry(row: Application, application: Application) -> Outcomes:
    """The leading industry, which the form does not ask for: the cluster's name, or one of its
    narratives, must speak of it."""
    industry, name = row.answer("leading_industry"), application.answer("cluster_name")
    if industry is None or industry.state != "given" or industry.needs_look:
        return
    if name is None or name.state != "given" or name.needs_look:
        return
    words = [w for w in re.split(r"[、，,；;及和与/\s]+", str(industry.value)) if len(w) > 1]
    called = folded(str(name.value))
    prose = folded("".join(n.text for n in application.narratives))
    met = any(_speaks(folded(_bare(w)), called, prose) for w in words) or not words
    message = None
    if not met:
        message = say(
            "the leading industry is “{industry}” in the summary table, and neither the "
            "cluster's name “{name}” nor its texts speak of it",
            industry=industry.value, name=name.value,
        )  # fmt: skip
    yield result(
        TABLE, ("leading_industry",), message, "warning", sources=(industry, name),
        expected=str(name.value), actual=str(industry.value),
    )  # fmt: skip


def _bare(industry: str) -> str:
    return re.sub(r"(?:制造|加工|生产)?(?:产业|行业|业)$", "", industry) or industry


def _speaks(word: str, name: str, prose: str) -> bool:
    from rapidfuzz import fuzz

    return word in name or word in prose or fuzz.partial_ratio(word, name) >= 60


def _length(row: Application, narrative: NarrativeAnswer) -> Outcomes:
    field = load_form(row.form).field(narrative.field)
    if not field.limit or narrative.state != "given":
        return
    over, message = narrative.characters > field.limit, None
    if over:
        message = say(
            "{field} has {count} characters ({other} as characters without spaces); "
            "the limit is {limit}",
            field=field_name(field), count=narrative.characters,
            other=narrative.characters_no_spaces, limit=field.limit,
        )  # fmt: skip
    check, finding = result(
        LENGTH, (field.id,), message, "warning", sources=(narrative,),
        expected=f"≤ {field.limit}", actual=str(narrative.characters),
    )  # fmt: skip
    yield check if check is None else replace(check, stated=str(narrative.characters)), finding
