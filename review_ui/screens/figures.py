"""Every figure, tick and text as it was read, what a person must look at first, corrections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from extractor.storing.migrations import StoreError
from extractor.storing.records import Stored, StoredCorrection
from extractor.storing.store import Store
from models.form import Form
from models.types import Answer, Application, Evidence, NarrativeAnswer, TickAnswer
from review_ui.names import when
from review_ui.screens import keys, papers
from review_ui.screens.frame import (
    at,
    esc,
    field_name,
    form_of,
    html,
    open_store,
    pick,
    place_name,
    plain,
    reviewer,
    scroll_to,
    section_name,
    short_key,
    tell,
    text,
    turn,
)
from review_ui.verdict import stands

Entry = Answer | TickAnswer | NarrativeAnswer


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the URL asks for: the parts of the form, the chosen one, the figure that is open."""

    form: Form | None
    parts: dict[str, list[Entry]]
    part: str
    wanted: str

    @property
    def entries(self) -> list[Entry]:
        return self.parts[self.part] if self.part else []


def _shown(stored: Stored) -> _Shown:
    application = stored.result.application or Application(form="")
    form = form_of(application.form)
    entries = _in_form_order(application, form)
    if not entries:
        return _Shown(form, {}, "", "")
    parts, part = _parts(stored, form, entries)
    wanted = at("figure")
    if parts[part] and parts[part][0].needs_look and wanted not in map(name_of, parts[part]):
        wanted = name_of(parts[part][0])  # what is to be looked at lies open at once
    return _Shown(form, parts, part, wanted)


def steps(stored: Stored) -> None:
    """The row over the list: which part of the form, and the keys to go on with."""
    shown = _shown(stored)
    if not shown.part:
        return
    names = [name_of(e) for e in shown.entries]
    here = names.index(shown.wanted) if shown.wanted in names else -1
    look = [n for n, e in enumerate(shown.entries) if e.needs_look]
    onward = next((n for n in look if n > here), next((n for n in look if n != here), None))
    with st.container(horizontal=True, key="steps", vertical_alignment="center", gap="small"):
        _choose_part(stored, shown)
        for sign, key, place, hint in (
            ("‹", keys.PREVIOUS, here - 1 if here > 0 else None, text("previous figure")),
            ("›", keys.NEXT, here + 1 if here + 1 < len(names) else None, text("next figure")),
            (text("Next to look at"), keys.UNDECIDED, onward, text("the next one to look at")),
        ):
            st.button(
                sign, key=f"step-{key}", shortcut=key, help=hint, disabled=place is None,
                on_click=turn,
                kwargs={"figure": "" if place is None else names[place], "part": shown.part,
                        "e": "", "page": "", "file": ""},
            )  # fmt: skip


def show(store: Store, stored: Stored) -> list[Evidence]:
    """Draws the figures of the chosen part of the form; the places of the chosen one."""
    shown = _shown(stored)
    form = shown.form
    if not shown.part:
        html(f'<div class="empty">{esc(text("No form was found in these papers."))}</div>')
        return []
    if not shown.entries:
        html(f'<div class="empty good">{esc(text("Nothing is left to look at."))}</div>')
    made = {(c.field, c.period): c for c in stored.corrections if c.applied}
    failed = {f for r in stored.findings if stands(r) and r.finding.severity != "notice"
              for f in r.finding.fields}  # fmt: skip
    evidences: list[Evidence] = []
    for entry in shown.entries:
        name = name_of(entry)
        chosen = shown.wanted == name
        if chosen:
            evidences = _places(entry)
        correction = made.get((entry.field, getattr(entry, "period", None)))
        _row(entry, form, chosen, correction, name in failed)
        if chosen:
            _correct(store, stored, entry, correction)
            if at("figure"):
                scroll_to(".st-key-left .st-key-correct", f"{stored.summary.id} {name}")
                if st.session_state.pop("into", False):
                    keys.focus(".st-key-correct input, .st-key-correct textarea", name)
    return evidences


def name_of(entry: Entry) -> str:
    """`field@period`, as findings name it."""
    period = entry.period if isinstance(entry, Answer) else None
    return f"{entry.field}@{period}" if period else entry.field


def _in_form_order(application: Application, form: Form | None) -> list[Entry]:
    entries: list[Entry] = [
        *application.answers, *application.ticks, *application.narratives
    ]  # fmt: skip
    order = {f.id: n for n, f in enumerate(form.fields)} if form is not None else {}
    return sorted(entries, key=lambda e: order.get(e.field, len(order)))


