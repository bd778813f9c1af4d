"""What was read of a scanned page, kept under the page's pixels and the reader's version."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from extractor.readers.pdf_glyphs import Glyph
from extractor.readers.pdf_pages import Rule
from extractor.readers.scan_image import PagePicture
from extractor.readers.scan_ocr import version
from extractor.readers.scan_place import ScannedPage
from models.types import Mark


class Cache:
    """Pages in a folder, one file each; without a folder it keeps nothing. Faults are misses."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def key(self, picture: PagePicture) -> str:
        """The page's name in the cache: its pixels, its size, and what would read it."""
        if self._folder is None:
            return ""
        digest = hashlib.sha256(picture.pixels.tobytes())
        size = f"{picture.width:.2f} {picture.height:.2f} {picture.pixels.shape}"
        digest.update(f"{size} {version()} {_own_code()}".encode())
        return digest.hexdigest()

    def get(self, key: str, number: int) -> ScannedPage | None:
        """The page, as page `number`; None where it was not read before."""
        if self._folder is None:
            return None
        try:
            kept = json.loads((self._folder / f"{key}.json").read_text("utf-8"))
            kept["glyphs"] = [_glyph(values) for values in kept["glyphs"]]
            kept["rules"] = [Rule(**values) for values in kept["rules"]]
            kept["unread"] = [tuple(box) for box in kept["unread"]]
            kept["back"], kept["shown"] = tuple(kept["back"]), tuple(kept["shown"])
            kept["number"] = number
            return ScannedPage(**kept)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def put(self, key: str, page: ScannedPage) -> None:
        """Keeps a page; a full disk or a read-only folder is no fault."""
        if self._folder is None:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._folder / f"{key}.{os.getpid()}.part"
            part.write_text(json.dumps(asdict(page), ensure_ascii=False), "utf-8")
            part.replace(self._folder / f"{key}.json")


def _glyph(values: dict[str, Any]) -> Glyph:
    mark = values.pop("mark")
    if mark is not None:
        mark = Mark(**{**mark, "bbox": tuple(mark["bbox"]) if mark["bbox"] else None})
    return Glyph(**values, mark=mark)


@lru_cache(maxsize=1)
def _own_code() -> str:
    """Changes whenever what reads a scan changes."""
    digest = hashlib.sha256(" ".join(f.name for f in fields(ScannedPage)).encode())
    here = Path(__file__).parent
    for name in [*sorted(here.glob("scan*.py")), here / "pdf_tables.py"]:
        digest.update(name.read_bytes())
    return digest.hexdigest()[:16]
