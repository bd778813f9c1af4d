"""The findings of a submission, one of them open, and what people decide about it."""

from __future__ import annotations

import streamlit as st

from extractor.storing.records import Conflict, Decision, ReviewedFinding, Stored, Verdict
from extractor.storing.store import Store
from models.form import Form
from models.types import NOWHERE, Application, Evidence
from review_ui.names import owner, when
from review_ui.screens import keys, places, queue
from review_ui.screens.frame import (
    at,
    esc,
    field_name,
    form_of,
    html,
    number_at,
    open_store,
    pick,
    plain,
    reviewer,
    rule_html,
    scroll_to,
    severity_html,
    short_key,
    tell,
    text,
    turn,
)
from review_ui.verdict import settled, stands

WEIGHT = {"error": 0, "warning": 1, "notice": 2}


def ordered(stored: Stored) -> list[ReviewedFinding]:
    """The worst first, else in the order of the rules."""
    return sorted(stored.findings, key=lambda r: WEIGHT[r.finding.severity])


def chosen(found: list[ReviewedFinding]) -> str:
    """The key of the finding the URL opens, else the first."""
    keys = [r.key for r in found]
    return at("finding") if at("finding") in keys else keys[0] if keys else ""


def steps(stored: Stored) -> None:
    """The row over the list: how far it is, and the keys to go on with."""
    found = ordered(stored)
    if not found:
        return
    here = [r.key for r in found].index(chosen(found))
    left = [n for n, r in enumerate(found) if not settled(r)]
    onward = next((n for n in left if n > here), next((n for n in left if n != here), None))
    done = len(found) - len(left)
    with st.container(horizontal=True, key="steps", vertical_alignment="center", gap="small"):
        words = text("{n} of {all}", n=here + 1, all=len(found))
        share = 100 * done // len(found)
        told = text("{n} decided", n=done) if left else text("all decided")
        html(
            f'<div class="far"><b>{esc(words)}</b><span class="bar"><i style="width:{share}%"></i>'
            f'</span><span class="{"all" if not left else ""}">{esc(told)}</span></div>'
        )
        for sign, key, place, hint in (
            ("‹", keys.PREVIOUS, here - 1 if here else None, text("previous finding")),
            ("›", keys.NEXT, here + 1 if here + 1 < len(found) else None, text("next finding")),
            (text("Next open one"), keys.UNDECIDED, onward, text("the next one to decide")),
        ):
            st.button(
                sign, key=f"step-{key}", shortcut=key, help=hint, disabled=place is None,
                on_click=_open_at, args=("" if place is None else found[place].key,),
            )  # fmt: skip


def _open_at(key: str) -> None:
    st.session_state.pop("pending", None)
    turn(finding=key, e="", page="", file="")


def show(store: Store, stored: Stored) -> list[Evidence]:
    """Draws the list; the evidences of the finding that is open."""
    found = ordered(stored)
    if not found:
        _none(stored)
        return []
    wanted = at("finding")
    here = chosen(found)
    if wanted and wanted != here:
        gone = text("The finding this page was opened at no longer stands.")
        html(f'<div class="note">{esc(gone)}</div>')
    elif not wanted:  # the address is that of what is shown
        st.query_params["finding"] = here
    evidences: list[Evidence] = []
    for r in found:
        if r.key == here:
            evidences = evidences_of(r, stored)
            _open(store, r, stored, evidences)
        else:
            _closed(r)
    if wanted:
        scroll_to(".st-key-left [class*='st-key-open-']", f"{stored.summary.id} {here}")
    return evidences


def _none(stored: Stored) -> None:
    s = stored.summary
    if not s.checks_run:
        html(f'<div class="empty">{esc(text("Nothing ran."))}</div>')
        return
    word = text("Nothing was found.")
    if s.needs_look or s.unchecked:
        word += text(
            " {look} figures are still to be looked at, {unchecked} checks were not made.",
            look=s.needs_look, unchecked=s.unchecked,
        )  # fmt: skip
    html(f'<div class="empty good">{esc(word)}</div>')


def evidences_of(reviewed: ReviewedFinding, stored: Stored) -> list[Evidence]:
    """Where the finding's figures stand; else where its fields do."""
    own = [e for e in reviewed.finding.evidences if e.file]
    if own:
        return list(dict.fromkeys(own))
    application = stored.result.application or Application(form="")
    return places_of(application, reviewed.finding.fields)


def places_of(application: Application, fields: tuple[str, ...]) -> list[Evidence]:
    """Where the fields (`field` or `field@period`) stand on the paper."""
    found = []
    for name in fields:
        id, _, period = name.partition("@")
        hit = (
            application.answer(id, period or None)
            or application.tick(id)
            or application.narrative(id)
        )
        if hit is not None and hit.evidence != NOWHERE and hit.evidence.file:
            found.append(hit.evidence)
    return list(dict.fromkeys(found))