def _parts(
    stored: Stored, form: Form | None, entries: list[Entry]
) -> tuple[dict[str, list[Entry]], str]:
    """The parts of the form (to look at, corrected, its sections, all), and the chosen one."""
    look = [e for e in entries if e.needs_look]
    corrected = {(c.field, c.period) for c in stored.corrections if c.applied}
    mended = [e for e in entries if (e.field, getattr(e, "period", None)) in corrected]
    sections = {f.id: f.section for f in form.fields} if form is not None else {}
    parts: dict[str, list[Entry]] = {"look": look}
    if mended:
        parts["corrected"] = mended
    for e in entries:
        parts.setdefault(f"s:{sections.get(e.field, '')}", []).append(e)
    parts["all"] = entries
    fallback = "look" if look else next(iter(k for k in parts if k.startswith("s:")), "all")
    at_figure = next((e for e in entries if name_of(e) == at("figure")), None)
    if at_figure is not None and at("part") not in parts:
        fallback = "look" if at_figure.needs_look else f"s:{sections.get(at_figure.field, '')}"
    return parts, at("part") if at("part") in parts else fallback


def _choose_part(stored: Stored, shown: _Shown) -> None:
    counts = {k: len(v) for k, v in shown.parts.items()}
    names = {
        "look": text("To look at ({n})", n=counts["look"]),
        "corrected": text("Corrected ({n})", n=counts.get("corrected", 0)),
        "all": text("Everything ({n})", n=counts["all"]),
    }
    key = f"part-{stored.summary.id}-{short_key(shown.part)}"
    st.selectbox(
        text("Part of the form"), list(counts), index=list(counts).index(shown.part), key=key,
        format_func=lambda k: names.get(k, section_name(k.removeprefix("s:"))),
        label_visibility="collapsed", on_change=_take_part, args=(key,),
    )  # fmt: skip


def _take_part(key: str) -> None:
    turn(part=str(st.session_state.get(key) or ""), figure="", e="", page="", file="")


def _places(entry: Entry) -> list[Evidence]:
    places = [entry.evidence]
    if isinstance(entry, TickAnswer):
        places += [o.evidence for o in entry.options if o.ticked and o.evidence.bbox]
    return [p for p in places if p.file]


# ------------------------------------------------------------------ one row


def _row(
    entry: Entry, form: Form | None, chosen: bool, correction: StoredCorrection | None,
    failed: bool,
) -> None:  # fmt: skip
    """Machine-sure ones bear no flag; the others say what they are in words and with a sign."""
    name = name_of(entry)
    flags = ""
    if correction is not None:
        same = correction.before == correction.after
        word = text("✓ confirmed by a person") if same else text("✎ corrected")
        flags += f'<span class="flag person">{esc(word)}</span>'
    if entry.needs_look:
        flags += f'<span class="flag look">{esc(text("◆ to look at"))}</span>'
    if failed:
        flags += f'<span class="flag failed">{esc(text("■ has findings"))}</span>'
    with st.container(key=f"card-{short_key(name)}", gap=None):
        look = " look" if entry.needs_look else ""
        html(
            f'<div class="figure{" chosen" if chosen else ""}{look}">'
            f"<span>{esc(field_name(form, name))}{flags}</span>{_value(entry)}</div>"
        )
        st.button(
            plain(field_name(form, name)), key=f"figure-{short_key(name)}", width="stretch",
            on_click=turn,
            kwargs={"figure": "" if chosen else name, "e": "", "page": "", "file": ""},
        )  # fmt: skip


def _value(entry: Entry) -> str:
    if isinstance(entry, TickAnswer):
        ticked = [o.text for o in entry.options if o.ticked]
        unsure = [o.text for o in entry.options if o.ticked is None]
        said = "；".join([*(f"☑ {t}" for t in ticked), *(f"？{t}" for t in unsure)])
        return f"<b>{esc(said or text('nothing ticked'))}</b>"
    if isinstance(entry, NarrativeAnswer):
        count = text("{n} characters", n=entry.characters)
        if entry.limit:
            count = text("{n} of at most {limit} characters", n=entry.characters, limit=entry.limit)
        return f"<b>{esc(count if entry.state == 'given' else state_name(entry.state))}</b>"
    if entry.state != "given":
        raw = f" <i>{esc(entry.raw[:40])}</i>" if entry.raw.strip() else ""
        return f'<b class="{esc(entry.state)}">{esc(state_name(entry.state))}{raw}</b>'
    value = format_value(entry.value)
    unit = f" <i>{esc(entry.unit)}</i>" if entry.unit and isinstance(entry.value, Decimal) else ""
    return f"<b>{esc(value)}{unit}</b>"


def format_value(value: Decimal | str | None) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value or "")


def state_name(state: str) -> str:
    return {
        "none": text("nothing to report"),
        "blank": text("blank"),
        "absent": text("not in the form"),
        "unreadable": text("unreadable"),
    }.get(state, state)


# ------------------------------------------------------------------ looking and correcting


