"""Bringing papers in: files, folders and zips, and how far the work on them is."""

from __future__ import annotations

from datetime import date

import streamlit as st

from extractor.pipeline import today
from extractor.store import local_now
from models.programme import programme_ids
from review_ui import inbox
from review_ui.inbox import Job
from review_ui.names import when
from review_ui.screens.frame import (
    at,
    database,
    esc,
    go,
    html,
    language,
    own_words,
    programme_name,
    tell,
    text,
)

ENDINGS = ("docx", "doc", "wps", "pdf", "zip", "xlsx", "xls", "jpg", "jpeg", "png", "tif", "tiff")
FAILED_SHOWN = 5


def show() -> None:
    html(f"<h1>{esc(text('Upload applications'))}</h1>")
    left, right = st.columns([5, 6], gap="large")
    with left:
        _choose()
    with right:
        _jobs()


def _choose() -> None:
    turn = st.session_state.setdefault("uploads", 0)
    how = st.segmented_control(
        text("What to upload"),
        ["files", "folder"],
        default="files",
        key="upload-how",
        format_func=lambda k: text("Files or zips") if k == "files" else text("A folder"),
        label_visibility="collapsed",
    )
    if how == "folder":
        uploads = st.file_uploader(
            text("Choose a folder"), accept_multiple_files="directory", key=f"folder-{turn}"
        )
        hint = text(
            "A folder that holds documents is one application, its sub-folders being its "
            "attachments. A folder that holds only folders is a batch of applications."
        )
    else:
        uploads = st.file_uploader(
            text("Choose files"), type=list(ENDINGS), accept_multiple_files=True,
            key=f"files-{turn}",
        )  # fmt: skip
        hint = text(
            "Each file is one application. Where one application has several papers, put them in "
            "a folder or a zip and upload that."
        )
    html(f'<p class="hint">{esc(hint)}</p>')
    own_words(text("or drop them here: Word, PDF, zip; at most 500 MB each"))
    if uploads:
        try:
            inbox.stage(database(), [(u.name, u) for u in uploads], local_now())
        except OSError as error:
            tell(text("The upload could not be kept: {why}", why=error.strerror or ""), "wrong")
        # the papers lie on disk now; an empty uploader takes the next ones
        st.session_state["uploads"] = turn + 1
        st.rerun()


def _jobs() -> None:
    found = inbox.jobs(database())
    if not found:
        html(f'<div class="empty">{esc(text("Nothing has been uploaded yet."))}</div>')
        return
    for job in found:
        with st.container(border=True, key=f"job-{job.id}"):
            if job.state == "running" and not job.dead:
                _running(job.id)
            else:
                _job(job)


@st.fragment(run_every=1.0)
def _running(id: str) -> None:
    job = next((j for j in inbox.jobs(database()) if j.id == id), None)
    if job is None or job.state != "running" or job.dead:
        st.rerun()
    else:
        _head(job, text("Being reviewed"))
        st.progress(
            job.done / max(job.total, 1),
            text("{n} of {all} applications", n=job.done, all=job.total),
        )
        html(f'<p class="hint">{esc(text("You can go on working; this goes on by itself."))}</p>')


def _job(job: Job) -> None:
    if job.state == "waiting":
        _waiting(job)
    elif job.state == "done":
        _done(job)
    else:
        _head(job, text("Interrupted"))
        why = job.why or text("The work broke off; the papers are still here.")
        html(f'<p class="wrong">{esc(why)}</p>')
        with st.container(horizontal=True):
            st.button(
                text("Begin again"), key=f"again-{job.id}", type="primary",
                on_click=inbox.start, args=(database(), job.id, job.programme, job.on),
            )  # fmt: skip
            _discard(job)


def _waiting(job: Job) -> None:
    _head(job, text("Ready"))
    rows = "".join(
        f"<li>{esc(name)}<i>{esc(text('{n} files', n=n))}</i></li>" for name, n in job.groups[:60]
    )
    more = len(job.groups) - 60
    if more > 0:
        rows += f"<li>{esc(text('and {n} more', n=more))}</li>"
    title = text("It will be reviewed as {n} applications:", n=job.total)
    html(f'<p class="hint">{esc(title)}</p><ul class="groups">{rows}</ul>')
    left, right = st.columns([3, 2])
    programme = left.selectbox(
        text("Programme"), ["", *programme_ids()], key=f"programme-{job.id}",
        format_func=lambda p: programme_name(p) if p else text("as the form says"),
    )  # fmt: skip
    on = right.date_input(
        text("Checked as of"), date.fromisoformat(today()), key=f"on-{job.id}",
        format="YYYY-MM-DD",
    )  # fmt: skip
    with st.container(horizontal=True):
        st.button(
            text("Begin the review"), key=f"start-{job.id}", type="primary",
            on_click=inbox.start,
            args=(database(), job.id, programme or None, str(on or today())),
        )  # fmt: skip
        _discard(job)


def _done(job: Job) -> None:
    _head(job, text("Done"))
    if job.failed:
        joint = "、" if language() == "zh" else ", "
        names = joint.join(job.failed[:FAILED_SHOWN])
        if len(job.failed) > FAILED_SHOWN:
            names = text("{name} and {n} more", name=names, n=len(job.failed) - FAILED_SHOWN)
        told = text("Nothing could be read of: {names}", names=names)
        html(f'<p class="wrong">{esc(told)}</p>')
    with st.container(horizontal=True):
        if len(job.results) == 1:
            _, id = job.results[0]
            st.button(
                text("Open it"), key=f"open-{job.id}", type="primary",
                on_click=go, kwargs={"screen": "review", "submission": str(id)},
            )  # fmt: skip
        st.button(
            text("To the queue"), key=f"queue-{job.id}",
            on_click=go, kwargs={"screen": "queue"},
        )  # fmt: skip
        _discard(job)


def _discard(job: Job) -> None:
    st.button(
        text("Remove from this list") if job.state == "done" else text("Discard"),
        key=f"discard-{job.id}", type="tertiary",
        on_click=inbox.discard, args=(database(), job.id),
    )  # fmt: skip


def _head(job: Job, state: str) -> None:
    names = [name for name, _ in job.groups]
    title = names[0] if names else ""
    if len(names) > 1:
        title = text("{name} and {n} more", name=title, n=len(names) - 1)
    html(
        f'<div class="jobhead"><b>{esc(title)}</b><span class="jobstate {job.state}">'
        f"{esc(state)}</span><i>{esc(when(job.created))}</i></div>"
    )


def show_progress() -> None:
    """The line in the top bar while something is being reviewed."""
    if at("screen") != "upload" and _at_work():
        _line()


def _at_work() -> list[Job]:
    return [j for j in inbox.jobs(database()) if j.state == "running" and not j.dead]


@st.fragment(run_every=2.0)
def _line() -> None:
    running = _at_work()
    if not running:
        st.rerun()
    done, total = sum(j.done for j in running), sum(j.total for j in running)
    words = text("Reviewing {n} of {all}", n=done, all=total)
    html(f'<div class="working"><i></i>{esc(words)}</div>', wide=False)
