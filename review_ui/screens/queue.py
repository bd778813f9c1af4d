"""The queue: every submission with its verdict, its counts and what is decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from extractor.records import Summary
from extractor.store import Store
from review_ui import verdict
from review_ui.names import when
from review_ui.screens.download import worksheet_button
from review_ui.screens.frame import (
    at,
    esc,
    go,
    html,
    number_at,
    pick,
    plain,
    programme_name,
    text,
    turn,
    verdict_html,
)
from review_ui.verdict import Word

PER_PAGE = 50
ORDER: tuple[Word, ...] = ("unmet", "mend", "open", "unchecked", "met")


@dataclass(frozen=True, slots=True)
class Row:
    summary: Summary
    word: Word

    @property
    def open(self) -> int:
        return self.summary.findings - self.summary.decided


def show(store: Store) -> None:
    rows = load_rows(store)
    if not rows:
        _nothing_yet()
        return
    head, right = st.columns([3, 1], vertical_alignment="center")
    with head:
        html(f"<h1>{esc(text('Applications'))}</h1>")
    shown = chosen(rows)
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        worksheet_button([r.summary.id for r in shown] if len(shown) < len(rows) else None)
    _tools(rows)
    if not shown:
        html(f'<div class="empty">{esc(text("No application is like that."))}</div>')
        return
    pages = -(-len(shown) // PER_PAGE)
    page = min(max(number_at("page", 1), 1), pages)
    with st.container(key="queue", gap=None):
        _heading()
        for row in shown[(page - 1) * PER_PAGE : page * PER_PAGE]:
            _row(row)
    if pages > 1:
        _pager(page, pages)


def load_rows(store: Store) -> list[Row]:
    """Every submission with its verdict."""
    return [Row(s, _word(store, s)) for s in store.list_submissions()]


def _word(store: Store, summary: Summary) -> Word:
    if not summary.processed or summary.checks_total == 0:
        return "unchecked"
    if summary.errors == 0 and summary.warnings == 0:
        return "open" if summary.unchecked or summary.needs_look else "met"
    # nothing about a submission changes without a line more in its history
    return _cached_word(str(store.path), summary, len(store.history(summary.id)), store)


@st.cache_data(max_entries=5000, show_spinner=False)
def _cached_word(path: str, summary: Summary, lines: int, _store: Store) -> Word:
    return verdict.verdict(_store.load_submission(summary.id))


def _nothing_yet() -> None:
    with st.container(key="welcome", horizontal_alignment="center"):
        title = text("No applications yet")
        hint = text("Upload Word or PDF application forms; each figure in them will be checked.")
        html(f'<div class="welcome"><h1>{esc(title)}</h1><p>{esc(hint)}</p></div>')
        st.button(
            text("Upload applications"), key="first-upload", type="primary",
            on_click=go, kwargs={"screen": "upload"},
        )  # fmt: skip


# ------------------------------------------------------------------ which, in what order


def chosen(rows: list[Row]) -> list[Row]:
    """Those the URL asks for (show, q), in its order (sort)."""
    show, words = at("show"), at("q").lower().split()
    kept = [
        r
        for r in rows
        if (show in ("", r.word) or (show == "todo" and r.open))
        and all(
            w in f"{r.summary.name} {programme_name(r.summary.programme)}".lower() for w in words
        )
    ]
    keys: dict[str, Callable[[Row], tuple[int, ...]]] = {
        "": lambda r: (ORDER.index(r.word), -r.summary.errors, -r.summary.warnings),
        "name": lambda r: (),
        "errors": lambda r: (-r.summary.errors, -r.summary.warnings),
        "open": lambda r: (-r.open,),
        "look": lambda r: (-r.summary.needs_look, -r.summary.unchecked),
    }
    kept.sort(key=lambda r: r.summary.name)
    kept.sort(key=keys.get(at("sort"), keys[""]))
    new = at("sort") == "new"
    return sorted(kept, key=lambda r: r.summary.at, reverse=True) if new else kept


def _tools(rows: list[Row]) -> None:
    counts = {w: sum(r.word == w for r in rows) for w in ORDER}
    todo = sum(bool(r.open) for r in rows)
    names: dict[str, str] = {
        "all": text("All {n}", n=len(rows)),
        "todo": text("Undecided {n}", n=todo),
        **{str(w): f"{pick(verdict.words(w))} {counts[w]}" for w in ORDER if counts[w]},
    }
    current = at("show") if at("show") in names else "all"
    left, middle, right = st.columns([6, 2, 2], vertical_alignment="bottom")
    with left:
        st.segmented_control(
            text("Show"), list(names), default=current, key=f"show-{current}",
            format_func=lambda k: names[k], label_visibility="collapsed",
            on_change=_take, args=(f"show-{current}", "show", "all"),
        )  # fmt: skip
    with middle:
        st.text_input(
            text("Search"), at("q"), key="queue-q", placeholder=text("name or programme"),
            label_visibility="collapsed", on_change=_take, args=("queue-q", "q", ""),
            icon=":material/search:",
        )  # fmt: skip
    orders = {
        "": text("worst first"),
        "errors": text("most errors"),
        "open": text("most undecided"),
        "look": text("most to look at"),
        "new": text("newest"),
        "name": text("by name"),
    }
    with right:
        st.selectbox(
            text("Order"), list(orders), key="queue-sort",
            index=list(orders).index(at("sort")) if at("sort") in orders else 0,
            format_func=lambda k: orders[k], label_visibility="collapsed",
            on_change=_take, args=("queue-sort", "sort", ""),
        )  # fmt: skip


def _take(key: str, param: str, nothing: str) -> None:
    value = str(st.session_state.get(key) or "")
    if param == "show" and not value:  # the chosen segment was clicked: it stays chosen
        st.session_state[key] = key.removeprefix("show-")
        return
    turn(**{param: "" if value == nothing else value, "page": ""})


# ------------------------------------------------------------------ the rows


def _heading() -> None:
    titles = (
        text("Application"), text("Verdict"), text("Errors"), text("Warnings"),
        text("Unchecked"), text("To look at"), text("Decided"), text("Reviewed at"),
    )  # fmt: skip
    html(f'<div class="qrow head">{"".join(f"<span>{esc(t)}</span>" for t in titles)}</div>')


def _row(row: Row) -> None:
    s = row.summary
    done = "all" if s.findings and s.decided == s.findings else ""
    cells = (
        f'<span class="name"><b>{esc(s.name)}</b><i>{esc(programme_name(s.programme))}</i></span>',
        f"<span>{verdict_html(row.word)}</span>",
        _count(s.errors, "error"),
        _count(s.warnings, "warning"),
        _count(s.unchecked, "grey"),
        _count(s.needs_look, "look"),
        f'<span class="count decided {done}">{s.decided} / {s.findings}</span>',
        f'<span class="count">{esc(when(s.at))}</span>',
    )
    with st.container(key=f"row-{s.id}", gap=None):
        html(f'<div class="qrow">{"".join(cells)}</div>')
        st.button(
            plain(s.name), key=f"open-{s.id}", width="stretch",
            on_click=go, kwargs={"screen": "review", "submission": str(s.id)},
        )  # fmt: skip


def _count(n: int, kind: str) -> str:
    return f'<span class="count {kind}">{n}</span>' if n else '<span class="count none">0</span>'


def _pager(page: int, pages: int) -> None:
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        st.button(
            "‹", key="queue-back", disabled=page <= 1,
            on_click=turn, kwargs={"page": str(page - 1)},
        )  # fmt: skip
        number = text("Page {n} of {all}", n=page, all=pages)
        html(f'<span class="hint">{esc(number)}</span>', wide=False)
        st.button(
            "›", key="queue-on", disabled=page >= pages,
            on_click=turn, kwargs={"page": str(page + 1)},
        )  # fmt: skip