# ------------------------------------------------------------------ a finding in the list


def _closed(r: ReviewedFinding) -> None:
    key = short_key(r.key)
    gone = "" if stands(r) else " dismissed"
    with st.container(key=f"card-{key}", gap=None):
        html(
            f'<div class="card {r.finding.severity}{gone}"><div class="top">'
            f"{severity_html(r.finding.severity)}{rule_html(r.finding.rule)}"
            f"{_decided_html(r)}</div>"
            f'<div class="message">{esc(pick(r.finding.message))}</div></div>'
        )
        st.button(
            plain(pick(r.finding.message)), key=f"finding-{key}", width="stretch",
            on_click=turn, kwargs={"finding": r.key, "e": "", "page": "", "file": ""},
        )  # fmt: skip


def _decided_html(r: ReviewedFinding) -> str:
    d = r.decision
    if d is None:
        return ""
    old = f" <em>{esc(text('on older evidence'))}</em>" if r.outdated else ""
    return f'<span class="ruling {d.verdict}">{esc(verdict_name(d.verdict))}{old}</span>'


def verdict_name(verdict: str) -> str:
    return {
        "confirm": text("Confirmed"),
        "dismiss": text("Dismissed"),
        "ask": text("Applicant asked"),
        "note": text("Note"),
    }.get(verdict, verdict)


def _open(
    store: Store, r: ReviewedFinding, stored: Stored, evidences: list[Evidence]
) -> None:  # fmt: skip
    f = r.finding
    form = form_of((stored.result.application or Application(form="")).form)
    with st.container(border=True, key=f"open-{f.severity}", gap="small"):
        html(
            f'<div class="opened"><div class="top">{severity_html(f.severity)}'
            f"{rule_html(f.rule)}{_decided_html(r)}</div>"
            f'<div class="message">{esc(pick(f.message))}</div>{_facts(r, form)}</div>'
        )
        _evidence_rows(store, evidences, stored, form)
        _decide(store, r, stored)


def _facts(r: ReviewedFinding, form: Form | None) -> str:
    f = r.finding
    rows = []
    if f.expected:
        rows.append((text("Expected"), esc(f.expected)))
    if f.actual:
        rows.append((text("Stated"), f"<strong>{esc(f.actual)}</strong>"))
    if f.formula:
        rows.append((text("Formula"), f"<code>{esc(f.formula)}</code>"))
    if f.suggestion:
        about = field_name(form, f.suggestion_field) if f.suggestion_field else ""
        hint = text("perhaps {value} is meant", value=f.suggestion)
        rows.append((text("Suggestion"), esc(f"{about}: {hint}" if about else hint)))
    if f.citation is not None:
        rows.append(
            (
                text("Basis"),
                f"{esc(f.citation.document)} {esc(f.citation.article)}"
                f"<q>{esc(f.citation.quote)}</q>",
            )
        )
    body = "".join(f"<dt>{esc(name)}</dt><dd>{value}</dd>" for name, value in rows)
    return f"<dl>{body}</dl>" if rows else ""


def _evidence_rows(
    store: Store, evidences: list[Evidence], stored: Stored, form: Form | None
) -> None:  # fmt: skip
    """One row for each place: what it is, what stands there, where; a click shows it."""
    if not evidences:  # about something that is not there
        return
    names = _names(stored.result.application or Application(form=""))
    several = len(stored.result.files) > 1
    own = {f.name for f in stored.result.files}
    others = (
        {r.summary.name for r in queue.load_rows(store)}
        if any(e.file not in own for e in evidences) else set()
    )  # fmt: skip
    called = []
    for e in evidences:
        name = names.get(_where(e))
        stranger = owner(e.file, others) if e.file not in own else ""
        of = text("another application: {name}", name=stranger) if stranger else ""
        called.append(field_name(form, name) if name else of)
    places.rows([places.Place(e, c) for e, c in zip(evidences, called, strict=True)], several)
    chosen = min(number_at("e"), len(evidences) - 1)
    if name := names.get(_where(evidences[chosen]), ""):
        st.button(
            text("Misread? Correct {field}", field=plain(field_name(form, name))),
            key="misread", type="tertiary", icon=":material/edit:", shortcut=keys.CORRECT,
            on_click=_to_figure, args=(name,),
        )  # fmt: skip


def _to_figure(name: str) -> None:
    st.session_state["into"] = True  # the cursor goes into the field
    turn(tab="figures", figure=name, part="", e="")


