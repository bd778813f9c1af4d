"""The programmes: each condition with its number, its article and the words it comes from."""

from __future__ import annotations

import streamlit as st

from extractor.storing.store import Store
from models.programme import Condition, Criterion, Programme, load_programme, programme_ids
from models.types import Citation
from review_ui.screens import drafts
from review_ui.screens.frame import (
    at,
    esc,
    field_name,
    form_of,
    html,
    plain,
    severity_html,
    text,
    turn,
)


def show(store: Store) -> None:
    ids = programme_ids()
    current = at("programme") if at("programme") in ids else ids[0]
    html(f"<h1>{esc(text('Programmes'))}</h1>")
    left, right = st.columns([3, 9], gap="medium")
    with left, st.container(key="programmes", gap="small"):
        for id in ids:
            st.button(
                plain(load_programme(id).name), key=f"programme-{id}", width="stretch",
                type="primary" if id == current and not at("draft") else "secondary",
                on_click=turn, kwargs={"programme": id, "draft": ""},
            )  # fmt: skip
        st.button(
            text("Try a draft"), key="draft", icon=":material/science:", width="stretch",
            type="primary" if at("draft") else "tertiary", on_click=turn, kwargs={"draft": "1"},
        )  # fmt: skip
    with right, st.container(key="programme", height=600):
        if at("draft"):
            drafts.show(store)
        else:
            _programme(load_programme(current))


def _programme(p: Programme) -> None:
    origin = " · ".join(x for x in (p.office, p.number) if x)
    html(f"<h2>{esc(p.title)}</h2><p class='hint'>{esc(origin)}</p>")
    html(_dates(p))
    if p.criteria:
        head = _th(text("Condition"), text("Needed"), text("If not"), text("Article and words"))
        rows = "".join(_criterion(c, p) for c in p.criteria)
        html(f'<h3>{esc(text("Conditions"))}</h3><table class="list">{head}{rows}</table>')
    else:
        none = text("This programme sets no numeric condition of its own.")
        html(f'<p class="hint">{esc(none)}</p>')
    if p.materials:
        rows = "".join(
            f"<tr><td>{esc(m.name)}</td>"
            f"<td>{esc(text('required') if m.required else text('where it applies'))}</td>"
            f"<td>{_cite(m.citation, p)}</td></tr>"
            for m in p.materials
        )
        head = _th(text("Material"), "", text("Article and words"))
        html(f'<h3>{esc(text("Materials"))}</h3><table class="list">{head}{rows}</table>')


def _th(*names: str) -> str:
    return "<tr>" + "".join(f"<th>{esc(n)}</th>" for n in names) + "</tr>"


def _dates(p: Programme) -> str:
    rows = []
    if p.in_force is not None:
        begin, end = p.in_force.begin, p.in_force.end
        if begin or end:
            said = text("{begin} to {end}", begin=begin or "…", end=end or "…")
        else:
            said = text("the document leaves its dates open")
        rows.append((text("In force"), said, p.in_force.citation))
    if p.deadline is not None:
        rows.append((text("Deadline"), str(p.deadline.date), p.deadline.citation))
    if p.quota is not None:
        said = text("at most {n} per city", n=p.quota.clusters)
        rows.append((text("Quota"), said, p.quota.citation))
    body = "".join(
        f"<tr><td>{esc(name)}</td><td><b>{esc(said)}</b></td><td>{_cite(c, p)}</td></tr>"
        for name, said, c in rows
    )
    return f'<table class="list">{body}</table>' if body else ""


def _criterion(c: Criterion, p: Programme) -> str:
    alternatives = [_condition(k, p) for k in c.conditions]
    joint = f"<br><i>{esc(text('or'))}</i> "
    names = joint.join(f"{esc(name)}" for name, _ in alternatives)
    needed = joint.join(f"<b>{esc(number)}</b>" for _, number in alternatives)
    years = {
        "each": text("each year"),
        "last": text("the last year"),
        "earlier": text("the earlier years"),
        "all": text("over the years"),
    }.get(c.years or "", "")
    hint = f'<br><span class="hint">{esc(years)}</span>' if years else ""
    severity = severity_html(c.severity)
    if c.severity_earlier != c.severity:
        earlier = text("the earlier years")
        severity += (
            f'<br>{severity_html(c.severity_earlier)} <span class="hint">{esc(earlier)}</span>'
        )
    return (
        f"<tr><td>{names}<br><small>{esc(c.rule)}</small></td><td>{needed}{hint}</td>"
        f"<td>{severity}</td><td>{_cite(c.citation, p)}</td></tr>"
    )


def _condition(k: Condition, p: Programme) -> tuple[str, str]:
    """What is looked at, and what it must be."""
    form = form_of(p.form)
    names = [field_name(form, f) for f in k.fields]
    what = {
        "field": "、".join(names),
        "sum_of": " + ".join(names),
        "average_of": text("average of {field}", field="、".join(names)),
        "growth_of": text("yearly growth of {field}", field="、".join(names)),
    }.get(k.operand, "、".join(names))
    if k.operator == "ticked":
        return what, "☑ " + " / ".join(k.options)
    if k.operator == "falls_every_year":
        return what, text("falls every year")
    sign = {"at_least": "≥", "more_than": ">", "at_most": "≤", "less_than": "<"}[k.operator]
    unit = form.field(k.fields[0]).unit if form is not None and form.has(k.fields[0]) else None
    unit = "%" if k.operand == "growth_of" else unit
    return what, f"{sign} {k.number:f} {unit or ''}".strip()


def _cite(c: Citation, p: Programme) -> str:
    document = f"{esc(c.document)} " if c.document != p.title else ""
    return f"{document}{esc(c.article)}<q>{esc(c.quote)}</q>"
