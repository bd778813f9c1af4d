"""Zips nobody vouches for: what they list, and their members unpacked one at a time.

Nothing is unpacked under a name of the zip's own choosing, nor beyond what its list promised.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from extractor.readers.opening import LIMITS, ReadError, problem
from models.types import Problem
from models.wording import say

_HAN = re.compile(r"[一-鿿]")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One paper of a submission: a file on disk, or a member of a zip on disk."""

    name: str
    """Its path inside the submission, as people know it (附件/清单.xlsx)."""
    path: Path
    member: int | None = None
    """Its index in the zip at `path`."""
    parts: tuple[SourceFile, ...] = ()
    """The pictures that are its pages, in their order."""


@contextmanager
def own_room() -> Iterator[Path]:
    """A folder of this process's own for what is unpacked, gone afterwards. What processes that
    were killed left behind goes when the next one begins."""
    _tidied()
    with tempfile.TemporaryDirectory(
        prefix=f"hecha-{_here()}-{os.getpid()}-", ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


@lru_cache(maxsize=1)
def _here() -> str:
    """This machine and, in a container, this container: only here a process's number means it."""
    try:
        space = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        space = 0
    return f"{zlib.crc32(f'{platform.node()} {space}'.encode()):08x}"


@lru_cache(maxsize=1)
def _tidied() -> None:
    clear_rooms()


def clear_rooms(ended: int | None = None) -> None:
    """Takes away the rooms of this process that has ended (None: of all that have), those of
    this user and this machine only."""
    import psutil

    owned = "*" if ended is None else str(ended)
    for left in Path(tempfile.gettempdir()).glob(f"hecha-{_here()}-{owned}-*"):
        owner = left.name.split("-")[2]
        try:
            told = left.lstat()
            ours = not hasattr(os, "getuid") or told.st_uid == os.getuid()
            if stat.S_ISDIR(told.st_mode) and ours and not psutil.pid_exists(int(owner)):
                shutil.rmtree(left, ignore_errors=True)
        except (OSError, ValueError, OverflowError):
            continue


def unpack(file: SourceFile, room: Path) -> Path:
    """Where the file's bytes can be read: its own path, or a new file in `room` for a member.

    The new file's name is ours, whatever the zip calls it. Raises ReadError.
    """
    if file.parts:
        from extractor.submission.image_sets import assemble

        room.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(file.name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return assemble(file, room, unpack, room / f"set-{name}.pdf")
    if file.member is None:
        return file.path
    # zips that lie in zips have members of the same number
    archive_name = zlib.crc32(os.fsencode(file.path))
    target = room / f"{archive_name:08x}-{file.member:05d}{_safe_ending(file.name)}"
    room.mkdir(parents=True, exist_ok=True)
    with zip_errors(file.name), opened_zip(file.path) as archive:
        info = archive.infolist()[file.member]
        refuse_member(file.name, info)
        left = info.file_size
        with archive.open(info) as source, target.open("wb") as out:
            # what the zip's list promises was weighed; not a byte more is written
            while chunk := source.read(min(1 << 16, left + 1)):
                left -= len(chunk)
                if left < 0:
                    raise ReadError(unpacks_to_too_much(file.name))
                out.write(chunk)
    return target


_UTF8 = 0x08
"""The high byte of the flag that names are UTF-8."""


def opened_zip(path: Path) -> zipfile.ZipFile:
    """The zip at the path. Where its list says that names are UTF-8 and they are not, the names
    are taken as they are; zipfile would refuse the whole. Raises what zipfile raises."""
    try:
        return zipfile.ZipFile(path)
    except UnicodeDecodeError:
        return zipfile.ZipFile(_Unflagged(path))


class _Unflagged(io.BytesIO):
    """A zip whose list does not say that its names are UTF-8."""

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > LIMITS.file_bytes:
            raise zipfile.BadZipFile(path.name)
        data = bytearray(path.read_bytes())
        end = data.rfind(b"PK\x05\x06")
        size, start = struct.unpack("<II", data[end + 12 : end + 20])
        before = end - size - start  # a program or a letter may stand before the zip
        at = end - size
        while 0 <= at < end and data[at : at + 4] == b"PK\x01\x02":
            name, extra, comment = struct.unpack("<HHH", data[at + 28 : at + 34])
            local = int.from_bytes(data[at + 42 : at + 46], "little") + before
            try:
                data[at + 46 : at + 46 + name].decode("utf-8")
            except UnicodeDecodeError:
                data[at + 9] &= ~_UTF8 & 0xFF
                if data[local : local + 4] == b"PK\x03\x04":
                    data[local + 7] &= ~_UTF8 & 0xFF
            at += 46 + name + extra + comment
        super().__init__(bytes(data))


def is_zip(path: Path, name: str) -> bool:
    """It is called .zip and is not a Word or Excel file under that name."""
    if not name.lower().endswith(".zip"):
        return False
    try:
        with opened_zip(path) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except Exception:
        return True  # a broken zip, which _zip explains


class zip_errors:
    """Everything a damaged or hostile zip makes the standard library raise → ReadError."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, NotImplementedError):
            raise ReadError(_unsupported(self.name)) from error
        if isinstance(error, RuntimeError) and "encrypted" in str(error):
            raise ReadError(_encrypted(self.name)) from error
        kinds = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError)
        more = (RuntimeError, IndexError, OverflowError, UnicodeError, KeyError)
        if isinstance(error, kinds + more):
            why = problem(
                "file.damaged", say("{name} is damaged and cannot be unpacked", name=self.name)
            )
            raise ReadError(why) from error


def refuse_zip(name: str, infos: list[zipfile.ZipInfo], files: int) -> None:
    """Raises ReadError for a zip that holds too much, or that is locked; `files` counts what is
    in it and in the zips round it. A member that is refused by itself does not count."""
    sizes = [i.file_size for i in infos if not _bomb(i)]
    if files > LIMITS.files or sum(sizes) > LIMITS.zip_bytes:
        raise ReadError(unpacks_to_too_much(name))
    if infos and all(i.flag_bits & 1 for i in infos if not i.is_dir()):
        raise ReadError(_encrypted(name))


def refuse_member(name: str, info: zipfile.ZipInfo) -> None:
    """Raises ReadError for a member that is not unpacked."""
    if info.flag_bits & 1:
        raise ReadError(_encrypted(name))
    # LZMA's header may ask for gigabytes of memory before a byte is unpacked
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ReadError(_unsupported(name))
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ReadError(
            problem("file.unsupported", say("{name} is a link in a zip, not a file", name=name))
        )
    if _bomb(info):
        raise ReadError(unpacks_to_too_much(name))


def _bomb(info: zipfile.ZipInfo) -> bool:
    most = LIMITS.member_ratio * max(info.compress_size, 1)
    grows = info.file_size > LIMITS.member_ratio_from and info.file_size > most
    return grows or info.file_size > LIMITS.file_bytes


def unpacks_to_too_much(name: str) -> Problem:
    """What is wrong with a zip, or a file in one, that is larger than any paper."""
    return problem("file.too-large", say("{name} unpacks to more than is allowed", name=name))


def _encrypted(name: str) -> Problem:
    return problem("file.encrypted", say("{name} is locked with a password", name=name))


def _unsupported(name: str) -> Problem:
    return problem(
        "file.unsupported", say("{name} is packed in a way that cannot be unpacked here", name=name)
    )


def parts_of(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """The member's path for people: no drive, no root, no way up."""
    name = _member_name(info).replace("\\", "/")
    parts = (p.strip() for p in name.split("/"))
    clean = (visible(p).strip() for p in parts)
    return tuple(p for p in clean if p not in ("", ".", "..") and not _is_drive(p))


def visible(name: str) -> str:
    """A name without what cannot be seen: control characters, marks of the writing's direction."""
    return "".join(c for c in name if c.isprintable())


def _is_drive(part: str) -> bool:
    return len(part) == 2 and part[0].isalpha() and part[1] == ":"


def _member_name(info: zipfile.ZipInfo) -> str:
    """Chinese Windows writes GBK without saying so; zipfile then shows it as cp437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeError:
        return info.filename
    # APPNOTE 4.6.9: the Info-ZIP Unicode path, valid where the checksum is the raw name's
    for tag, data in _extras(info.extra):
        if tag == 0x7075 and len(data) > 5 and data[0] == 1:
            checksum = int.from_bytes(data[1:5], "little")
            if checksum == zlib.crc32(raw):
                return data[5:].decode("utf-8", "replace")
    read = [t for e in ("ascii", "utf-8", "gb18030") if (t := _decoded(raw, e)) is not None]
    # the GBK bytes of 平台 are UTF-8 as well, but of no Chinese word
    return next((t for t in read if _HAN.search(t) or t.isascii()), (*read, info.filename)[0])


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeError:
        return None


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= 4:
        tag, size = struct.unpack("<HH", extra[:4])
        yield tag, extra[4 : 4 + size]
        extra = extra[4 + size :]


def _safe_ending(name: str) -> str:
    ending = os.path.splitext(name)[1].lower()
    return ending if len(ending) <= 6 and ending[1:].isalnum() and ending.isascii() else ""