def _names(application: Application) -> dict[tuple[object, ...], str]:
    """Which figure stands at each place: `field` or `field@period`."""
    names = {}
    for a in application.answers:
        names[_where(a.evidence)] = f"{a.field}@{a.period}" if a.period else a.field
    for t in application.ticks:
        names[_where(t.evidence)] = t.field
    for n in application.narratives:
        names[_where(n.evidence)] = n.field
    return names


def _where(e: Evidence) -> tuple[object, ...]:
    return (e.file, e.page, e.bbox, e.place)


# ------------------------------------------------------------------ decisions


def _decide(store: Store, r: ReviewedFinding, stored: Stored) -> None:
    submission = stored.summary.id
    if r.outdated:
        old = text("The evidence has changed since this was decided; please decide again.")
        html(f'<div class="note">{esc(old)}</div>')
    if r.decisions:
        html(f'<ul class="rulings">{"".join(map(_ruling, r.decisions))}</ul>')
    seen = r.decision.id if r.decision is not None else None
    pending = st.session_state.get("pending")
    if pending is not None and pending[:2] == (submission, r.key):
        _reason(store, r, submission, seen, pending[2])
        return
    with st.container(horizontal=True, key="decide", gap="small"):
        for verdict, (name, key) in _choices().items():
            st.button(
                name, key=f"decide-{verdict}", shortcut=key,
                type="primary" if verdict == "confirm" else "secondary",
                on_click=_take if verdict == "confirm" else _ask_why,
                args=(submission, r, verdict, seen, "") if verdict == "confirm"
                else (submission, r.key, verdict),
            )  # fmt: skip


def _choices() -> dict[Verdict, tuple[str, str]]:
    return {
        "confirm": (text("Confirm"), keys.CONFIRM),
        "dismiss": (text("Dismiss"), keys.DISMISS),
        "ask": (text("Ask the applicant"), keys.ASK),
        "note": (text("Note only"), keys.NOTE),
    }


def _ask_why(submission: int, key: str, verdict: Verdict) -> None:
    st.session_state["pending"] = (submission, key, verdict)


def _reason(
    store: Store, r: ReviewedFinding, submission: int, seen: int | None, verdict: Verdict
) -> None:
    """The words that go with a decision: Enter saves them, Esc leaves them."""
    key = f"note-{submission}-{short_key(r.key)}-{seen or 0}"
    prompts = {
        "dismiss": text("Why this finding is dismissed"),
        "ask": text("What the applicant is asked"),
        "note": text("Note"),
    }
    with st.form(f"reason-{key}", border=False):
        st.text_input(prompts[verdict], key=key, max_chars=500)
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button(
                _choices()[verdict][0], type="primary", key=f"say-{verdict}",
                on_click=_take_with, args=(submission, r, verdict, seen, key),
            )  # fmt: skip
            st.form_submit_button(text("Leave it"), key="cancel", on_click=_forget)
    used = [n for n in store.desk.notes(verdict) if len(n) <= 60][:4]
    if used:
        with st.container(horizontal=True, key="used", gap="small"):
            for n, words in enumerate(used):
                st.button(
                    plain(words), key=f"used-{n}", type="tertiary",
                    on_click=_take, args=(submission, r, verdict, seen, words),
                )  # fmt: skip
    keys.focus(".st-key-left [class*='st-key-note-'] input", key + verdict)


def _forget() -> None:
    st.session_state.pop("pending", None)


def _ruling(d: Decision) -> str:
    note = f"：{esc(d.note)}" if d.note else ""
    return (
        f'<li><span class="ruling {esc(d.verdict)}">{esc(verdict_name(d.verdict))}</span>'
        f"{esc(d.who)} <i>{esc(when(d.at))}</i>{note}</li>"
    )


def _take_with(
    submission: int, r: ReviewedFinding, verdict: Verdict, seen: int | None, note_key: str
) -> None:
    _take(submission, r, verdict, seen, str(st.session_state.get(note_key, "")).strip())


def _take(
    submission: int, r: ReviewedFinding, verdict: Verdict, seen: int | None, note: str
) -> None:
    """Stores what was decided on the evidence that was on the screen when it was drawn."""
    if not reviewer():
        tell(text("Please enter your name at the top right first."), "wrong")
    elif not note and verdict in ("dismiss", "note", "ask"):
        tell(text("Please write a note first."), "wrong")
    else:
        _forget()
        try:
            with open_store() as store:
                store.add_decision(
                    submission, r.key, verdict, reviewer(), r.fingerprint, note, seen
                )
        except Conflict as conflict:
            tell(pick(conflict.message), "wrong")
        except KeyError:
            tell(text("This finding no longer stands."), "wrong")
        else:
            turn(finding=r.key)
            tell(verdict_name(verdict))
