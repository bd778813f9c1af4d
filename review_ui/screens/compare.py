"""Clusters beside one another: indicators with ranks, outliers, cities, passages, versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import streamlit as st

from extractor.storing.store import Store
from models.form import Form
from models.programme import load_programme, programme_ids
from models.rules.figures import plain as written
from models.rules.outliers import outliers
from models.rules.ranking import Indicator, Place, indicators, order
from models.types import Application
from review_ui.screens import pairs, queue
from review_ui.screens.frame import (
    at,
    esc,
    field_name,
    form_of,
    go,
    html,
    number_at,
    plain,
    text,
    turn,
    verdict_html,
)

VIEWS = ("indicators", "outliers", "cities", "passages", "versions")
BESIDE = 6
"""So many clusters stand in columns beside the marked one."""
SHOWN = 200

_kept: dict[Path, tuple[tuple[int | None, ...], dict[int, Application]]] = {}


@dataclass(frozen=True, slots=True)
class _Batch:
    """The clusters of one form that the queue's filters leave."""

    form: Form
    rows: list[queue.Row]
    table: tuple[Indicator, ...]
    here: int
    """Place of the marked cluster."""

    @property
    def names(self) -> list[str]:
        return [r.cluster or r.summary.name for r in self.rows]


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
        if len(forms) > 1:
            st.selectbox(
                text("Form"), forms, index=forms.index(id), key="compare-form",
                format_func=lambda f: f"{_title(f)} ({len(groups[f])})",
                label_visibility="collapsed", on_change=_take, args=("compare-form", "form"),
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
    batch = _Batch(form, members, table, ids.index(own) if own in ids else 0)
    view = at("view") if at("view") in VIEWS else "indicators"
    if view == "outliers":
        _outliers(batch)
    elif view == "cities":
        _cities(batch)
    elif view == "passages":
        _passages(store, batch)
    elif view == "versions":
        _versions(store, batch)
    else:
        _indicators(batch)


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
        "passages": text("Shared passages"), "versions": text("Word beside PDF"),
    }  # fmt: skip
    current = at("view") if at("view") in VIEWS else "indicators"
    with st.container(key="tabs", horizontal=True, gap=None):
        for view in VIEWS:
            on = "on" if view == current else "off"
            st.button(names[view], key=f"tab-{on}-{view}", type="tertiary", on_click=turn,
                      kwargs={"view": "" if view == "indicators" else view})  # fmt: skip


def _take(key: str, param: str) -> None:
    turn(**{param: str(st.session_state.get(key) or "")})


# ------------------------------------------------------------------ indicators and ranks


def _indicators(batch: _Batch) -> None:
    refs = [i.ref for i in batch.table]
    if not refs:
        html(f'<div class="empty">{esc(text("No figures to compare."))}</div>')
        return
    ref = at("indicator") if at("indicator") in refs else refs[0]
    left, right = st.columns([7, 5], gap="medium")
    with left:
        beside = _columns(batch)
        with st.container(key="comparetable", height=560):
            html(_side_by_side(batch, beside, ref))
    with right, st.container(key="compareside", height=600):
        names = [_called(batch.form, i) for i in batch.table]
        st.selectbox(
            text("Indicator"), refs, index=refs.index(ref), key=f"indicator-{refs.index(ref)}",
            format_func=lambda r: names[refs.index(r)],
            on_change=_take, args=(f"indicator-{refs.index(ref)}", "indicator"),
        )  # fmt: skip
        _distribution(batch, batch.table[refs.index(ref)])
        _weights(batch, names)


