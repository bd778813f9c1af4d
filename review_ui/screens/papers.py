"""The right side: the paper itself, with the boxes of the chosen finding or figure."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from threading import Lock, Thread

import streamlit as st

from extractor.output import FileRecord
from extractor.pipeline import read_all
from extractor.storing.records import Stored
from extractor.storing.store import Store
from models.types import Document, Evidence
from review_ui import pictures
from review_ui.names import owner
from review_ui.pictures import Marked, Picture
from review_ui.screens import kept, keys, queue
from review_ui.screens.frame import (
    at,
    esc,
    html,
    number_at,
    picture_address,
    place_name,
    scroll_to,
    short_key,
    text,
    turn,
)

ZOOMS = ("100", "150", "200")
TURNS = ("0", "180", "90", "270")
"""Degrees, as often as a scan lies so."""
AROUND = (6.0, 4.0)
CUT = (520.0, 180.0)
"""Points around a place that is cut out; the most pixels it may take."""


def show(store: Store, stored: Stored, evidences: list[Evidence]) -> None:
    """The file and page of the chosen evidence, or where the reader has turned to."""
    chosen = min(number_at("e"), len(evidences) - 1) if evidences else -1
    stranger = ""
    if evidences and not at("file"):
        stranger, stored, evidences = _elsewhere(store, stored, evidences, chosen)
    files = [f for f in stored.result.files if f.sha256]
    if not files:
        html(f'<div class="empty">{esc(text("There is no paper to show."))}</div>')
        return
    marked = [Marked(n + 1, e, n == chosen) for n, e in enumerate(evidences)]
    first = marked[chosen] if evidences else None
    file = _file(files, first)
    path = store.file_path(file.sha256)
    here = [m for m in marked if m.evidence.file == file.name]
    if file.kind in ("pdf", "image") and file.pages:
        _pdf(stored, files, file, path, here, first, stranger)
    else:
        _bar(files, file, path, stranger)
        with st.container(key="paper", height=520):
            _other(file, path, here)
            _scroll(first)


def _elsewhere(
    store: Store, stored: Stored, evidences: list[Evidence], chosen: int
) -> tuple[str, Stored, list[Evidence]]:
    """The other submission whose paper the chosen evidence is of, with its name, and the
    evidences as its own files are called; else what was given."""
    file = evidences[chosen].file
    if not file or any(f.name == file for f in stored.result.files):
        return "", stored, evidences
    ids = {r.summary.name: r.summary.id for r in queue.load_rows(store)}
    name = owner(file, ids)
    if not name or ids[name] == stored.summary.id:
        return "", stored, evidences
    theirs = [
        replace(e, file=e.file.removeprefix(f"{name}/"))
        if e.file.startswith(f"{name}/") else replace(e, file="")
        for e in evidences
    ]  # fmt: skip
    return name, kept.submission(store, ids[name]), theirs


def _file(files: list[FileRecord], first: Marked | None) -> FileRecord:
    """What the URL says, else the evidence's, else the form."""
    for wanted in (at("file"), first.evidence.file if first else ""):
        for f in files:
            if wanted and f.name == wanted:
                return f
    forms = [f for f in files if f.role == "application_form"]
    return (forms or files)[0]


