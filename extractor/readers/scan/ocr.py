"""Pixels → characters: rapidocr's detector and recogniser, each character with its place.

The models lie inside rapidocr's wheel; nothing is fetched. One engine for each page that is read
at once, their threads together no more than the processors that the process may use.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from typing import Any

LONGEST = 1800
"""Pixels of the longer side on which text is looked for; it is read at full resolution."""


@dataclass(frozen=True, slots=True)
class Read:
    """One line of text as it was recognised, character by character."""

    text: str = ""
    at: tuple[float, ...] = ()
    """The middle of each character, as a part (0 to 1) of the picture's width."""
    sures: tuple[float, ...] = ()
    """How sure the recogniser is of each character, 0 to 1."""

    @property
    def sure(self) -> float:
        return sum(self.sures) / len(self.sures) if self.sures else 0.0

    def worst(self, chars: str | None = None) -> float:
        """The least sureness of its characters, or of those in `chars`; 1 where there are none."""
        pairs = zip(self.text, self.sures, strict=True)
        return min((s for c, s in pairs if chars is None or c in chars), default=1.0)


def available() -> bool:
    """Whether rapidocr and onnxruntime are installed."""
    from importlib.util import find_spec

    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2"))


def version() -> str:
    """The engine's name and version, for caches."""
    return f"rapidocr {metadata.version('rapidocr')} {LONGEST}"


class Engine:
    """The detector and the recogniser. Pictures are BGR arrays of bytes, height × width × 3."""

    def __init__(self, threads: int) -> None:
        # from 1.29 on it reports to its makers over the network, unless this stands before it loads
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import numpy as np
        import onnxruntime  # type: ignore[import-untyped]
        from rapidocr import RapidOCR

        onnxruntime.disable_telemetry_events()

        self._ocr: Any = RapidOCR(
            params={
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Global.log_level": "critical",
                "Global.max_side_len": LONGEST,
                "Global.use_cls": False,
                "Rec.rec_img_shape": [3, 48, 160],
                # none is padded to the width of another, nor read differently beside it
                "Rec.rec_batch_num": 1,
            }
        )
        # of float64, which they are by themselves, they would make the whole page one
        detector: Any = self._ocr._load_det_model()  # type: ignore[no-untyped-call]
        detector.mean = detector.std = np.full(3, 0.5, np.float32)

    def detect(self, picture: Any) -> list[tuple[float, float, float, float]]:
        """The upright boxes (x0, top, x1, bottom, pixels) round the lines of text."""
        found = self._ocr(picture, use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(found, "boxes", None)
        if boxes is None:
            return []
        return [
            (
                float(q[:, 0].min()), float(q[:, 1].min()),
                float(q[:, 0].max()), float(q[:, 1].max()),
            )
            for q in boxes
        ]  # fmt: skip

    def read(self, pictures: Sequence[Any]) -> list[Read]:
        """What each picture of one line says; an empty Read where it says nothing."""
        if not pictures:
            return []
        self._ocr.return_word_box = True
        found = self._ocr.recognize_txt(list(pictures))
        return [
            _read(text, words) for text, words in zip(found.txts, found.word_results, strict=True)
        ]


def _read(text: str, words: Any) -> Read:
    """Characters with their places; the recogniser counts places without blanks."""
    columns = [c for group in words.word_cols for c in group]
    length = float(words.line_txt_len or 1.0)
    if len(columns) != sum(not c.isspace() for c in text) or len(words.confs) != len(text):
        return Read()
    at: list[float] = []
    taken = iter(columns)
    for char in text:
        if char.isspace():
            at.append(at[-1] if at else 0.0)
        else:
            at.append(min((next(taken) + 0.5) / length, 1.0))
    return Read(text, tuple(at), tuple(float(c) for c in words.confs))


def processors() -> int:
    """How many processors the process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


_IDLE: dict[int, list[Engine]] = {}
"""The process's engines that nobody reads with just now, by their threads."""


class Desk:
    """Lends engines of so many threads, each to one reader at a time; a new one where none is
    idle. They are kept for the files to come."""

    def __init__(self, threads: int) -> None:
        self._threads = max(threads, 1)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        idle = _IDLE.setdefault(self._threads, [])
        try:
            own = idle.pop()
        except IndexError:
            own = Engine(self._threads)
        try:
            yield own
        finally:
            idle.append(own)
