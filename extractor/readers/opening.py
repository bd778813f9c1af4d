"""Opens files nobody vouches for: what a file is by its content, and how much of it is taken.

All limits stand in `Limits`. Whatever is wrong becomes a `ReadError` that carries a `Problem`
saying what is wrong, where, and what to do about it; a reader turns it into a Document without
blocks. What is inside an Office file is unpacked by `extractor.readers.unpacking`.
"""

from __future__ import annotations

import hashlib
import posixpath
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.types import Problem, Severity
from models.wording import Bilingual, say

Kind = Literal[
    "docx", "xlsx", "pptx", "doc", "xls", "ppt", "ole", "encrypted", "pdf", "image", "zip",
    "archive", "odf", "ofd", "rtf", "html", "xml", "text", "empty", "other",
]  # fmt: skip
"""docx, xlsx and pptx include their macro, template and strict forms; encrypted is a protected
OOXML file; doc, xls, ppt and ole are the binary formats before 2007 (WPS files too); archive is
rar, 7z or gzip; odf and ofd are the OpenDocument and the Chinese GB/T 33190 formats."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken from one file. An honest application stays far below every one."""

    file_bytes: int = 300 * 2**20
    """Size on disk: scans run to tens of megabytes."""
    files: int = 5_000
    """Files of one submission, those in its zips and the zips in them together; a submission
    has a few hundred."""
    zip_depth: int = 3
    """Zips that stand in one another."""
    folder_depth: int = 100
    """Folders that stand in one another."""
    zip_bytes: int = 4 * 2**30
    """Sum of the sizes that one zip declares, and what is unpacked of the zips in it."""
    member_ratio: int = 200
    """Unpacked to packed of one file in a zip, once it is larger than `member_ratio_from`."""
    member_ratio_from: int = 16 * 2**20
    entries: int = 5_000
    """Parts of one Office file; a form has about twenty."""
    unpacked_bytes: int = 2 * 2**30
    """Sum of the sizes an Office file declares."""
    ratio: int = 300
    """Unpacked to packed, once more than `ratio_from` bytes come out; XML reaches about 50."""
    ratio_from: int = 50 * 2**20
    xml_bytes: int = 48 * 2**20
    """One XML part; parsed it takes about ten times as much memory."""
    part_bytes: int = 150 * 2**20
    """One part that is not XML, an image for instance."""
    read_bytes: int = 300 * 2**20
    """All that is unpacked of one file while it is read."""
    rows: int = 20_000
    """Rows of one table."""
    columns: int = 256
    """Columns of one table; Word itself stops at 63."""
    cells: int = 200_000
    """Cells of one document."""
    blocks: int = 100_000
    """Paragraphs and tables of one document."""
    characters: int = 5_000_000
    """Text of one document."""
    prose_characters: int = 200_000
    """Of one paragraph or narrative in which stated figures are looked for."""
    pdf_pages: int = 2_000
    """Pages of a PDF; those after them are not read."""
    page_characters: int = 60_000
    """Of one PDF page; what comes after them is left out."""
    page_objects: int = 60_000
    """Drawn on one PDF page; beyond it only the text is read, without its tables."""
    scanned_pages: int = 400
    """Pages of one file that are recognised."""
    scanned_abreast: int = 4
    """Pages of one file that are recognised at the same time."""
    pixels: int = 120_000_000
    """Of one picture: A3 at 600 dpi is 70 million."""
    conversion_seconds: float = 45.0
    """What LibreOffice may take for a file of an old format; a form takes two to ten."""
    file_seconds: float = 60.0
    """For one file, and for one page that is recognised, before the worker is ended."""
    file_memory: int = 11 * 2**26
    """Bytes that reading one file may take before the worker is ended: with the 300 MB that a
    worker takes of itself, 1 GB."""
    recognising_memory: int = 9 * 2**26
    """And for each page that is recognised at the same time."""
    submission_memory: int = 2 * 2**30
    """Bytes of a worker in all, whatever its files took before."""
    submission_seconds: float = 1_800.0
    """For one submission; files that were not reached by then are told as not read."""


LIMITS = Limits()