def _bar(
    files: list[FileRecord], file: FileRecord, path: Path, stranger: str, page: int = 0,
    pages: int = 0,
) -> None:  # fmt: skip
    with st.container(horizontal=True, key="paperbar", vertical_alignment="center", gap="small"):
        if stranger:
            of = text("another application: {name}", name=stranger)
            html(f'<div class="filename"><b>◈ {esc(of)}</b> {esc(file.name)}</div>')
        elif len(files) > 1:
            key = f"file-{short_key(file.sha256 + file.name)}"
            st.selectbox(
                text("File"), [f.name for f in files], index=files.index(file), key=key,
                label_visibility="collapsed", on_change=_take_file, args=(key,),
            )  # fmt: skip
        else:
            html(f'<div class="filename">{esc(file.name)}</div>')
        st.download_button(
            text("Original"), lambda: path.read_bytes(), file.name.rsplit("/", 1)[-1],
            key="original", help=text("Download the file as it was handed in"),
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        if pages:
            turned = "" if stranger else file.name
            st.button("‹", key="page-back", help=text("Page before"), disabled=page <= 1,
                      shortcut=keys.PAGE_BACK, on_click=_turn_page,
                      args=(turned, page - 1))  # fmt: skip
            number = text("{n} / {all}", n=page, all=pages)
            html(f'<span class="pageno">{esc(number)}</span>', wide=False)
            st.button("›", key="page-on", help=text("Next page"), disabled=page >= pages,
                      shortcut=keys.PAGE_ON, on_click=_turn_page,
                      args=(turned, page + 1))  # fmt: skip
            zoom = at("zoom") if at("zoom") in ZOOMS else "100"
            other = ZOOMS[(ZOOMS.index(zoom) + 1) % len(ZOOMS)]
            st.button(f"{zoom}%", key="zoom", help=text("Enlarge"), icon=":material/zoom_in:",
                      shortcut=keys.ZOOM, on_click=turn, kwargs={"zoom": other})  # fmt: skip
            turned_to = TURNS[(TURNS.index(_turned()) + 1) % len(TURNS)]
            st.button("", key="turn", help=text("Turn the paper round"),
                      icon=":material/rotate_right:", shortcut=keys.TURN, on_click=turn,
                      kwargs={"turn": "" if turned_to == "0" else turned_to})  # fmt: skip


def _turned() -> str:
    return at("turn") if at("turn") in TURNS else "0"


def _take_file(key: str) -> None:
    turn(file=str(st.session_state.get(key) or ""), page="1")


def _turn_page(file: str, page: int) -> None:
    turn(file=file, page=str(page))


# ------------------------------------------------------------------ PDF


def _pdf(
    stored: Stored, files: list[FileRecord], file: FileRecord, path: Path, here: list[Marked],
    first: Marked | None, stranger: str,
) -> None:  # fmt: skip
    pages = file.pages or 1
    page = 1
    if first is not None and first.evidence.file == file.name and first.evidence.page:
        page = first.evidence.page
    page = min(max(number_at("page", page), 1), pages)
    _bar(files, file, path, stranger, page, pages)
    with st.container(key="paper", height=520):
        picture = page_picture(str(path), file.sha256, page)
        if picture is None:
            html(f'<div class="empty">{esc(text("This page cannot be drawn."))}</div>')
            return
        on_page = [m for m in here if m.evidence.page == page]
        zoom = at("zoom") if at("zoom") in ZOOMS else "100"
        label = text("page {n}", n=page)
        drawn = pictures.page_html(picture, on_page, label, picture_address(picture.data, "page"))
        html(f'<div class="zoom z{zoom} r{_turned()}">{_lying(drawn, picture)}</div>')
        _scroll(first if first in on_page else None)
    _draw_ahead(path, file, stored)


def _lying(drawn: str, picture: Picture) -> str:
    """A page turned by a quarter takes the room of one that lies."""
    if _turned() not in ("90", "270"):
        return drawn
    ratio = picture.width / picture.height
    page = drawn.replace(
        '<div class="page"',
        f'<div class="page" style="width:{100 * ratio:.2f}%;'
        f'transform:translate(-50%,-50%) rotate({_turned()}deg)"', 1,
    )  # fmt: skip
    return f'<div class="turned" style="aspect-ratio:{1 / ratio:.4f}">{page}</div>'


PAGES_KEPT = 96
AHEAD = 12
_lock = Lock()
_drawn: OrderedDict[tuple[str, int], Picture] = OrderedDict()
_coming: set[str] = set()
"""Files whose pages are being drawn ahead."""


def page_picture(path: str, sha256: str, page: int) -> Picture | None:
    """A page of a PDF; kept, as the file of a hash never changes."""
    with _lock:
        if (sha256, page) in _drawn:
            _drawn.move_to_end((sha256, page))
            return _drawn[sha256, page]
    made = pictures.page_pictures(Path(path), [page])
    if made:
        _keep(sha256, page, made[0])
    return made[0] if made else None


def _keep(sha256: str, page: int, picture: Picture) -> None:
    with _lock:
        _drawn[sha256, page] = picture
        while len(_drawn) > PAGES_KEPT:
            _drawn.popitem(last=False)


def _draw_ahead(path: Path, file: FileRecord, stored: Stored) -> None:
    """Draws the other pages that findings lead to, so that the next key shows its page at once."""
    places = [e for r in stored.findings for e in r.finding.evidences if e.file == file.name]
    last = file.pages or 0
    pages = sorted({e.page for e in places if e.page and 1 <= e.page <= last})[:AHEAD]
    with _lock:
        pages = [p for p in pages if (file.sha256, p) not in _drawn]
        if not pages or file.sha256 in _coming:
            return
        _coming.add(file.sha256)

    def draw() -> None:
        try:
            for page, picture in zip(pages, pictures.page_pictures(path, pages), strict=False):
                _keep(file.sha256, page, picture)
        finally:
            with _lock:
                _coming.discard(file.sha256)

    Thread(target=draw, daemon=True).start()


# ------------------------------------------------------------------ Word, pictures, the rest


def _other(file: FileRecord, path: Path, here: list[Marked]) -> None:
    if file.kind == "image":
        picture = image(str(path), file.sha256)
        if picture is not None:
            address = picture_address(picture.data, "page")
            drawn = pictures.page_html(picture, here, file.name, address)
            html(f'<div class="zoom z100">{drawn}</div>')
            return
    if (document := _documents.get((file.sha256, file.name))) is not None:
        _draw(document, here)
        return
    slot = st.empty()  # what stood here goes: it was another paper
    with slot, st.spinner(text("Reading the paper…")):
        document = read(str(path), file.sha256, file.name)
    with slot:
        _draw(document, here)


def _draw(document: Document | None, here: list[Marked]) -> None:
    if document is None or not document.blocks:
        html(f'<div class="empty">{esc(text("This file cannot be shown here."))}</div>')
    else:
        html(pictures.document_html(document, here))


_documents: OrderedDict[tuple[str, str], Document] = OrderedDict()
DOCUMENTS_KEPT = 16


def read(path: str, sha256: str, name: str) -> Document | None:
    """What the reader sees in a file, read again in a worker; kept, as a file of a hash stays."""
    with _lock:
        known = _documents.get((sha256, name))
    if known is not None:
        return known
    document = next(iter(read_all([(Path(path), name)])), None)
    if document is not None:
        with _lock:
            _documents[sha256, name] = document
            while len(_documents) > DOCUMENTS_KEPT:
                _documents.popitem(last=False)
    return document


@st.cache_data(max_entries=12, show_spinner=False)
def image(path: str, sha256: str) -> Picture | None:
    return pictures.image_picture(Path(path))


def place_html(file: FileRecord, path: Path, e: Evidence) -> str:
    """What stands in one place: cut out of the page or the picture, or of Word and Excel the row
    of the table as it was read, its cell marked."""
    if file.kind in ("pdf", "image") and e.page and e.bbox:
        picture = page_picture(str(path), file.sha256, e.page)
        return _cut(picture, e) if picture is not None else ""
    if file.kind in ("pdf", "image") or not e.place:
        return ""
    document = read(str(path), file.sha256, file.name)
    return pictures.row_html(document, e) if document is not None else ""


def _cut(picture: Picture, e: Evidence) -> str:
    """The place and a little around it, out of the picture of the page that is shown anyhow."""
    assert e.bbox is not None
    (x0, x1), (top, bottom) = sorted(e.bbox[::2]), sorted(e.bbox[1::2])
    x0, top = max(0.0, x0 - AROUND[0]), max(0.0, top - AROUND[1])
    x1, bottom = min(picture.width, x1 + AROUND[0]), min(picture.height, bottom + AROUND[1])
    width, height = x1 - x0, bottom - top
    if width < 1 or height < 1:
        return ""
    quarter = _turned() in ("90", "270")
    wide, tall = (height, width) if quarter else (width, height)
    scale = min(pictures.SCALE, CUT[0] / wide, CUT[1] / tall)
    address = esc(picture_address(picture.data, "page"))
    image = (
        f'<img src="{address}" alt="{esc(place_name(e.place))}" style="width:'
        f'{picture.width * scale:.1f}px;left:{-x0 * scale:.1f}px;top:{-top * scale:.1f}px">'
    )
    size = f"width:{width * scale:.1f}px;height:{height * scale:.1f}px"
    if not quarter:
        return f'<div class="crop r{_turned()}" style="{size}">{image}</div>'
    room = f"width:{height * scale:.1f}px;height:{width * scale:.1f}px"
    return (
        f'<div class="lies" style="{room}"><div class="crop" style="{size};'
        f'transform:translate(-50%,-50%) rotate({_turned()}deg)">{image}</div></div>'
    )


def _scroll(first: Marked | None) -> None:
    if first is not None:
        scroll_to(".st-key-paper .chosen", f"{first.number} {first.evidence!r}", "center")
