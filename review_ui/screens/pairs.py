"""What is found between papers, its sides beside one another: quota, the same cluster or claim
twice, shared passages; Word beside PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from extractor.storing.store import Store
from models.rules.batch_checks import BATCH_RULES
from models.types import Evidence, Finding
from review_ui.names import owner, rule_name
from review_ui.screens import queue
from review_ui.screens.frame import (
    at,
    esc,
    go,
    html,
    pick,
    place_name,
    plain,
    rule_html,
    severity_html,
    text,
    turn,
)

SHOWN = 100
SIDES = 6


@dataclass(slots=True)
class _Found:
    """A finding, once, with every submission it stands at."""

    finding: Finding
    at: list[int] = field(default_factory=list)


def batch(store: Store, rows: Sequence[queue.Row]) -> None:
    """The findings that arise only between submissions, by kind."""
    found = _once(store, rows, BATCH_RULES)
    if not found:
        none = text("No quota is exceeded, and nothing stands in two submissions.")
        html(f'<div class="empty good">{esc(none)}</div>')
        return
    counts = {r: sum(f.finding.rule == r for f in found) for r in (f.finding.rule for f in found)}
    names = {"all": text("All {n}", n=len(found))}
    names |= {r: f"{pick(rule_name(r))} {n}" for r, n in counts.items()}
    current = at("kind") if at("kind") in names else "all"
    st.segmented_control(
        text("Kind"), list(names), default=current, key=f"kind-{current}",
        format_func=lambda k: names[k], label_visibility="collapsed",
        on_change=_take, args=(f"kind-{current}",),
    )  # fmt: skip
    _cards([f for f in found if current in ("all", f.finding.rule)], rows)


def versions(store: Store, rows: Sequence[queue.Row]) -> None:
    """Where the form in Word and the form in PDF say different things."""
    found = _once(store, rows, ("agreement.versions",))
    if not found:
        none = text("Word and PDF agree wherever both were handed in.")
        html(f'<div class="empty good">{esc(none)}</div>')
        return
    _cards(found, rows)


def _take(key: str) -> None:
    value = str(st.session_state.get(key) or "all")
    turn(kind="" if value == "all" else value)


def _once(store: Store, rows: Sequence[queue.Row], rules: tuple[str, ...]) -> list[_Found]:
    """The findings of these rules at these submissions; one about two of them only once, the
    worst first."""
    names = {r.summary.id: r.summary.name for r in rows}
    every = frozenset(names.values())
    known: dict[object, _Found] = {}
    for id, f in store.desk.findings(*rules):
        if id not in names:
            continue
        ends = frozenset((_whole(e.file, names[id], every), e.place, e.raw) for e in f.evidences)
        quota = f.rule.startswith("quota.")
        entry = known.setdefault((f.rule, f.message.zh if quota or not ends else ends), _Found(f))
        entry.at.append(id)
    order = {"error": 0, "warning": 1, "notice": 2}
    return sorted(known.values(), key=lambda e: (order[e.finding.severity], e.finding.rule))


def _cards(found: Sequence[_Found], rows: Sequence[queue.Row]) -> None:
    names = {r.summary.id: r.summary.name for r in rows}
    for n, entry in enumerate(found[:SHOWN]):
        with st.container(key=f"pair-{n}", gap="small", border=True):
            html(_card(entry, names))
            with st.container(horizontal=True, gap="small", key=f"ends-{n}"):
                for id in entry.at[:SIDES]:
                    st.button(
                        plain(names[id]), key=f"open-{n}-{id}", icon=":material/arrow_forward:",
                        type="tertiary", on_click=go,
                        kwargs={"screen": "review", "submission": str(id)},
                    )  # fmt: skip
    if len(found) > SHOWN:
        html(f'<p class="hint">{esc(text("and {n} more", n=len(found) - SHOWN))}</p>')


def _card(entry: _Found, names: Mapping[int, str]) -> str:
    f = entry.finding
    sides = [] if f.rule.startswith("quota.") else f.evidences
    own, every = names[entry.at[0]], frozenset(names.values())
    pairs = [_side(e, own, every) for e in sides[: 2 * SIDES]]
    body = "".join(
        f'<div class="beside">{a}{b}</div>' for a, b in zip(pairs[::2], pairs[1::2], strict=False)
    )
    more = len(sides) // 2 - SIDES
    if more > 0:
        body += f'<p class="hint">{esc(text("and {n} more places", n=more))}</p>'
    return (
        f'<div class="between"><div class="top">{severity_html(f.severity)}{rule_html(f.rule)}'
        f'</div><div class="message">{esc(pick(f.message))}</div>{body}</div>'
    )


def _side(e: Evidence, own: str, every: frozenset[str]) -> str:
    where = f"{_whole(e.file, own, every)} {place_name(e.place)}"
    return f'<div><i title="{esc(where)}">{esc(where)}</i>{esc(e.raw)}</div>'


def _whole(file: str, own: str, every: frozenset[str]) -> str:
    """A file with its submission before it, as the files of other submissions have it already."""
    return file if owner(file, every) else f"{own}/{file}"
