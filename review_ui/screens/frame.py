"""What every screen shares: language, the URL as state, the database, escaping, the top bar."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha1
from html import escape
from pathlib import Path
from threading import Lock
from urllib.parse import quote, unquote

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from extractor.storing.store import Store, default_path
from models import wording
from models.form import Form, load_form
from models.rules.figures import field_name as name_in_words
from models.types import Severity
from models.wording import Bilingual, say
from review_ui.names import place_words, rule_name
from review_ui.verdict import Word, words

STYLE = Path(__file__).parent.parent / "static" / "screen.css"
COOKIE = "hecha_reviewer"
QUEUE_PARAMS = ("show", "q", "sort", "city", "prog", "desk")
"""What of the URL says which submissions the queue shows."""


# ------------------------------------------------------------------ language


def language() -> str:
    """The page's own (?lang=en), else what HECHA_LANG says. Never set for the whole process."""
    # asked for with every word: the run's own address is looked at, which costs a tenth
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None and "lang=" not in context.query_string:
        return wording.language()
    wanted = st.query_params.get("lang", "")
    return wanted if wanted in ("zh", "en") else wording.language()


def pick(words: Bilingual) -> str:
    return words.en if language() == "en" else words.zh


def text(source: str, /, **params: object) -> str:
    """A sentence in the language of this page; `source` is a literal of the catalogue."""
    return pick(say(source, **params))


# ------------------------------------------------------------------ the URL is the state


def at(name: str, default: str = "") -> str:
    return st.query_params.get(name, default)


