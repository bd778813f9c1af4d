"""What was read of a scanned page, kept under the page's pixels and the reader's version."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import zlib
from contextlib import suppress
from dataclasses import asdict, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from extractor.readers.pdf.glyphs import Glyph
from extractor.readers.pdf.pages import Rule
from extractor.readers.scan.image import PagePicture
from extractor.readers.scan.ocr import version
from extractor.readers.scan.place import ScannedPage
from models.types import Mark

MOST_BYTES = 256 << 20
"""Of all pages kept, about twenty thousand; beyond it those go that were asked for least lately."""


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
            path = self._folder / f"{key}.z"
            kept = json.loads(zlib.decompress(path.read_bytes()))
            kept["glyphs"] = [_glyph(values) for values in kept["glyphs"]]
            kept["rules"] = [Rule(**values) for values in kept["rules"]]
            kept["unread"] = [tuple(box) for box in kept["unread"]]
            kept["back"], kept["shown"] = tuple(kept["back"]), tuple(kept["shown"])
            kept["number"] = number
            page = ScannedPage(**kept)
        except (OSError, ValueError, TypeError, KeyError, zlib.error):
            return None
        with suppress(OSError):
            os.utime(path)
        return page

    def put(self, key: str, page: ScannedPage) -> None:
        """Keeps a page; a full disk or a read-only folder is no fault."""
        if self._folder is None:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._folder / f"{key}.{os.getpid()}.{threading.get_ident()}.part"
            part.write_bytes(zlib.compress(json.dumps(asdict(page)).encode(), 6))
            part.replace(self._folder / f"{key}.z")

    def tidy(self, most: int = MOST_BYTES) -> None:
        """Lets go of the pages asked for least lately, where they take too much room."""
        if self._folder is None:
            return
        with suppress(OSError):
            entries = [(e.stat(), e.path) for e in os.scandir(self._folder)]
            left = sum(told.st_size for told, _ in entries)
            for told, path in sorted(entries, key=lambda e: e[0].st_mtime):
                if left <= most:
                    return
                with suppress(OSError):
                    os.unlink(path)
                left -= told.st_size


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
    for name in [*sorted(here.glob("*.py")), here.parent / "pdf" / "tables.py"]:
        digest.update(name.read_bytes())
    return digest.hexdigest()[:16]
