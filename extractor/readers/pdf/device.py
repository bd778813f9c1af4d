"""pdfminer's interpreter and device, told what they leave out: what is painted but not seen.

Layers that are off, clip paths, transparency and the text render mode; marked content is kept
as a stack. Nothing here knows of pages, cells or tick boxes. What a page's stream mostly consists
of (numbers, operators, names, short strings) is told by one pattern, as pdfminer's own way of one
function a state takes a third of the time of reading; all else is left to it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

from extractor.readers.pdf.layers import Layers
from models.types import Bbox

if TYPE_CHECKING:
    from pdfplumber.page import Page


@dataclass(frozen=True, slots=True)
class _State:
    """The part of the graphics state that pdfminer drops; q and Q save and restore it."""

    clip: Bbox | None = None
    """The box round the clip path, in the device's coordinates (y upwards)."""
    plain_clip: bool = True
    """The clip path is that box itself."""
    opaque: bool = True
    """What is filled hides what lies below it (no transparency, blend mode or mask)."""
    clear: bool = False
    """What is filled leaves no trace: its alpha is 0."""


_START = _State()

_TOKEN = re.compile(
    rb"[\t\n\r\f\v ]*(?:"
    rb"(?P<integer>[-+]?[0-9]{1,15})(?=[^0-9.])"
    rb"|(?P<real>[-+]?(?:[0-9]{1,15}\.[0-9]{0,15}|\.[0-9]{1,15}))(?=[^0-9])"
    rb"|(?P<operator>(?!BI|ID|EI)[A-Za-z][A-Za-z0-9*]?[A-Za-z]?)(?=[#/%\[\]()<>{}\t\n\r\f\v ])"
    rb"|/(?P<name>[!$&-'*-.0-;=?-Z\\^-z|~]+)(?=[/%\[\]()<>{}\t\n\r\f\v ])"
    rb"|\((?P<string>[^()\\]*(?:\\[^\r][^()\\]*)*)\)"
    rb"|<(?P<hex>(?:[0-9A-Fa-f]{2})*)>(?=[^>])"
    rb"|(?P<bracket>[\[\]])"
    rb")"
)
"""A token that stands whole in the buffer, with what shows that it ends there."""
_ESCAPED = re.compile(rb"\\(?:([0-7]{1,3})|(.))", re.DOTALL)
_ESCAPES = dict(zip(b"btnfr()\\", b"\b\t\n\f\r()\\", strict=True))


def _plain_string(written: bytes) -> bytes | None:
    """A string without its escapes, as pdfminer reads it; None where it would refuse it."""
    if b"\\" not in written:
        return written
    try:
        return _ESCAPED.sub(_unescaped, written)
    except ValueError:
        return None


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes((int(found[1], 8),))
    code = _ESCAPES.get(found[2][0])
    return b"" if code is None else bytes((code,))


