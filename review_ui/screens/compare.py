"""Clusters beside one another: indicators with ranks, outliers, cities, passages, versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from extractor.storing.store import Store
from models.programme import load_programme, programme_ids
from models.rules.figures import plain as written
from models.rules.outliers import outliers
from models.rules.ranking import indicators
from models.types import Application
from review_ui.screens import pairs, queue, standings, versions
from review_ui.screens.frame import (
    at,
    esc,
    form_of,
    go,
    html,
    number_at,
    plain,
    text,
    turn,
    verdict_html,
)
from review_ui.screens.standings import Batch, called, take

VIEWS = ("indicators", "outliers", "cities", "batch", "versions")
SHOWN = 200

_kept: dict[Path, tuple[tuple[int | None, ...], dict[int, Application]]] = {}


def show(store: Store) -> None:
    rows = queue.chosen(queue.load_rows(store))
    applications = _applications(store)
    groups: dict[str, list[queue.Row]] = {}
    for row in rows:
        application = applications.get(row.summary.id)
        if application is not None and application.answers:
            groups.setdefault(application.form, []).append(row)
    with st.container(horizontal=True, vertical_alignment="center", key="comparehead", gap="small"):
        st.button("←", key="back", help=text("To the queue"), on_click=go,
                  kwargs={"screen": "queue"})  # fmt: skip
        html(f"<h1>{esc(text('Compare'))}</h1>", wide=False)
        if not groups:
            html(f'<div class="empty">{esc(text("No clusters to compare."))}</div>')
            return
        forms = sorted(groups, key=lambda f: -len(groups[f]))
        id = at("form") if at("form") in groups else forms[0]
        own = number_at("cluster")
        if not at("form"):
            id = next((f for f in forms if own in [r.summary.id for r in groups[f]]), id)
        if len(forms) > 1 and at("view") not in ("batch", "versions"):  # these are about all
            st.selectbox(
                text("Form"), forms, index=forms.index(id), key="compare-form",
                format_func=lambda f: f"{_title(f)} ({len(groups[f])})",
                label_visibility="collapsed", on_change=take, args=("compare-form", "form"),
                width=360,
            )  # fmt: skip
        _views()
    form = form_of(id)
    if form is None:
        return
    members = groups[id]
    ids = [r.summary.id for r in members]
    table = indicators(form, [(str(i), applications[i]) for i in ids])
    table = tuple(i for i in table if any(s.value is not None for s in i.standings))
    batch = Batch(form, members, table, ids.index(own) if own in ids else 0)
    view = at("view") if at("view") in VIEWS else "indicators"
    if view == "outliers":
        _outliers(batch)
    elif view == "cities":
        _cities(batch)
    elif view == "batch":
        pairs.batch(store, rows)
    elif view == "versions":
        versions.show(store, rows)
    else:
        standings.show(batch)


def _title(form: str) -> str:
    found = form_of(form)
    return found.title if found is not None else form


def _applications(store: Store) -> dict[int, Application]:
    stamp = store.desk.stamp()
    known = _kept.get(store.path)
    if known is None or known[0] != stamp:
        known = _kept[store.path] = (stamp, store.desk.applications())
    return known[1]


def _views() -> None:
    names = {
        "indicators": text("Indicators"), "outliers": text("Outliers"), "cities": text("Cities"),
        "batch": text("Findings of the batch"), "versions": text("Word beside PDF"),
    }  # fmt: skip
    current = at("view") if at("view") in VIEWS else "indicators"
    with st.container(key="tabs", horizontal=True, gap=None):
        for view in VIEWS:
            on = "on" if view == current else "off"
            st.button(names[view], key=f"tab-{on}-{view}", type="tertiary", on_click=turn,
                      kwargs={"view": "" if view == "indicators" else view})  # fmt: skip


# ------------------------------------------------------------------ outliers, cities


def _outliers(batch: Batch) -> None:
    found = list(outliers(batch.table))[:SHOWN]
    if not found:
        none = text("No figure is far off the others (at least 8 clusters are needed).")
        html(f'<div class="empty">{esc(none)}</div>')
        return
    by_id = {str(r.summary.id): n for n, r in enumerate(batch.rows)}
    hint = text("Figures at least three times as large or as small as the middle one, and far off.")
    html(f'<p class="hint">{esc(hint)}</p>')
    heads = (
        text("Cluster"), text("Indicator"), text("Value"), text("The middle one"), text("Times"), ""
    )  # fmt: skip
    with st.container(key="lines", gap=None):
        html(_line([esc(h) for h in heads], head=True))
        for n, o in enumerate(found):
            assert o.standing.value is not None
            above = o.standing.value > o.median
            times = f"{'×' if above else '÷'} {o.factor:.1f}"
            cells = [
                esc(batch.names[by_id[o.standing.cluster]]),
                esc(called(batch.form, o.indicator)),
                f"<b>{esc(written(o.standing.value))}</b>",
                esc(written(o.median)),
                esc(times),
                f'<span class="flag look">{esc(text("◆ to look at"))}</span>'
                if o.standing.needs_look else "",
            ]  # fmt: skip
            with st.container(key=f"row-outlier-{n}", gap=None):
                html(_line(cells))
                answer = o.standing.answer
                figure = o.indicator.ref
                if answer is not None and answer.period and "@" not in figure:
                    figure = f"{figure}@{answer.period}"
                st.button(
                    plain(figure), key=f"outlier-{n}", width="stretch", on_click=go,
                    kwargs={"screen": "review", "submission": o.standing.cluster,
                            "tab": "figures", "figure": figure},
                )  # fmt: skip


def _line(cells: Sequence[str], head: bool = False) -> str:
    kind = "qrow line head" if head else "qrow line"
    return f'<div class="{kind}">{"".join(f"<span>{c}</span>" for c in cells)}</div>'


def _cities(batch: Batch) -> None:
    """Each city with its clusters, verdicts and what the programme lets it put forward."""
    cities: dict[str, list[queue.Row]] = {}
    for row in batch.rows:
        cities.setdefault(row.city, []).append(row)
    lines = []
    most = max(len(own) for own in cities.values())
    for city in sorted(cities, key=lambda c: (-len(cities[c]), c)):
        own = cities[city]
        counts = Counter(r.word for r in own)
        quota = _quota(own)
        said = "—" if quota is None else str(quota)
        over = quota is not None and bool(city) and len(own) > quota
        warn = f' <b class="refused">✕ {esc(text("over the quota"))}</b>' if over else ""
        words = " ".join(
            f"{verdict_html(w)} {counts[w]}" for w in queue.ORDER if counts[w]
        )  # fmt: skip
        names = "、".join(r.cluster or r.summary.name for r in own[:12])
        bar = f'<span class="rank"><u style="width:{100 * len(own) / most:.0f}%"></u></span>'
        lines.append(
            f"<tr><td><b>{esc(city or text('city not told'))}</b></td>"
            f'<td class="num">{len(own)}{bar}</td><td>{said}{warn}</td><td>{words}</td>'
            f"<td>{esc(names)}</td></tr>"
        )
    heads = (
        text("City"), text("Clusters"), text("Quota"), text("Verdicts"), text("Names"),
    )  # fmt: skip
    head = "".join(f"<th>{esc(h)}</th>" for h in heads)
    html(f'<table class="list cities"><tr>{head}</tr>{"".join(lines)}</table>')


def _quota(own: Sequence[queue.Row]) -> int | None:
    programmes = {r.summary.programme for r in own}
    id = programmes.pop() if len(programmes) == 1 else None
    if id not in programme_ids():
        return None
    quota = load_programme(str(id)).quota
    return None if quota is None else quota.clusters