class ReadError(Exception):
    """A file, or the part of it that matters, cannot be read; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message.en)
        self.problem = problem


def problem(
    rule: str, message: Bilingual, severity: Severity = "error", place: str = ""
) -> Problem:
    """A `Problem` of a file.* rule; what stands in the way of reading is an error."""
    return Problem(rule=rule, message=message, severity=severity, place=place)


def damaged(why: Bilingual | str, part: str = "") -> ReadError:
    """The error for content that breaks off or contradicts itself; `part` is the inner file."""
    message = say(
        "The file is damaged and was not read ({why}). Ask the applicant to open it, save it "
        "again and send it once more.",
        why=why,
    )
    return ReadError(problem("file.damaged", message, place=part))


def too_large(what: Bilingual, part: str = "") -> ReadError:
    """The error for content beyond `Limits`."""
    message = say(
        "The file was not read because it is larger than any application should be: {what}. "
        "Ask for a file without embedded films or data.",
        what=what,
    )
    return ReadError(problem("file.too-large", message, place=part))


# ------------------------------------------------------------------ what a file is

_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS: tuple[tuple[str, Kind], ...] = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("PowerPoint Document", "ppt"),
    ("Book", "xls"),
)
_SUFFIXES: dict[str, tuple[Kind, ...]] = {
    "docx": ("docx",), "docm": ("docx",), "dotx": ("docx",), "dotm": ("docx",),
    "doc": ("doc",), "wps": ("doc",), "dot": ("doc",), "pdf": ("pdf",),
    "xlsx": ("xlsx",), "xlsm": ("xlsx",), "xls": ("xls",), "et": ("xls",),
    "pptx": ("pptx",), "ppt": ("ppt",), "zip": ("zip",), "rtf": ("rtf",), "ofd": ("ofd",),
    "jpg": ("image",), "jpeg": ("image",), "png": ("image",), "bmp": ("image",),
    "gif": ("image",), "tif": ("image",), "tiff": ("image",), "webp": ("image",),
    "heic": ("image",), "heif": ("image",), "jfif": ("image",), "xbm": ("image",),
    "xpm": ("image",), "ppm": ("image",), "pgm": ("image",), "pbm": ("image",),
    "txt": ("text", "html", "xml"), "csv": ("text",), "md": ("text",), "html": ("html",),
    "htm": ("html",), "xml": ("xml",), "odt": ("odf",), "ods": ("odf",),
    "rar": ("archive",), "7z": ("archive",), "gz": ("archive",),
}  # fmt: skip


def sniff(path: Path) -> Kind:
    """What a file is, told from its content and never from its name.

    A file that is not there or may not be opened is a ReadError (file.unreadable).
    """
    try:
        with path.open("rb") as f:
            head = f.read(4096)
            if not head:
                return "empty"
            if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
                return _zip_kind(path, head)
            if head.startswith(_OLE):
                f.seek(0)
                return _ole_kind(f.read(min(LIMITS.file_bytes, 64 * 2**20)))
    except OSError as e:
        raise unopened(e) from e
    if head.startswith(_IMAGES) or (head[:2] == b"BM" and head[6:10] == b"\0\0\0\0"):
        return "image"
    if (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or head[4:12] in (b"ftypheic", b"ftypmif1"):
        return "image"
    if head.startswith(_ARCHIVES):
        return "archive"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    return _text_kind(head)


def unopened(e: OSError | ValueError) -> ReadError:
    """The error for a file that the system does not open."""
    return ReadError(
        problem(
            "file.unreadable",
            say(
                "The file could not be opened: {why}. Check that it is still there and that "
                "it may be read.",
                why=getattr(e, "strerror", None) or type(e).__name__,
            ),
        )
    )


def _zip_kind(path: Path, head: bytes) -> Kind:
    """Which of the formats that are zip archives underneath; a broken one by its first names."""
    try:
        with zipfile.ZipFile(path) as z:
            names = set(z.namelist())
            if "[Content_Types].xml" in names and names & {"_rels/.rels", "_rels\\.rels"}:
                with z.open("[Content_Types].xml") as f:
                    types = f.read(2**20)
                if b"wordprocessingml" in types and b"main+xml" in types:
                    return "docx"
                if b"spreadsheetml" in types:
                    return "xlsx"
                if b"presentationml" in types:
                    return "pptx"
            if any(n.startswith("word/") for n in names):
                return "docx"
            if any(n.startswith("xl/") for n in names):
                return "xlsx"
            if "OFD.xml" in names:
                return "ofd"
            if "mimetype" in names:
                with z.open("mimetype") as f:
                    if b"opendocument" in f.read(200):
                        return "odf"
            return "zip"
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, zlib.error,
            ValueError):  # fmt: skip
        if b"word/" in head or b"[Content_Types].xml" in head[:64]:
            return "xlsx" if b"xl/" in head else "docx"
        return "zip"


def _ole_kind(data: bytes) -> Kind:
    for name, kind in _OLE_STREAMS:
        if name.encode("utf-16-le") + b"\0\0" in data:
            return kind
    return "ole"


def _text_kind(head: bytes) -> Kind:
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        return "rtf"
    start = head[:2048].lower()
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = head[2:].replace(b"\0", b"").lower()
    elif b"\0" in head:
        return "other"
    if b"<html" in start or b"<!doctype html" in start or start.startswith(b"mime-version:"):
        return "html"
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml") or b"<pkg:package" in start:
        return "xml"
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the 4096th byte may stand inside a character
            try:
                text = head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            odd = sum(c < " " and c not in "\t\r\n\f\x1a" for c in text)
            return "text" if odd * 50 <= len(text) else "other"
    return "text" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "other"


def kind_name(kind: Kind) -> Bilingual:
    """What people call a kind of file."""
    names: dict[str, Bilingual] = {
        "docx": say("a Word document"),
        "xlsx": say("an Excel workbook"),
        "pptx": say("a PowerPoint file"),
        "doc": say("a Word document of the old format (.doc)"),
        "xls": say("an Excel workbook of the old format (.xls)"),
        "ppt": say("a PowerPoint file of the old format (.ppt)"),
        "encrypted": say("a password-protected Office file"),
        "pdf": say("a PDF"),
        "image": say("an image"),
        "zip": say("a zip archive"),
        "archive": say("an archive (rar, 7z, gz)"),
        "odf": say("an OpenDocument file"),
        "ofd": say("an OFD file"),
        "rtf": say("an RTF text"),
        "html": say("a web page"),
        "xml": say("an XML file"),
        "text": say("a plain text"),
        "empty": say("an empty file"),
    }
    return names.get(kind) or say("a file of an unknown format")


def mislabelled(name: str, kind: Kind) -> Problem | None:
    """A notice where a file's name says another format than its content; None where they agree.

    The caller reads the file as what it is.
    """
    suffix = posixpath.splitext(name)[1].lower().lstrip(".")
    expected = _SUFFIXES.get(suffix)
    if expected is None or kind in expected or kind in ("encrypted", "empty"):
        return None
    message = say(
        "The file is named .{suffix} but is {kind}; it was treated as what it is.",
        suffix=suffix,
        kind=kind_name(kind),
    )
    return problem("file.unsupported", message, "notice")


def refusal(kind: Kind) -> ReadError:
    """The error for a kind of file that no reader takes, with what to do about it."""
    if kind == "encrypted":
        message = say(
            "The file is protected by a password and was not read. Ask the applicant for a "
            "copy without a password."
        )
        return ReadError(problem("file.encrypted", message))
    if kind == "empty":
        message = say("The file is empty (0 bytes). Ask the applicant to send it again.")
        return ReadError(problem("file.unreadable", message))
    if kind in ("doc", "rtf", "odf", "html", "xml"):
        message = say(
            "The file is {kind}, which is not read. Open it in Word or WPS, save it as .docx "
            "and review it again.",
            kind=kind_name(kind),
        )
    elif kind in ("xls", "ppt"):
        message = say(
            "The file is {kind}, which is not read. Open it and save it in the present format "
            "(.xlsx, .pptx) or as a PDF.",
            kind=kind_name(kind),
        )
    elif kind == "archive":
        message = say(
            "The file is {kind}, which is not read. Unpack it and pass the folder, or pack it "
            "as .zip.",
            kind=kind_name(kind),
        )
    else:
        message = say(
            "The file is {kind}, which is not read here. Ask for it as .docx or PDF.",
            kind=kind_name(kind),
        )
    return ReadError(problem("file.unsupported", message))


def check_size(path: Path) -> int:
    """The size of a file in bytes; ReadError where it is beyond the limit or cannot be told, or
    where it is a pipe or a device, which may never end."""
    try:
        told = path.stat()
    except (OSError, ValueError) as e:
        raise unopened(e) from e
    if not stat.S_ISREG(told.st_mode):
        message = say("It is no file but a pipe, a device or a folder, and was not read.")
        raise ReadError(problem("file.unsupported", message))
    size = told.st_size
    if size > LIMITS.file_bytes:
        raise too_large(
            say("{size} MB, of at most {limit} MB", size=size >> 20, limit=LIMITS.file_bytes >> 20)
        )
    return size


def digest(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal, "" where it cannot be opened or is too large."""
    try:
        check_size(path)
        with path.open("rb") as f:
            return hashlib.file_digest(f, "sha256").hexdigest()
    except (OSError, ReadError):
        return ""