def interpret(page: Page, layers: Layers) -> tuple[Any, int]:
    """pdfminer's layout of a page with what can be seen on it, and how many characters cannot.

    Items come in painting order. Each LTChar has `mcid`, `artifact`, `rise`, `code`, `vertical` and
    `embedded` (its font is); each path and picture `opaque` (it hides what was painted before it
    within its box) and, where it is clipped, `seen`, what is left of its box.
    """
    device_class, interpreter_class = _classes()
    device = device_class(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    device.layers = layers
    # pdfminer takes its corners for lower left and upper right
    x0, y0, x1, y1 = page.page_obj.mediabox
    page.page_obj.mediabox = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
    interpreter_class(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    return device.get_result(), device.hidden


@lru_cache(maxsize=1)
def content_parser() -> type[Any]:
    """pdfminer's parser of content streams, quicker at what they mostly consist of."""
    from pdfminer.pdfinterp import PDFContentParser
    from pdfminer.psparser import KWD, LIT

    brackets = (KWD(b"["), KWD(b"]"))

    class Parser(PDFContentParser):
        _parse1: Any

        def nexttoken(self) -> Any:
            return self._token() or super().nexttoken()

        def nextobject(self) -> Any:
            if not (self.results or self.context or self.curstack):
                found = self._token()
                if found is not None and found[1] not in brackets:
                    return found
                self._tokens[:0] = [] if found is None else [found]
            return super().nextobject()

        def _token(self) -> tuple[int, Any] | None:
            """The next token where it is one of the usual ones; else None, and nothing is read."""
            if self._tokens or self.eof or self._parse1 != self._parse_main:
                return None
            m = _TOKEN.match(self.buf, self.charpos)
            if m is None:
                return None
            kind: Any = m.lastgroup
            written = m[kind]
            token: Any
            if kind == "integer":
                token = int(written)
            elif kind == "real":
                token = float(written)
            elif kind == "name":
                token = LIT(written.decode("ascii"))
            elif kind == "string":
                token = _plain_string(written)
                if token is None:
                    return None
            elif kind == "hex":
                token = bytes.fromhex(written.decode("ascii"))
            else:
                token = KWD(written)
            self.charpos = m.end()
            return self.bufpos + m.start(kind), token

    return Parser


@lru_cache(maxsize=1)
def _classes() -> tuple[type[Any], type[Any]]:
    from pdfminer import pdfinterp
    from pdfminer.pdftypes import resolve1
    from pdfminer.psparser import PSLiteral, literal_name
    from pdfminer.utils import apply_matrix_pt
    from pdfplumber.page import PDFPageAggregatorWithMarkedContent

    class Device(PDFPageAggregatorWithMarkedContent):  # type: ignore[misc,unused-ignore]
        hidden = 0
        layers = Layers()

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.state = _START
            self._content: list[tuple[str | None, int | None, bool, bool]] = []
            self._states: list[_State] = []
            self._artifact = self._off = self._unseen = False
            self._font: Any = None
            self._brought = False

        def begin_tag(self, tag: Any, props: Any = None) -> None:
            self._content.append((self.cur_tag, self.cur_mcid, self._artifact, self._off))
            self.cur_tag = str(tag.name)
            if self.cur_tag == "OC":
                self._off = self._off or self.layers.hides(props)
            props = resolve1(props)
            if isinstance(props, dict) and isinstance(props.get("MCID"), int):
                self.cur_mcid = props["MCID"]
            self._artifact = self._artifact or self.cur_tag == "Artifact"

        def end_tag(self) -> None:
            if self._content:
                self.cur_tag, self.cur_mcid, self._artifact, self._off = self._content.pop()

        def tag_cur_item(self) -> None:
            if self.cur_item._objs:
                item: Any = self.cur_item._objs[-1]
                item.mcid, item.artifact = self.cur_mcid, self._artifact

        def begin_figure(self, name: str, bbox: Any, matrix: Any) -> None:
            super().begin_figure(name, bbox, matrix)
            self._states.append(self.state)
            figure: Any = self.cur_item  # what lies outside a form's own box is not painted
            self.narrow((figure.x0, figure.y0, figure.x1, figure.y1), True)

        def end_figure(self, name: str) -> None:
            super().end_figure(name)
            self.state = self._states.pop()

        def narrow(self, box: Bbox, plain: bool) -> None:
            """Clip what follows to this box too."""
            old = self.state.clip
            if old is not None:
                box = (
                    max(box[0], old[0]), max(box[1], old[1]),
                    min(box[2], old[2]), min(box[3], old[3]),
                )  # fmt: skip
            self.state = replace(self.state, clip=box, plain_clip=plain and self.state.plain_clip)

        def _outside(self, box: Bbox, slack: float) -> bool:
            clip = self.state.clip
            return clip is not None and (
                box[2] < clip[0] - slack or box[0] > clip[2] + slack
                or box[3] < clip[1] - slack or box[1] > clip[3] + slack
            )  # fmt: skip

        def render_string(self, textstate: Any, *args: Any) -> None:
            self._unseen = textstate.render in (3, 7) or self.state.clear
            super().render_string(textstate, *args)

        def render_char(self, *args: Any, **kwargs: Any) -> float:
            advance = super().render_char(*args, **kwargs)
            item: Any = self.cur_item._objs[-1]
            if self._off:
                self.cur_item._objs.pop()
            elif self._unseen or self._clipped(item):
                self.cur_item._objs.pop()
                self.hidden += 1
            else:
                item.rise, item.code = args[4], args[5]
                item.vertical = args[1].is_vertical()
                item.embedded = self._embedded(args[1])
            return float(advance)

        def _clipped(self, item: Any) -> bool:
            """Whether a character's middle is clipped away. Cairo clips each to its own ink: such
            a clip lies within the character's body, as told from its origin (a Type 3 font's own
            ascent says little)."""
            x, y = (item.x0 + item.x1) / 2, (item.y0 + item.y1) / 2
            if not self._outside((x, y, x, y), 0.25 * item.size):
                return False
            x0, y0, x1, y1 = self.state.clip or (0.0, 0.0, 0.0, 0.0)
            _, b, c, d, _, base = item.matrix
            if b or c or not (item.x0 - 1 <= x0 < x1 <= item.x1 + 1):
                return True
            up = math.copysign(item.size, d)
            low, high = sorted((base - 0.2 * up, base + up))
            return not low <= y0 < y1 <= high

        def _embedded(self, font: Any) -> bool:
            if font is not self._font:
                descriptor = resolve1(getattr(font, "descriptor", None)) or {}
                type3 = not descriptor.get("FontName") and "CharProcs" in getattr(font, "spec", {})
                files = ("FontFile", "FontFile2", "FontFile3")
                self._font, self._brought = font, type3 or any(f in descriptor for f in files)
            return self._brought

        def render_image(self, name: str, stream: Any) -> None:
            if self._off:
                return
            super().render_image(name, stream)
            item: Any = self.cur_item._objs[-1]
            a, b, c, d, _, _ = self.ctm
            upright = abs(b) + abs(c) <= 0.01 * (abs(a) + abs(d))
            lying = abs(a) + abs(d) <= 0.01 * (abs(b) + abs(c))
            item.opaque = self.state.opaque and self.state.plain_clip and (upright or lying)
            self._trim(item)

        def _trim(self, item: Any) -> None:
            """The item's box without what is clipped away; dropped where nothing is left."""
            if self.state.clip is None:
                return
            if self._outside((item.x0, item.y0, item.x1, item.y1), 2.0):
                self.cur_item._objs.remove(item)
                return
            x0, y0, x1, y1 = self.state.clip
            item.seen = (
                max(item.x0, x0), max(item.y0, y0), min(item.x1, x1), min(item.y1, y1)
            )  # fmt: skip

        def paint_path(self, gstate: Any, stroke: bool, fill: bool, *args: Any) -> None:
            if self._off or (self.state.clear and not stroke):
                return
            before = len(self.cur_item._objs)
            super().paint_path(gstate, stroke, fill, *args)
            for item in list[Any](self.cur_item._objs[before:]):
                item.opaque = self.state.opaque and self.state.plain_clip
                self._trim(item)

    # its loop over the operators, with this parser in the place of its own
    names = {**vars(pdfinterp), "PDFContentParser": content_parser()}
    loop: Any = pdfinterp.PDFPageInterpreter.execute

    class Interpreter(pdfinterp.PDFPageInterpreter):
        device: Any
        execute = FunctionType(loop.__code__, names, "execute", loop.__defaults__)

        def init_state(self, ctm: Any) -> None:
            super().init_state(ctm)
            self._saved: list[_State] = []

        def do_q(self) -> None:
            super().do_q()
            self._saved.append(self.device.state)

        def do_Q(self) -> None:
            super().do_Q()
            if self._saved:
                self.device.state = self._saved.pop()

        def do_W(self) -> None:
            points = [p for part in self.curpath for p in zip(part[1::2], part[2::2], strict=False)]
            if not points:
                return
            xs, ys = zip(*(apply_matrix_pt(self.ctm, p) for p in points), strict=True)
            shape = "".join(str(part[0]) for part in self.curpath)
            corners = {(round(x, 1), round(y, 1)) for x, y in zip(xs, ys, strict=True)}
            plain = shape in ("mlllh", "mllll", "mllllh") and len(corners) == 4
            plain = plain and len({x for x, _ in corners}) == len({y for _, y in corners}) == 2
            self.device.narrow((min(xs), min(ys), max(xs), max(ys)), plain)

        do_W_a = do_W

        def do_gs(self, name: Any) -> None:
            states = resolve1(self.resources.get("ExtGState")) or {}
            given = resolve1(states.get(literal_name(name))) or {}
            state = self.device.state
            alpha = resolve1(given.get("ca"))
            if isinstance(alpha, (int, float)):
                state = replace(state, opaque=alpha >= 0.99, clear=alpha <= 0.02)
            mode = resolve1(given.get("BM"))
            mode = mode[0] if isinstance(mode, list) and mode else mode
            mask = resolve1(given.get("SMask"))
            blends = mode is not None and literal_name(mode) not in ("Normal", "Compatible")
            if blends or isinstance(mask, dict):
                state = replace(state, opaque=False)
            self.device.state = state

        def do_BDC(self, tag: Any, props: Any) -> None:
            if isinstance(props, PSLiteral):
                named = resolve1(self.resources.get("Properties")) or {}
                props = named.get(literal_name(props))
            super().do_BDC(tag, props)

        def do_Do(self, name: Any) -> None:
            stream = resolve1(self.xobjmap.get(literal_name(name)))
            if stream is not None and self.device.layers.hides(stream.attrs.get("OC")):
                return
            before = self.device.state
            super().do_Do(name)
            self.device.state = before

    return Device, Interpreter
