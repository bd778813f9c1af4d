"""The papers beside the form: what answers which claim, what the lists count, what each is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from extractor.storing.records import Stored
from models.rules.figures import plain as written
from models.rules.packaged import SURE
from models.types import Application, Attached, Evidence, ListedRow, Paper
from review_ui.names import role_name
from review_ui.screens import kept, keys, places
from review_ui.screens.frame import (
    at,
    esc,
    html,
    language,
    pick,
    place_name,
    plain,
    scroll_to,
    short_key,
    text,
    turn,
)
from review_ui.support import AttachedList, Claim, claim_name, claims, doubtful, lists
from review_ui.worksheet.words import form_of, programme_of

ROWS_SHOWN = 500


@dataclass(frozen=True, slots=True)
class _Item:
    """One line: a claim, a list or a paper."""

    id: str
    name: str
    flags: str
    """Markup of the signs after its name."""
    told: str
    """Markup of what stands at its right."""
    doubt: bool
    places: list[places.Place]
    facts: Callable[[], str]


def doubts(stored: Stored) -> int:
    """How many claims, lists and papers a person should judge."""
    return len(_parts(stored)["judge"])


def _parts(stored: Stored) -> dict[str, list[_Item]]:
    return kept.made(stored, f"support {language()}", _sorted)


def _sorted(stored: Stored) -> dict[str, list[_Item]]:
    application = stored.result.application or Application(form="")
    every = {
        "lists": [_list(x) for x in lists(stored)],
        "claims": [_claim(c) for c in claims(stored)],
        "papers": [_paper(p, stored) for p in application.papers],
    }
    judge = [i for items in every.values() for i in items if i.doubt]
    return {"judge": judge, **every}


def _part(parts: dict[str, list[_Item]]) -> str:
    wanted = at("part")
    return wanted if wanted in parts else next((p for p in parts if parts[p]), "judge")


def _chosen(items: list[_Item]) -> str:
    ids = [i.id for i in items]
    return at("item") if at("item") in ids else ids[0] if ids else ""


def steps(stored: Stored) -> None:
    """The row over the list: which part, and the keys to go on with."""
    parts = _parts(stored)
    part = _part(parts)
    items = parts[part]
    if not any(parts.values()):
        return
    ids = [i.id for i in items]
    here = ids.index(_chosen(items)) if items else 0
    look = [n for n, i in enumerate(items) if i.doubt]
    onward = next((n for n in look if n > here), next((n for n in look if n != here), None))
    names = {
        "judge": text("To be judged ({n})", n=len(parts["judge"])),
        "lists": text("Lists ({n})", n=len(parts["lists"])),
        "claims": text("Claims and their papers ({n})", n=len(parts["claims"])),
        "papers": text("Papers ({n})", n=len(parts["papers"])),
    }
    with st.container(horizontal=True, key="steps", vertical_alignment="center", gap="small"):
        key = f"support-{stored.summary.id}-{part}"
        st.selectbox(
            text("Part"), list(parts), index=list(parts).index(part), key=key,
            format_func=lambda k: names[k], label_visibility="collapsed",
            on_change=_take_part, args=(key,),
        )  # fmt: skip
        for sign, shortcut, place, hint in (
            ("‹", keys.PREVIOUS, here - 1 if here > 0 else None, text("the one before")),
            ("›", keys.NEXT, here + 1 if here + 1 < len(ids) else None, text("the next one")),
            (text("Next to be judged"), keys.UNDECIDED, onward, text("the next one to judge")),
        ):
            st.button(
                sign, key=f"step-{shortcut}", shortcut=shortcut, help=hint, disabled=place is None,
                on_click=turn,
                kwargs={"item": "" if place is None else ids[place], "part": part,
                        "e": "", "page": "", "file": ""},
            )  # fmt: skip


def _take_part(key: str) -> None:
    turn(part=str(st.session_state.get(key) or ""), item="", e="", page="", file="")


def show(stored: Stored) -> list[Evidence]:
    """Draws the chosen part; the places of the line that is open."""
    parts = _parts(stored)
    items = parts[_part(parts)]
    if not items:
        none = (
            text("Nothing is left to judge about the papers beside the form.")
            if any(parts.values())
            else text("Nothing was handed in beside the form.")
        )
        html(f'<div class="empty good">{esc(none)}</div>')
        return []
    chosen = _chosen(items)
    shown: list[Evidence] = []
    for item in items:
        opened = item.id == chosen
        with st.container(key=f"card-{item.id}", gap=None):
            look = " look" if item.doubt else ""
            html(
                f'<div class="figure wide{" chosen" if opened else ""}{look}">'
                f"<span>{esc(item.name)}{item.flags}</span>{item.told}</div>"
            )
            st.button(
                plain(item.name), key=f"item-{item.id}", width="stretch", on_click=turn,
                kwargs={"item": item.id, "e": "", "page": "", "file": ""},
            )  # fmt: skip
        if opened:
            with st.container(border=True, key="opened-item", gap="small"):
                if item.places:
                    places.rows(item.places)
                if facts := item.facts():
                    html(facts)
            shown = [p.evidence for p in item.places]
    if at("item"):
        scroll_to(".st-key-left .st-key-opened-item", f"{stored.summary.id} {chosen}")
    return shown


def _flag(words: str, kind: str = "look") -> str:
    return f'<span class="flag {kind}">{esc(words)}</span>'


# ------------------------------------------------------------------ claims


def _claim(c: Claim) -> _Item:
    flags = "" if c.sure else _flag(text("◆ to be judged"))
    files = list(dict.fromkeys(_short(a.evidence.file) for a in c.papers))
    more = f" +{len(files) - 1}" if len(files) > 1 else ""
    found = [places.Place(a.evidence, _short(a.evidence.file), _strength(a)) for a in c.papers]
    return _Item(
        short_key(f"claim {c.id}"), pick(c.name), flags, f"<b>{esc(files[0] + more)}</b>",
        not c.sure, found, lambda: _reasons(c),
    )  # fmt: skip


def _strength(a: Attached) -> str:
    return text("sure") if a.strength >= SURE else text("to be judged")


def _reasons(c: Claim) -> str:
    why = [(_short(a.evidence.file), pick(a.why)) for a in c.papers if a.why is not None]
    body = "".join(f"<dt>{esc(f)}</dt><dd>{esc(w)}</dd>" for f, w in why[:12])
    return f'<div class="opened"><dl>{body}</dl></div>' if body else ""


# ------------------------------------------------------------------ lists


def _list(x: AttachedList) -> _Item:
    doubled = sum(r.status == "doubled" for r in x.rows)
    malformed = sum(r.status == "malformed" for r in x.rows)
    flags = _flag(text("■ {n} doubled", n=doubled), "failed") if doubled else ""
    flags += _flag(text("◆ {n} numbers malformed", n=malformed)) if malformed else ""
    flags += _flag(text("≠ the form in {n} figures", n=x.differs), "failed") if x.differs else ""
    flags += "" if x.sure else _flag(text("◆ perhaps not this figure's list"))
    first = next((c.listing.evidence for c in x.counted if c.listing.rows), None)
    found = [_row_place(r) for r in x.wrong if r.evidence.file]
    found = found or [places.Place(first or x.counted[0].listing.evidence, _short(x.file), "")]
    told = f"<b>{esc(text('{n} rows', n=len(x.rows)))}</b>"
    return _Item(
        short_key(f"list {x.file} {x.title}"), x.title or _short(x.file), flags, told,
        bool(flags), found, lambda: _figures(x) + _rows(x),
    )  # fmt: skip


def _row_place(r: ListedRow) -> places.Place:
    return places.Place(r.evidence, r.number or r.text[:30], _status(r))


def _status(r: ListedRow) -> str:
    return {
        "counted": text("✓ counted"),
        "doubled": text("■ doubled, not counted"),
        "malformed": text("◆ number malformed, counted"),
    }[r.status]


def _figures(x: AttachedList) -> str:
    """What the form says beside what the list counts; those that agree at nothing left out."""
    lines = []
    for c in x.counted:
        count = c.listing.count
        if not count and not c.stated:
            continue
        sign = {True: "✓", False: "≠", None: "–"}[c.agrees]
        kind = ' class="differs"' if c.agrees is False else ""
        stated = "—" if c.stated is None else written(c.stated)
        lines.append(
            f"<tr{kind}><td>{esc(pick(c.name))}</td><td>{esc(stated)}</td>"
            f"<td>{count}</td><td>{sign}</td></tr>"
        )
    heads = (text("Figure"), text("In the form"), text("In the list"), "")
    head = "".join(f"<th>{esc(h)}</th>" for h in heads)
    return f'<table class="list sums"><tr>{head}</tr>{"".join(lines)}</table>'


def _rows(x: AttachedList) -> str:
    body = ""
    for r in x.rows[:ROWS_SHOWN]:
        why = f"<br><i>{esc(pick(r.why))}</i>" if r.why is not None else ""
        body += (
            f'<tr class="{r.status}"><td>{esc(place_name(r.evidence.place))}</td>'
            f"<td>{esc(r.text)}{why}</td><td>{esc(_status(r))}</td></tr>"
        )
    if len(x.rows) > ROWS_SHOWN:
        more = text("and {n} more", n=len(x.rows) - ROWS_SHOWN)
        body += f'<tr><td colspan="3">{esc(more)}</td></tr>'
    return f'<div class="rowsof"><table class="list">{body}</table></div>' if body else ""


# ------------------------------------------------------------------ papers


def _paper(p: Paper, stored: Stored) -> _Item:
    application = stored.result.application or Application(form="")
    flags = ""
    if not p.read:
        flags = _flag(text("■ could not be read"), "failed")
    elif p.unread_pages:
        flags = _flag(text("◆ {n} pages without text", n=len(p.unread_pages)))
    elif doubtful(p, application.attached):
        flags = _flag(text("◆ kind of paper not sure"))
    answers = [a.claim for a in application.attached if a.evidence.file == p.file]
    told = f"<b>{esc(pick(role_name(p.role)))}</b>"
    evidence = Evidence(p.file, min(p.unread_pages, default=None))
    return _Item(
        short_key(f"paper {p.file}"), _short(p.file), flags, told, bool(flags),
        [places.Place(evidence, p.file, "")],
        lambda: _about(p, stored, answers),
    )  # fmt: skip


def _about(p: Paper, stored: Stored, answers: list[str]) -> str:
    form, programme = form_of(stored.result.application), programme_of(stored)
    named = [pick(claim_name(a, form, programme)) for a in dict.fromkeys(answers)]
    rows = [(text("Title"), p.title[:120])] if p.title else []
    rows.append((text("Answers"), "；".join(named) or text("no claim of the form")))
    if p.unread_pages:
        rows.append((text("Without text"), "、".join(map(str, p.unread_pages[:30]))))
    body = "".join(f"<dt>{esc(n)}</dt><dd>{esc(v)}</dd>" for n, v in rows)
    return f'<div class="opened"><dl>{body}</dl></div>'


def _short(file: str) -> str:
    return file.rsplit("/", 1)[-1]