def _correct(
    store: Store, stored: Stored, entry: Entry, correction: StoredCorrection | None
) -> None:
    id, name = stored.summary.id, name_of(entry)
    key = f"{id}-{short_key(name)}-{correction.id if correction else 0}"
    with st.container(border=True, key="correct", gap="small"):
        html(_paper(store, stored, entry) + _facts(entry, correction))
        if entry.state == "absent":
            return
        with st.form(f"form-{key}", border=False, clear_on_submit=False):
            value = _input(entry, key)
            why = st.text_input(
                text("Reason"), key=f"why-{key}", max_chars=300,
                placeholder=text("why, for the record"),
            )  # fmt: skip
            with st.container(horizontal=True, gap="small"):
                save = st.form_submit_button(text("Correct"), type="primary", key=f"save-{key}")
                agree = entry.needs_look and st.form_submit_button(
                    text("It stands so on the paper"), key=f"agree-{key}", shortcut=keys.CONFIRM
                )
                undo = correction is not None and st.form_submit_button(
                    text("Take the correction back"), key=f"undo-{key}"
                )
        if agree:
            _store(stored, entry, _as_read(entry), why or text("looked at; read rightly"))
        elif undo:
            _store(stored, entry, None, why)
        elif save:
            _store(stored, entry, value, why)


def _paper(store: Store, stored: Stored, entry: Entry) -> str:
    e = entry.evidence
    file = next((f for f in stored.result.files if f.name == e.file and f.sha256), None)
    if file is None or isinstance(entry, NarrativeAnswer):
        return ""
    drawn = papers.place_html(file, store.file_path(file.sha256), e)
    return f'<div class="cut">{drawn}</div>' if drawn else ""


def _facts(entry: Entry, correction: StoredCorrection | None) -> str:
    rows = []
    if entry.why_look is not None:
        rows.append((text("Why to look"), esc(pick(entry.why_look))))
    raw = entry.raw if isinstance(entry, Answer) else ""
    if raw:
        rows.append((text("As written"), esc(raw)))
    if isinstance(entry, Answer | NarrativeAnswer) and entry.evidence.how != "person":
        rows.append((text("Confidence"), f"{entry.confidence:.0%}"))
    if entry.evidence.place:
        rows.append((text("Place"), esc(place_name(entry.evidence.place))))
    if correction is not None:
        by = f"{esc(correction.who)} {esc(when(correction.at))}"
        why = f"：{esc(correction.why)}" if correction.why else ""
        before = said(correction.before)
        rows.append((text("Read before"), esc(before)))
        rows.append((text("Corrected by"), f"{by}{why}"))
    body = "".join(f"<dt>{esc(n)}</dt><dd>{v}</dd>" for n, v in rows)
    return f'<div class="opened"><dl>{body}</dl></div>'


def said(reading: object) -> str:
    """A reading (text, or option → ticked) in one line."""
    if isinstance(reading, Mapping):
        return "；".join(f"{'☑' if on else '☐'} {option}" for option, on in reading.items())
    words = str(reading or "")
    return words if len(words) < 80 else words[:80] + "…"


def _input(entry: Entry, key: str) -> str | dict[str, bool]:
    if isinstance(entry, TickAnswer):
        st.caption(text("What is ticked on the paper"))
        return {
            o.text: st.checkbox(plain(o.text), bool(o.ticked), key=f"tick-{key}-{n}")
            for n, o in enumerate(entry.options)
        }
    if isinstance(entry, NarrativeAnswer):
        return st.text_area(text("The text on the paper"), entry.text, key=f"to-{key}", height=180)
    label = text("What stands on the paper")
    if entry.unit:
        label = text("What stands on the paper ({unit})", unit=plain(entry.unit))
    return st.text_input(label, entry.raw.strip(), key=f"to-{key}", max_chars=500)


def _as_read(entry: Entry) -> str | dict[str, bool]:
    if isinstance(entry, TickAnswer):
        return {o.text: bool(o.ticked) for o in entry.options}
    return entry.text if isinstance(entry, NarrativeAnswer) else entry.raw


def _store(stored: Stored, entry: Entry, value: str | dict[str, bool] | None, why: str) -> None:
    """Writes the correction; the checks run again with it in the same transaction."""
    id = stored.summary.id
    if not reviewer():
        tell(text("Please enter your name at the top right first."), "wrong")
    elif not why.strip() and value is not None:
        tell(text("Please write the reason first."), "wrong")
    else:
        period = entry.period if isinstance(entry, Answer) else None
        try:
            with open_store() as store:
                before = store.load_submission(id).summary
                seen = [c.id for c in stored.corrections
                        if (c.field, c.period) == (entry.field, period)]  # fmt: skip
                store.add_correction(
                    id, entry.field, period, value, reviewer(), why.strip(),
                    seen=max(seen, default=None),
                )  # fmt: skip
                after = store.load_submission(id).summary
        except StoreError as error:
            tell(pick(error.message), "wrong")
        else:
            tell(
                text(
                    "Saved and checked again: {errors} errors (before: {was})",
                    errors=after.errors, was=before.errors,
                )
            )  # fmt: skip
    st.rerun()