def _columns(batch: _Batch) -> list[int]:
    """The marked cluster and those chosen to stand beside it, by their place."""
    ids = [r.summary.id for r in batch.rows]
    names = dict(zip(ids, batch.names, strict=True))
    own = ids[batch.here]
    wanted = [int(w) for w in at("beside").split(".") if w.isascii() and w.isdigit()]
    chosen = [w for w in wanted if w in names and w != own]
    if not wanted:
        near = [i for i in ids if i != own]
        chosen = near[: min(4, BESIDE)]
    one, others = st.columns([2, 5], vertical_alignment="bottom")
    with one:
        st.selectbox(
            text("This cluster"), ids, index=batch.here, key=f"cluster-{own}",
            format_func=lambda i: names[i], on_change=_take, args=(f"cluster-{own}", "cluster"),
        )  # fmt: skip
    with others:
        st.multiselect(
            text("Beside it"), [i for i in ids if i != own], chosen, key=f"beside-{own}",
            format_func=lambda i: names[i], max_selections=BESIDE, on_change=_take_beside,
            args=(f"beside-{own}",),
        )  # fmt: skip
    return [batch.here, *(ids.index(i) for i in chosen)]


def _take_beside(key: str) -> None:
    turn(beside=".".join(str(i) for i in st.session_state.get(key) or ()) or "0")


def _side_by_side(batch: _Batch, columns: Sequence[int], ref: str) -> str:
    names = batch.names
    head = "".join(
        f'<th class="{"own" if c == batch.here else ""}">{esc(names[c])}</th>' for c in columns
    )
    lines = []
    for i in batch.table:
        cells = ""
        count = sum(s.rank is not None for s in i.standings)
        for c in columns:
            s = i.standings[c]
            kind = " own" if c == batch.here else ""
            if s.value is None:
                cells += f'<td class="num none{kind}">—</td>'
                continue
            look = " look" if s.needs_look else ""
            bar = 100 * (count - (s.rank or count) + 1) / count if count else 0
            cells += (
                f'<td class="num{kind}{look}"><b>{esc(written(s.value))}</b>'
                f'<i title="{esc(text("rank {n} of {all}", n=s.rank, all=count))}">{s.rank}</i>'
                f'<span class="rank"><u style="width:{bar:.0f}%"></u></span></td>'
            )
        here = ' class="here"' if i.ref == ref else ""
        lines.append(f"<tr{here}><td>{esc(_called(batch.form, i))}</td>{cells}</tr>")
    title = esc(text("Indicator"))
    return f'<table class="list side"><tr><th>{title}</th>{head}</tr>{"".join(lines)}</table>'


def _called(form: Form, i: Indicator) -> str:
    name = field_name(form, i.ref)
    return f"{name} ({i.field.unit})" if i.field.unit else name


def _distribution(batch: _Batch, indicator: Indicator) -> None:
    """Every cluster a dot, this one marked; the median as a line."""
    import altair
    import pandas

    names = batch.names
    stated = [
        {
            "cluster": names[n], "value": float(s.value), "own": n == batch.here,
            "shown": f"{written(s.value)} {indicator.field.unit or ''}".strip(),
            "height": (n * 7919 % 17) / 17,
        }
        for n, s in enumerate(indicator.standings)
        if s.value is not None
    ]  # fmt: skip
    if not stated:
        html(f'<div class="empty">{esc(text("No figures to compare."))}</div>')
        return
    data = pandas.DataFrame(stated)
    unit = indicator.field.unit or ""
    x = altair.X("value:Q", title=unit or None, scale=altair.Scale(zero=False, nice=True))
    tip = [
        altair.Tooltip("cluster:N", title=text("Cluster")),
        altair.Tooltip("shown:N", title=text("Value")),
    ]
    shape = altair.Shape(
        "own:N", scale=altair.Scale(domain=[True, False], range=["diamond", "circle"]), legend=None
    )
    colour = altair.Color(
        "own:N", scale=altair.Scale(domain=[True, False], range=["#c2261c", "#5b86b3"]), legend=None
    )
    size = altair.Size(
        "own:N", scale=altair.Scale(domain=[True, False], range=[190, 60]), legend=None
    )
    dots = (
        altair.Chart(data)
        .mark_point(filled=True, opacity=0.85)
        .encode(x=x, y=altair.Y("height:Q", axis=None, scale=altair.Scale(domain=[-0.2, 1.2])),
                shape=shape, color=colour, size=size, order="own:N", tooltip=tip)
    )  # fmt: skip
    middle = (
        altair.Chart(data).mark_rule(color="#3d4b59", strokeDash=[4, 3]).encode(x="median(value):Q")
    )
    own = data[data["own"]]
    label = (
        altair.Chart(own)
        .mark_text(dy=-14, fontWeight="bold", color="#97190f")
        .encode(x=x, y="height:Q", text="shown:N")
    )
    chart = (middle + dots + label).properties(height=150)
    st.altair_chart(chart, width="stretch")
    told = text("◆ this cluster, ● the others, dashed line: the middle one")
    html(f'<p class="hint">{esc(told)}</p>')


