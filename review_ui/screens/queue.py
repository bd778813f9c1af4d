"""The queue: every submission with its verdict, its counts, who has it and what is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from extractor.storing.desk import Assignment
from extractor.storing.records import Summary
from extractor.storing.store import Store
from models.writing.naming import region_stem
from review_ui import verdict
from review_ui.names import when
from review_ui.screens import keys
from review_ui.screens.download import report_button, worksheet_button
from review_ui.screens.frame import (
    at,
    esc,
    go,
    html,
    number_at,
    pick,
    plain,
    programme_name,
    reviewer,
    text,
    turn,
    verdict_html,
)
from review_ui.verdict import Word

PER_PAGE = 50
ORDER: tuple[Word, ...] = ("unmet", "mend", "open", "unchecked", "met")
DESKS = ("mine", "free", "second", "done")


@dataclass(frozen=True, slots=True)
class Row:
    summary: Summary
    word: Word
    open: int
    """Findings nobody has decided on yet."""
    city: str = ""
    cluster: str = ""
    step: Assignment | None = None
    """The last step of its way over the desks."""

    @property
    def desk(self) -> str:
        """free, taken, second or done."""
        what = self.step.what if self.step is not None else "release"
        return {"take": "taken", "hand": "taken", "release": "free"}.get(what, what)

    @property
    def who(self) -> str:
        return self.step.who if self.step is not None and self.desk != "free" else ""


def show(store: Store) -> None:
    rows = load_rows(store)
    if not rows:
        _nothing_yet()
        return
    head, right = st.columns([2, 3], vertical_alignment="center")
    with head:
        html(f"<h1>{esc(text('Applications'))}</h1>")
    shown = chosen(rows)
    with right, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        ids = [r.summary.id for r in shown] if len(shown) < len(rows) else None
        if shown:
            st.button(
                text("Compare"), key="compare", icon=":material/bar_chart:",
                on_click=go, kwargs={"screen": "compare"},
            )  # fmt: skip
            report_button(ids)
            worksheet_button(ids)
            st.button(
                text("Take in a worksheet"), key="import", icon=":material/upload:",
                on_click=go, kwargs={"screen": "import"},
            )  # fmt: skip
    _tools(rows)
    if not shown:
        html(f'<div class="empty">{esc(text("No application is like that."))}</div>')
        return
    pages = -(-len(shown) // PER_PAGE)
    page = min(max(number_at("page", 1), 1), pages)
    there = store.desk.everywhere()
    with st.container(key="queue", gap=None):
        _heading()
        for row in shown[(page - 1) * PER_PAGE : page * PER_PAGE]:
            _row(row, there.get(row.summary.id, []))
    if pages > 1:
        _pager(page, pages)


_kept: dict[Path, tuple[tuple[int | None, ...], tuple[Row, ...]]] = {}
"""The rows of each database as of its stamp; every session of this process reads them."""


def load_rows(store: Store) -> list[Row]:
    """Every submission with its verdict; read anew only where something was stored."""
    stamp = store.desk.stamp()
    known = _kept.get(store.path)
    if known is None or known[0] != stamp:
        known = _kept[store.path] = (stamp, tuple(_rows(store)))
    return list(known[1])


def _rows(store: Store) -> Iterator[Row]:
    desk = store.desk
    standings, cities, steps = desk.standings(), desk.cities(), desk.assignments()
    for s in store.list_submissions():
        tallies = standings.get(s.id, [])
        left = sum(t.count for t in tallies if t.state == "open")
        city, cluster = cities.get(s.id, ("", ""))
        city = region_stem(city)
        yield Row(s, verdict.word(s, tallies), left, city, cluster, steps.get(s.id))


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
    """Those the URL asks for (show, q, city, prog, desk), in its order (sort)."""
    show, words = at("show"), at("q").lower().split()
    city, programme, desk, sort = at("city"), at("prog"), at("desk"), at("sort")
    mine = reviewer() if desk == "mine" else ""
    kept = [
        r
        for r in rows
        if (show in ("", r.word) or (show == "todo" and r.open))
        and city in ("", r.city)
        and programme in ("", r.summary.programme or "-")
        and _on_desk(r, desk, mine)
        and all(w in _searched(r) for w in words)
    ]
    orders: dict[str, Callable[[Row], tuple[object, ...]]] = {
        "": lambda r: (ORDER.index(r.word), -r.summary.errors, -r.summary.warnings),
        "name": lambda r: (),
        "city": lambda r: (not r.city, r.city),
        "errors": lambda r: (-r.summary.errors, -r.summary.warnings),
        "open": lambda r: (-r.open,),
        "look": lambda r: (-r.summary.needs_look, -r.summary.unchecked),
        "who": lambda r: (not r.who, r.who),
    }
    kept.sort(key=lambda r: r.summary.name)
    kept.sort(key=orders.get(sort, orders[""]))
    if sort == "new":
        kept.sort(key=lambda r: r.summary.at, reverse=True)
    return kept


def _searched(r: Row) -> str:
    names = (r.summary.name, programme_name(r.summary.programme), r.city, r.cluster, r.who)
    return " ".join(names).lower()


def _on_desk(r: Row, desk: str, mine: str) -> bool:
    if desk == "mine":
        return r.desk == "taken" and r.who == mine != ""
    if desk == "second":
        return r.desk == "second"
    return desk not in DESKS or r.desk == desk


def _tools(rows: list[Row]) -> None:
    counts = {w: sum(r.word == w for r in rows) for w in ORDER}
    todo = sum(bool(r.open) for r in rows)
    names: dict[str, str] = {
        "all": text("All {n}", n=len(rows)),
        "todo": text("Undecided {n}", n=todo),
        **{str(w): f"{pick(verdict.words(w))} {counts[w]}" for w in ORDER if counts[w]},
    }
    current = at("show") if at("show") in names else "all"
    st.segmented_control(
        text("Show"), list(names), default=current, key=f"show-{current}",
        format_func=lambda k: names[k], label_visibility="collapsed",
        on_change=_take, args=(f"show-{current}", "show", "all"),
    )  # fmt: skip
    with st.container(horizontal=True, key="tools", gap="small"):
        st.text_input(
            text("Search"), at("q"), key="queue-q",
            placeholder=text("name, city, programme, reviewer"), label_visibility="collapsed",
            on_change=_take, args=("queue-q", "q", ""), icon=":material/search:", width=250,
        )  # fmt: skip
        cities = sorted({r.city for r in rows if r.city})
        _choice("city", {"": text("all cities"), **{c: c for c in cities}})
        programmes = {r.summary.programme or "-" for r in rows}
        known = {p: programme_name(p if p != "-" else None) for p in sorted(programmes)}
        _choice("prog", {"": text("all programmes"), **known})
        desks = {
            "": text("all desks"), "mine": text("mine"), "free": text("nobody's"),
            "second": text("for second review"), "done": text("finished"),
        }  # fmt: skip
        _choice("desk", desks)
        orders = {
            "": text("worst first"), "errors": text("most errors"),
            "open": text("most undecided"), "look": text("most to look at"),
            "new": text("newest"), "city": text("by city"), "who": text("by reviewer"),
            "name": text("by name"),
        }  # fmt: skip
        _choice("sort", orders)


def _choice(param: str, names: dict[str, str]) -> None:
    """A drop-down that is a parameter of the URL."""
    current = at(param) if at(param) in names else ""
    st.selectbox(
        param, list(names), key=f"queue-{param}", index=list(names).index(current),
        format_func=lambda k: names.get(k, k), label_visibility="collapsed",
        on_change=_take, args=(f"queue-{param}", param, ""), width=170,
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
        text("Application"), text("City"), text("Verdict"), text("Errors"), text("Warnings"),
        text("Unchecked"), text("To look at"), text("Decided"), text("Reviewer"),
        text("Reviewed at"),
    )  # fmt: skip
    html(f'<div class="qrow head">{"".join(f"<span>{esc(t)}</span>" for t in titles)}</div>')


def _row(row: Row, there: list[str]) -> None:
    s = row.summary
    decided = s.findings - row.open
    done = "all" if s.findings and not row.open else ""
    about = " · ".join(filter(None, (called(row), programme_name(s.programme))))
    cells = (
        f'<span class="name"><b>{esc(s.name)}</b><i>{esc(about)}</i></span>',
        f'<span class="city">{esc(row.city or "—")}</span>',
        f"<span>{verdict_html(row.word)}</span>",
        _count(s.errors, "error"),
        _count(s.warnings, "warning"),
        _count(s.unchecked, "grey"),
        _count(s.needs_look, "look"),
        f'<span class="count decided {done}">{decided} / {s.findings}</span>',
        f'<span class="desk">{desk_html(row)}{_there(there)}</span>',
        f'<span class="count when">{esc(when(s.at))}</span>',
    )
    with st.container(key=f"row-{s.id}", gap=None):
        html(f'<div class="qrow">{"".join(cells)}</div>')
        st.button(
            plain(s.name), key=f"open-{s.id}", width="stretch",
            on_click=go, kwargs={"screen": "review", "submission": str(s.id)},
        )  # fmt: skip


def called(row: Row) -> str:
    """The cluster, where the submission is not called so."""
    return row.cluster if row.cluster not in row.summary.name else ""


def desk_html(row: Row) -> str:
    """Whose desk it is on, in words and a sign."""
    words = {
        "free": "—",
        "taken": row.who,
        "second": text("second review"),
        "done": text("finished"),
    }
    sign = {"second": "◐ ", "done": "● "}.get(row.desk, "")
    return f'<b class="{row.desk}">{esc(sign + words[row.desk])}</b>'


def _there(who: list[str]) -> str:
    if not who:
        return ""
    names = "、".join(w or text("somebody") for w in who)
    return f'<i class="there" title="{esc(text("open at the moment"))}">◉ {esc(names)}</i>'


def _count(n: int, kind: str) -> str:
    return f'<span class="count {kind}">{n}</span>' if n else '<span class="count none">0</span>'


def _pager(page: int, pages: int) -> None:
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        st.button(
            "‹", key="queue-back", disabled=page <= 1, shortcut=keys.PAGE_BACK,
            on_click=turn, kwargs={"page": str(page - 1)},
        )  # fmt: skip
        number = text("Page {n} of {all}", n=page, all=pages)
        html(f'<span class="hint">{esc(number)}</span>', wide=False)
        st.button(
            "›", key="queue-on", disabled=page >= pages, shortcut=keys.PAGE_ON,
            on_click=turn, kwargs={"page": str(page + 1)},
        )  # fmt: skip
