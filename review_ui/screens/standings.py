"""Clusters side by side by indicator, with ranks; where one stands among all; own weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import streamlit as st

from models.form import Form
from models.rules.figures import plain as written
from models.rules.ranking import Indicator, Place, order
from review_ui.screens import queue
from review_ui.screens.frame import at, esc, field_name, html, plain, text, turn

BESIDE = 6
"""So many clusters stand in columns beside the marked one."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The clusters of one form that the queue's filters leave."""

    form: Form
    rows: list[queue.Row]
    table: tuple[Indicator, ...]
    here: int
    """Place of the marked cluster."""

    @property
    def names(self) -> list[str]:
        return [r.cluster or r.summary.name for r in self.rows]


def called(form: Form, i: Indicator) -> str:
    name = field_name(form, i.ref)
    return f"{name} ({i.field.unit})" if i.field.unit else name


def take(key: str, param: str) -> None:
    turn(**{param: str(st.session_state.get(key) or "")})


def show(batch: Batch) -> None:
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
        names = [called(batch.form, i) for i in batch.table]
        st.selectbox(
            text("Indicator"), refs, index=refs.index(ref), key=f"indicator-{refs.index(ref)}",
            format_func=lambda r: names[refs.index(r)],
            on_change=take, args=(f"indicator-{refs.index(ref)}", "indicator"),
        )  # fmt: skip
        _distribution(batch, batch.table[refs.index(ref)])
        _weights(batch, names)


def _columns(batch: Batch) -> list[int]:
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
            format_func=lambda i: names[i], on_change=take, args=(f"cluster-{own}", "cluster"),
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


def _side_by_side(batch: Batch, columns: Sequence[int], ref: str) -> str:
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
            sign = f'<em title="{esc(text("◆ to look at"))}">◆</em> ' if look else ""
            bar = 100 * (count - (s.rank or count) + 1) / count if count else 0
            cells += (
                f'<td class="num{kind}{look}">{sign}<b>{esc(written(s.value))}</b>'
                f'<i title="{esc(text("rank {n} of {all}", n=s.rank, all=count))}">{s.rank}</i>'
                f'<span class="rank"><u style="width:{bar:.0f}%"></u></span></td>'
            )
        here = ' class="here"' if i.ref == ref else ""
        lines.append(f"<tr{here}><td>{esc(called(batch.form, i))}</td>{cells}</tr>")
    title = esc(text("Indicator"))
    return f'<table class="list side"><tr><th>{title}</th>{head}</tr>{"".join(lines)}</table>'


def _distribution(batch: Batch, indicator: Indicator) -> None:
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


def _weights(batch: Batch, names: Sequence[str]) -> None:
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


def _place(n: int, p: Place, batch: Batch, by_id: dict[str, int]) -> str:
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