# ------------------------------------------------------------------ an order by one's own weights


def _weights(batch: _Batch, names: Sequence[str]) -> None:
    refs = [i.ref for i in batch.table]
    weights = _read_weights(refs)
    html(f"<h3>{esc(text('An order by your own weights'))}</h3>")
    hint = text("Weighted mean of the ranks; no weights are given. Material for a discussion.")
    html(f'<p class="hint">{esc(hint)}</p>')
    st.multiselect(
        text("Indicators that count"), refs, list(weights), key="weighted",
        format_func=lambda r: names[refs.index(r)], on_change=_take_weights,
        label_visibility="collapsed", placeholder=text("Indicators that count"),
    )  # fmt: skip
    for ref in weights:
        st.number_input(
            plain(names[refs.index(ref)]), 0.0, 100.0, float(weights[ref]), 0.5,
            key=f"weight-{ref}", on_change=_take_weights,
        )  # fmt: skip
    if not weights:
        return
    by_id = {str(r.summary.id): n for n, r in enumerate(batch.rows)}
    places = order(batch.table, weights)
    body = "".join(_place(n, p, batch, by_id) for n, p in enumerate(places, 1))
    head = "".join(
        f"<th>{esc(h)}</th>" for h in ("", text("Cluster"), text("Mean rank"), text("Counted"))
    )
    html(f'<table class="list order"><tr>{head}</tr>{body}</table>')


def _place(n: int, p: Place, batch: _Batch, by_id: dict[str, int]) -> str:
    at_ = by_id[p.cluster]
    own = ' class="here"' if at_ == batch.here else ""
    mean = "—" if p.mean_rank is None else f"{float(p.mean_rank):.2f}"
    return (
        f"<tr{own}><td>{n}</td><td>{esc(batch.names[at_])}</td>"
        f'<td class="num">{mean}</td><td class="num">{p.counted} / {p.of}</td></tr>'
    )


def _read_weights(refs: Sequence[str]) -> dict[str, Decimal]:
    """From the URL (w=ref*2~ref*1), so that a link shows the same order."""
    found: dict[str, Decimal] = {}
    for part in at("w").split("~"):
        ref, _, weight = part.rpartition("*")
        try:
            number = Decimal(weight or "1")
        except InvalidOperation:
            continue
        if ref in refs and number.is_finite() and 0 <= number <= 100:
            found[ref] = number
    return found


def _take_weights() -> None:
    chosen = st.session_state.get("weighted") or ()
    turn(w="~".join(f"{ref}*{st.session_state.get(f'weight-{ref}', 1):g}" for ref in chosen))


# ------------------------------------------------------------------ outliers, cities


def _outliers(batch: _Batch) -> None:
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
                esc(_called(batch.form, o.indicator)),
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


def _cities(batch: _Batch) -> None:
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


# ------------------------------------------------------------------ passages, versions


def _passages(store: Store, batch: _Batch) -> None:
    """What two submissions have in common: passages, claims, the same cluster handed in twice."""
    pairs.show(
        store, batch.rows, ("similarity.", "duplicate."),
        text("No passages, claims or clusters stand in two submissions."),
    )  # fmt: skip


def _versions(store: Store, batch: _Batch) -> None:
    pairs.show(
        store, batch.rows, ("agreement.versions",),
        text("Word and PDF agree wherever both were handed in."),
    )  # fmt: skip
