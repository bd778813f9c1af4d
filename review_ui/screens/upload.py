"""Bringing papers in: files, folders and zips, and how far the work on them is."""

from __future__ import annotations

from datetime import date

import streamlit as st

from extractor.pipeline import today
from extractor.storing.store import local_now
from models.programme import programme_ids
from models.wording import Bilingual
from review_ui import inbox, watching
from review_ui.inbox import Job
from review_ui.names import when
from review_ui.screens import access
from review_ui.screens.frame import (
    at,
    database,
    esc,
    go,
    html,
    language,
    own_words,
    pick,
    plain,
    programme_name,
    tell,
    text,
)

ENDINGS = ("docx", "doc", "wps", "pdf", "zip", "xlsx", "xls", "jpg", "jpeg", "png", "tif", "tiff")
FAILED_SHOWN = 5
GROUPS_SHOWN = 60


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
            "Files whose names show that they belong together become one application; how they "
            "were grouped is shown before the review begins and can be corrected."
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
    _watched()


@st.fragment(run_every=5.0)
def _watched() -> None:
    """The folder for batches that are too large for a browser: what was put there shows up."""
    there, job = _poll()
    if job is not None:
        st.rerun()
    folder = watching.watched(database())
    title = text("Large batches: put them into this folder; they show up here by themselves.")
    html(f'<p class="hint">{esc(title)}<br><code>{esc(folder)}</code></p>')
    if there.coming or there.resting:
        names = [*there.coming, *there.resting]
        shown = "、".join(names[:FAILED_SHOWN]) + ("…" if len(names) > FAILED_SHOWN else "")
        words = text("Arriving: {n} ({names})", n=len(names), names=shown)
        html(f'<p class="arriving"><i></i>{esc(words)}</p>')
    st.toggle(
        text("Begin the review at once, without showing the grouping first"),
        watching.automatic(database()), key="automatic", on_change=_automatic,
        disabled=not access.leads(),
    )  # fmt: skip


def _poll() -> tuple[watching.Lying, Job | None]:
    try:
        return watching.poll(database(), local_now(), None, today())
    except OSError as error:
        tell(text("The upload could not be kept: {why}", why=str(error)), "wrong")
        return watching.Lying(), None


def _automatic() -> None:
    try:
        watching.set_automatic(database(), bool(st.session_state.get("automatic")))
    except OSError as error:
        tell(text("The upload could not be kept: {why}", why=str(error)), "wrong")


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
        told = text("{n} of {all} applications", n=job.done, all=job.total)
        if job.pages:
            told += text(", {n} pages", n=job.pages)
        if job.seconds_left is not None and job.done < job.total:
            told += " · " + _left(job.seconds_left)
        st.progress(job.done / max(job.total, 1), plain(told))
        if job.now:
            n, of = job.page
            page = text(", page {n} of {all}", n=n, all=of) if of else ""
            html(f'<p class="hint now">{esc(job.now)}{esc(page)}</p>')
        html(f'<p class="hint">{esc(text("You can go on working; this goes on by itself."))}</p>')


def _left(seconds: float) -> str:
    if seconds < 90:
        return text("about {n} s left", n=max(1, round(seconds)))
    return text("about {n} min left", n=round(seconds / 60))


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
    if job.known:
        lines = "".join(
            f"<li>{esc(text('{group} is {name} to the byte', group=group, name=name))}</li>"
            for group, name, _ in job.known[:FAILED_SHOWN]
        )
        more = len(job.known) - FAILED_SHOWN
        lines += f"<li>{esc(text('and {n} more', n=more))}</li>" if more > 0 else ""
        title = text("{n} of these were reviewed before", n=len(job.known))
        html(f'<div class="shout"><b>⚠ {esc(title)}</b><ul>{lines}</ul></div>')
    rows = "".join(_group(job, n) for n in range(min(job.total, GROUPS_SHOWN)))
    more = job.total - GROUPS_SHOWN
    if more > 0:
        rows += f"<li>{esc(text('and {n} more', n=more))}</li>"
    title = text("It will be reviewed as {n} applications:", n=job.total)
    html(f'<p class="hint">{esc(title)}</p><ul class="groups">{rows}</ul>')
    _regroup(job)
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


def _group(job: Job, n: int) -> str:
    """A group with the names of its files."""
    name, count = job.groups[n]
    members = job.members[n] if n < len(job.members) else []
    shown = "、".join(m.rsplit("/", 1)[-1] for m in members)
    if count > len(members) > 0:
        shown += "…"
    files = f"<small>{esc(shown)}</small>" if count > 1 else ""
    number = esc(text("{n} files", n=count))
    return f"<li><span>{n + 1}. {esc(name)}{files}</span><i>{number}</i></li>"


def _regroup(job: Job) -> None:
    """Groups put together or taken apart before the review begins."""
    movable = [n for n, path in enumerate(job.paths) if path]
    if len(movable) < 2 and all(count < 2 for _, count in job.groups):
        return
    with st.popover(text("Correct the grouping"), key=f"regroup-{job.id}"):
        key = f"groups-{job.id}"
        st.multiselect(
            text("Applications"), movable, key=key, placeholder=text("choose applications"),
            format_func=lambda n: f"{n + 1}. {job.groups[n][0]}", label_visibility="collapsed",
        )  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            st.button(text("They are one application"), key=f"together-{job.id}",
                      on_click=_move, args=(job.id, key, True))  # fmt: skip
            st.button(text("Each file is one of its own"), key=f"apart-{job.id}",
                      on_click=_move, args=(job.id, key, False))  # fmt: skip


def _move(id: str, key: str, together: bool) -> None:
    chosen = list(st.session_state.get(key) or ())
    try:
        (inbox.put_together if together else inbox.take_apart)(database(), id, chosen)
    except OSError as error:
        tell(text("The upload could not be kept: {why}", why=str(error)), "wrong")
    st.session_state[key] = []


def _shout(job: Job) -> None:
    """What was handed in twice, loud."""
    if not job.doubles:
        return
    lines = "".join(
        f"<li><b>{esc(name)}</b> {esc(pick(Bilingual(zh, en)))}</li>"
        for name, _, zh, en in job.doubles[:FAILED_SHOWN]
    )
    more = len(job.doubles) - FAILED_SHOWN
    lines += f"<li>{esc(text('and {n} more', n=more))}</li>" if more > 0 else ""
    title = text("Handed in twice: {n} applications", n=len({id for _, id, _, _ in job.doubles}))
    html(f'<div class="shout"><b>⚠ {esc(title)}</b><ul>{lines}</ul></div>')


def _done(job: Job) -> None:
    _head(job, text("Done"))
    _shout(job)
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
    """In the top bar: what is being reviewed, and what waits to be."""
    if at("screen") != "upload":
        _line()


def _at_work() -> tuple[list[Job], list[Job]]:
    found = inbox.jobs(database())
    running = [j for j in found if j.state == "running" and not j.dead]
    return running, [j for j in found if j.state == "waiting"]


@st.fragment(run_every=5.0)
def _line() -> None:
    _poll()
    running, waiting = _at_work()
    with st.container(key="working", horizontal=True, vertical_alignment="center", gap="small"):
        if running:
            done, total = sum(j.done for j in running), sum(j.total for j in running)
            words = text("Reviewing {n} of {all}", n=done, all=total)
            html(f'<div class="working"><i></i>{esc(words)}</div>', wide=False)
        if waiting:
            label = text("{n} applications wait to be begun", n=sum(j.total for j in waiting))
            st.button(label, key="to-waiting", type="tertiary", on_click=go,
                      kwargs={"screen": "upload"})  # fmt: skip
