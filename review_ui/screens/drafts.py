"""A draft of a programme's file: what the loader says of it, and what it would change."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import streamlit as st

from extractor.readers.zips import own_room
from extractor.storing.store import Store
from models.programme import ProgrammeError
from review_ui import trial
from review_ui.screens import kept
from review_ui.screens.frame import esc, field_name, form_of, html, own_words, pick, rule_html, text

SHOWN = 300
TRIED = 200


def show(store: Store) -> None:
    html(f"<h2>{esc(text('Try a draft'))}</h2>")
    hint = text(
        "A programme's file (programme.yaml), with its regulation (source.txt) and its cases "
        "(cases.yaml) where they are new. It is checked and tried on what is stored; nothing is "
        "saved."
    )
    html(f'<p class="hint">{esc(hint)}</p>')
    own_words(text("or drop them here: .yaml, .txt"))
    came = st.file_uploader(
        text("Draft"), type=["yaml", "yml", "txt"], accept_multiple_files=True, key="draft-files",
        label_visibility="collapsed",
    )  # fmt: skip
    if not came:
        return
    with own_room() as folder:
        path = trial.lay_out([(c.name, c.getvalue()) for c in came], folder)
        if not path.is_file():
            st.error(text("There is no programme.yaml among these files."))
            return
        if wrong := trial.faults(path):
            _faults(wrong)
            return
        st.success(text("The draft is in order."), icon=":material/check:")
        programme = trial.draft(path)
    changes: list[trial.Change] = []
    tried = 0
    for summary in store.list_submissions():
        stored = kept.submission(store, summary.id)
        if tried < TRIED and trial.concerned(programme, stored):
            tried += 1
            changes += trial.tried(programme, stored)
    told = text(
        "Tried on {n} stored applications: {changes} outcomes would be others",
        n=tried, changes=len(changes),
    )  # fmt: skip
    html(f"<h3>{esc(told)}</h3>")
    if changes:
        html(_table(changes, programme.form))


def _faults(wrong: list[ProgrammeError]) -> None:
    told = text("The draft is refused: {n} faults", n=len(wrong))
    body = "".join(
        f"<tr><td>{esc(Path(e.file).name)}</td><td>{e.line}</td><td>{esc(pick(e.message))}</td></tr>"
        for e in wrong[:SHOWN]
    )
    head = "".join(f"<th>{esc(h)}</th>" for h in (text("File"), text("Line"), text("Fault")))
    html(f'<h3>{esc(told)}</h3><table class="list"><tr>{head}</tr>{body}</table>')


def _table(changes: list[trial.Change], form_id: str) -> str:
    form = form_of(form_id)
    words = {
        "met": text("✓ met"), "not_met": text("✕ not met"), "unchecked": text("○ unchecked"),
        None: text("not made"),
    }  # fmt: skip
    often = Counter(c.rule for c in changes)
    changes = sorted(changes, key=lambda c: (-often[c.rule], c.rule, c.name))
    body = "".join(
        f"<tr><td>{esc(c.name)}</td><td>{rule_html(c.rule)}<br>"
        f"{esc('、'.join(field_name(form, f) for f in c.fields))}</td>"
        f"<td>{esc(words[c.before])}</td><td><b>{esc(words[c.after])}</b></td></tr>"
        for c in changes[:SHOWN]
    )
    heads = (text("Application"), text("Condition"), text("Until now"), text("With the draft"))
    head = "".join(f"<th>{esc(h)}</th>" for h in heads)
    return f'<table class="list drafts"><tr>{head}</tr>{body}</table>'
