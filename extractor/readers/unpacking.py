"""The parts of an Office file (ISO 29500-2), unpacked one at a time within the limits.

Nothing is ever written to disk, so names inside an archive cannot lead anywhere.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from extractor.readers.opening import (
    LIMITS,
    ReadError,
    check_size,
    damaged,
    refusal,
    too_large,
    unopened,
)
from models.wording import say


def parse_xml(data: bytes, part: str = "") -> etree._Element:
    """The root of an XML part. No entities, no DTD, no network; ReadError where it is broken."""
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:65536]:
        raise _declared(part)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as e:
        where = say("{part} is not well-formed XML", part=part or "XML")
        raise damaged(where, part) from e
    if root.getroottree().docinfo.internalDTD is not None:
        raise _declared(part)
    return root


def _declared(part: str) -> ReadError:
    return damaged(say("{part} declares XML entities, which no Word file does", part=part), part)


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part of a package to another, or out of it (external)."""

    type: str
    """The last word of the relation's type: styles, numbering, header, footnotes …"""
    target: str
    """The part's name in the package, or the address where external."""
    external: bool


# ISO 29500-1 Strict names the same elements in namespaces of its own.
_STRICT = tuple(
    (f"http://purl.oclc.org/ooxml/{strict}".encode(), usual.encode())
    for strict, usual in (
        ("wordprocessingml/main", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
        ("spreadsheetml/main", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
        ("officeDocument/math", "http://schemas.openxmlformats.org/officeDocument/2006/math"),
        (
            "officeDocument/relationships",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        ),
    )
)


class Package:
    """The parts of an OOXML file, unpacked one at a time within the limits."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = LIMITS.read_bytes
        self._names = {n.replace("\\", "/").lstrip("/").lower(): n for n in archive.namelist()}

    def __contains__(self, part: str) -> bool:
        return part.lstrip("/").lower() in self._names

    def read(self, part: str, limit: int | None = None) -> bytes:
        """The bytes of a part. ReadError where it is missing, broken or beyond the limits."""
        limit = LIMITS.part_bytes if limit is None else limit
        name = self._names.get(part.lstrip("/").lower())
        if name is None:
            raise damaged(say("{part} is missing in it", part=part), part)
        try:
            with self._archive.open(name) as f:
                data = f.read(min(limit, self._left) + 1)
        except RuntimeError as e:  # what zipfile raises for a protected entry
            raise refusal("encrypted") from e
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError,
                ValueError) as e:  # fmt: skip
            raise damaged(say("{part} cannot be unpacked", part=part), part) from e
        if len(data) > min(limit, self._left):
            raise too_large(
                say("{part} unpacks to more than {limit} MB", part=part, limit=limit >> 20), part
            )
        self._left -= len(data)
        return data

    def xml(self, part: str) -> etree._Element:
        """The root element of an XML part, its namespaces those of ISO 29500 Transitional."""
        data = self.read(part, LIMITS.xml_bytes)
        if b"purl.oclc.org/ooxml" in data:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        return parse_xml(data, part)

    def relations(self, part: str = "") -> dict[str, Relation]:
        """The relations of a part ("" for the package itself) by their id; none is no error."""
        folder, base = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if rels not in self:
            return {}
        out = {}
        for e in self.xml(rels):
            target, kind = unquote(e.get("Target") or ""), (e.get("Type") or "").rsplit("/")[-1]
            external = (e.get("TargetMode") or "").lower() == "external"
            if not external:
                joined = target if target.startswith("/") else posixpath.join(folder, target)
                target = posixpath.normpath(joined).lstrip("/")
            out[e.get("Id") or ""] = Relation(kind, target, external)
        return out

    def main_part(self) -> str:
        """The part that holds the document itself, whatever it is called."""
        for r in self.relations().values():
            if r.type == "officeDocument" and not r.external and r.target in self:
                return r.target
        for usual in ("word/document.xml", "xl/workbook.xml"):
            if usual in self:
                return usual
        raise damaged(say("its main part is missing"))


@contextmanager
def open_ooxml(path: Path, whole: bool = False) -> Iterator[Package]:
    """The package of a .docx or .xlsx file, open for the length of the `with` block.

    `whole`: somebody else (openpyxl) will read it too, past the limits of `Package.read`, so that
    the sizes of all its parts count; else a part that nobody reads may be as large as it likes.
    ReadError where the file is too large, damaged or not such a file at all.
    """
    check_size(path)
    try:
        archive = zipfile.ZipFile(path)
    except OSError as e:
        raise unopened(e) from e
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as e:
        raise damaged(say("it breaks off, or is no Office file")) from e
    with archive:
        entries = archive.infolist()
        unpacked = sum(i.file_size for i in entries)
        packed = sum(i.compress_size for i in entries)
        if len(entries) > LIMITS.entries:
            raise too_large(
                say("{count} entries, of at most {limit}", count=len(entries), limit=LIMITS.entries)
            )
        grows = unpacked > LIMITS.ratio_from and unpacked > packed * LIMITS.ratio
        if whole and (grows or unpacked > LIMITS.unpacked_bytes):
            raise too_large(say("it unpacks to {size} MB", size=unpacked >> 20))
        yield Package(archive)