def number_at(name: str, default: int = 0) -> int:
    """A number of the URL; anybody may have typed anything there."""
    value = at(name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else default


def go(**params: str) -> None:
    """To another place; the language stays, and which submissions the queue shows."""
    with_queue = params.get("screen") in ("queue", "review", "compare")
    stay = (*(QUEUE_PARAMS if with_queue else ()), "lang")
    st.query_params.from_dict(
        {k: v for k, v in (*params.items(), *((n, at(n)) for n in stay)) if v}
    )


def turn(**params: str) -> None:
    """The same place with some parameters changed; an empty one is taken away."""
    kept = {k: v for k, v in st.query_params.items() if k not in params}
    st.query_params.from_dict({**kept, **{k: v for k, v in params.items() if v}})


# ------------------------------------------------------------------ words that stay words


def html(markup: str, wide: bool = True) -> None:
    """Our own markup. Whatever comes out of a paper has gone through `esc`."""
    st.html(markup, width="stretch" if wide else "content")


def esc(value: object) -> str:
    return escape(str(value))


def plain(value: object) -> str:
    """Text for a widget's label, which Streamlit would otherwise read as Markdown.

    >>> plain("*a* [b](c) :red[d]").replace("\\u2060", "")
    '\\\\*a\\\\* \\\\[b\\\\]\\\\(c\\\\) \\\\:red\\\\[d\\\\]'
    """
    one_line = " ".join(str(value).split())
    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", one_line)
    # :icon: and -- are replaced after Markdown is read, so an escape does not keep them
    return re.sub(r"([:<-])", "\\1\u2060", escaped)


def short_key(value: str) -> str:
    """A stable name for a widget that goes with a text."""
    return sha1(value.encode()).hexdigest()[:10]


# ------------------------------------------------------------------ the database


def database() -> Path:
    return Path(os.environ.get("HECHA_DB") or default_path())


IDLE = 8
_idle: list[tuple[Path, int, Store]] = []
"""Open databases that nobody uses now, each with its file's number. Opening one, and closing the
last one, which writes its log back, costs more than everything that is asked of it for a page."""
_idle_lock = Lock()


@contextmanager
def open_store() -> Iterator[Store]:
    """The database, for one thread at a time; given back at the end."""
    path = database()
    store = _taken(path)
    if store is None:
        store = Store(path, threads=True)
    try:
        yield store
    finally:
        with _idle_lock:
            keep = not store.busy and len(_idle) < IDLE
            if keep and (number := _number(path)):
                _idle.append((path, number, store))
            else:
                store.close()


def _taken(path: Path) -> Store | None:
    """An idle one of that file as it is now; those of another file are closed."""
    number = _number(path)
    found: Store | None = None
    with _idle_lock:
        for entry in list(_idle):
            if entry[:2] != (path, number):
                entry[2].close()
                _idle.remove(entry)
            elif found is None:
                found = entry[2]
                _idle.remove(entry)
    return found


def _number(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0


# ------------------------------------------------------------------ who sits here


def reviewer() -> str:
    """Who decides: the account that is logged in, else the name in the bar; empty for nobody."""
    if os.environ.get("HECHA_LOGIN"):
        from review_ui.screens.access import account

        found = account()
        return found.name if found is not None else ""
    return str(st.session_state.get("who", "")).strip()


def ask_reviewer() -> None:
    """The reviewer's name, remembered in a cookie of this browser only."""
    cookie = st.context.cookies.get(COOKIE, "") if "who" not in st.session_state else ""
    known = unquote(cookie) if isinstance(cookie, str) else ""  # AppTest has no cookies
    if known:
        st.session_state["who"] = st.session_state["remembered"] = known[:40]
    st.text_input(
        text("Reviewer"), key="who", placeholder=text("your name"), max_chars=40,
        label_visibility="collapsed", width=130,
    )  # fmt: skip


def remember_reviewer() -> None:
    """Keeps a changed name in the cookie; called outside the bar, whose layout it would move."""
    if os.environ.get("HECHA_LOGIN"):
        return
    if st.session_state.get("remembered", "") != reviewer():
        value = json.dumps(quote(reviewer(), safe=""))
        age = 31536000 if reviewer() else 0
        run_script(
            f"<script>document.cookie={json.dumps(COOKIE + '=')}+{value}+"
            f'";path=/;max-age={age};SameSite=Strict"</script>',
            "remember",
        )
    st.session_state["remembered"] = reviewer()


# ------------------------------------------------------------------ told once, at the top


def tell(message: str, kind: str = "done") -> None:
    """Something to say on the next run: done or wrong."""
    st.session_state["told"] = (kind, message)


def scroll_to(selector: str, mark: str, block: str = "nearest") -> None:
    """Brings something into view once; again only where `mark` has changed.

    What is taller than the pane shows its top. The script is ours: nothing that comes out of a
    paper is in it, `mark` being a hash. It runs twice, as pictures and fonts move things.
    """
    run_script(
        f"<script data-for={json.dumps(short_key(mark))}>(() => {{"
        f"const look = () => {{ const it = document.querySelector({json.dumps(selector)});"
        "if (!it) return;"
        f"const block = it.offsetHeight > innerHeight - 190 ? 'start' : {json.dumps(block)};"
        "it.scrollIntoView({block, inline: 'nearest'}); };"
        "setTimeout(look, 60); setTimeout(look, 400); })()</script>",
        "scroll-" + short_key(selector),
    )


def run_script(script: str, key: str) -> None:
    """Runs a script of ours in a container that takes no room on the page."""
    with st.container(key=f"quiet-{key}"):
        st.html(script, unsafe_allow_javascript=True)


def show_told() -> None:
    kind, message = st.session_state.pop("told", ("", ""))
    if kind == "wrong":
        st.error(plain(message), icon=":material/error:")
    elif kind:
        st.toast(plain(message), icon=":material/check:")


# ------------------------------------------------------------------ names and signs

SIGNS: Mapping[Severity, str] = {"error": "■", "warning": "▲", "notice": "●"}
"""A shape beside each colour, for those who do not see the colour."""


def severity_name(severity: Severity) -> str:
    return {
        "error": text("Error"),
        "warning": text("Warning"),
        "notice": text("Notice"),
    }[severity]


def severity_html(severity: Severity) -> str:
    return f'<span class="sev {severity}">{SIGNS[severity]} {esc(severity_name(severity))}</span>'


def rule_html(rule: str) -> str:
    """What kind of check it is, with the rule's id for those who look it up."""
    called = text("check: {name}", name=rule_name(rule))
    return f'<span class="rule" title="{esc(rule)}">{esc(called)}</span>'


def verdict_html(word: Word, big: bool = False) -> str:
    sign = {"unmet": "✕", "mend": "!", "open": "?", "met": "✓", "unchecked": "–"}[word]
    size = " big" if big else ""
    return f'<span class="verdict {word}{size}"><i>{sign}</i>{esc(pick(words(word)))}</span>'


def form_of(id: str) -> Form | None:
    try:
        return load_form(id)
    except KeyError:
        return None


def section_name(section: str) -> str:
    """A part of the form, as printed."""
    return section or text("The form")


def field_name(form: Form | None, name: str) -> str:
    """`total_output@2021` as people call it: 集群总产值（2021年）."""
    id, _, period = name.partition("@")
    if form is None or not form.has(id):
        return name
    called = pick(name_in_words(form.field(id)))
    return text("{field} ({year})", field=called, year=period) if period else called


def programme_name(id: str | None) -> str:
    from models.programme import load_programme

    try:
        return load_programme(id).name if id else text("programme unknown")
    except KeyError:
        return str(id)


def place_name(place: str) -> str:
    """Where on the paper, in the language of this page."""
    return place_words(place, english=language() == "en")


def picture_address(data: bytes, name: str) -> str:
    """Where the browser gets a picture; its own cache knows it by its content.

    `name` says what on the page it is. The address is a hash that nobody can guess.
    """
    from streamlit import runtime

    kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    return runtime.get_instance().media_file_mgr.add(data, kind, f"hecha-{name}")


def session_id() -> str:
    """One per tab; a short name for it in the database."""
    context = get_script_run_ctx()
    return short_key(context.session_id) if context is not None else "alone"


def own_words(hint: str) -> None:
    """The uploader's own words are English only; ours are drawn over them."""
    button, shown = (json.dumps(w, ensure_ascii=False) for w in (text("Choose"), hint))
    st.html(
        '<style>[data-testid="stFileUploaderDropzone"] button p{font-size:0}'
        f'[data-testid="stFileUploaderDropzone"] button p::after{{content:{button};font-size:14px}}'
        '[data-testid="stFileUploaderDropzoneInstructions"] span{font-size:0!important}'
        f'[data-testid="stFileUploaderDropzoneInstructions"] span::after'
        f"{{content:{shown};font-size:13px}}</style>"
    )
