"""Paths on the command line → submissions, each with its files.

A file is one submission; so is a folder or .zip that holds documents, its sub-folders (and
the zips in it) being its attachments. One that holds only folders or zips is a batch.
A zip is only listed here; its members are unpacked one by one, by the process that reads them.
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from extractor.opening import ReadError, problem
from models.types import Problem
from models.wording import say

ZIP_DEPTH = 3
ZIP_MEMBERS = 5_000
ZIP_BYTES = 4 << 30
"""Of all members of one zip together, unpacked."""
MEMBER_BYTES = 512 << 20
ZIP_RATIO = 200
"""A member larger than RATIO_FROM that shrank further than this is a bomb, not a paper."""
RATIO_FROM = 16 << 20
FOLDER_DEPTH = 30

IGNORED_NAMES = frozenset({"thumbs.db", "desktop.ini", "__macosx", "__pycache__", "ehthumbs.db"})
IGNORED_ENDINGS = frozenset(
    f".{ending}"
    for line in (
        "py pyc json jsonl md yaml yml toml ini log db sqlite",
        "tmp bak part crdownload torrent lnk url exe dll bat cmd sh",
    )
    for ending in line.split()
)


class PathMissing(Exception):
    """A path on the command line that is not there."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One paper of a submission: a file on disk, or a member of a zip on disk."""

    name: str
    """Its path inside the submission, as people know it (附件/清单.xlsx)."""
    path: Path
    member: int | None = None
    """Its index in the zip at `path`."""


@dataclass(frozen=True, slots=True)
class Submission:
    """The files one applicant handed in. Names are unique within one call of find_submissions."""

    name: str
    path: str
    """As given on the command line, with what leads further down (incoming/寿光市蔬菜种苗)."""
    location: str
    """The same, absolute."""
    files: tuple[SourceFile, ...] = ()
    problems: tuple[tuple[str, Problem], ...] = ()
    """(file, problem) of what could not even be listed."""


def find_submissions(paths: Sequence[str | Path], room: Path) -> list[Submission]:
    """Every submission under the paths, in the order given and by name below that.

    `room` is a private folder for zips that stand inside zips; it must outlive the result.
    Raises PathMissing for a path that does not exist. A path that holds no document at all
    gives one submission without files, whose problem says so.
    """
    found: list[Submission] = []
    for given in paths:
        start = Path(given)
        if not start.exists():
            raise PathMissing(str(given))
        # "." and ".." have no name of their own
        absolute = Path(os.path.abspath(start))
        shown = _readable(str(given)).rstrip("/\\") or _readable(str(given))
        name = _readable(absolute.name or str(absolute))
        node = _look(absolute, name, room)
        submissions = list(_submissions(node, shown, str(absolute)))
        found += submissions or [_empty(_stem(node), shown, str(absolute))]
    return _told_apart(found)


def unpack(file: SourceFile, room: Path) -> Path:
    """Where the file's bytes can be read: its own path, or a new file in `room` for a member.

    The new file's name is ours, whatever the zip calls it. Raises ReadError.
    """
    if file.member is None:
        return file.path
    target = room / f"{file.member:05d}{_safe_ending(file.name)}"
    room.mkdir(parents=True, exist_ok=True)
    with _zip_errors(file.name), zipfile.ZipFile(file.path) as archive:
        info = archive.infolist()[file.member]
        _refuse_member(file.name, info)
        left = info.file_size
        with archive.open(info) as source, target.open("xb") as out:
            # what the zip's list promises was weighed; not a byte more is written
            while chunk := source.read(min(1 << 16, left + 1)):
                left -= len(chunk)
                if left < 0:
                    raise ReadError(_too_large(file.name))
                out.write(chunk)
    return target


def ignored(name: str) -> bool:
    """A file or folder that is clearly no paper: hidden, a lock file, a system's or a program's."""
    low = name.lower()
    return (
        low.startswith((".", "~$", "._"))
        or low in IGNORED_NAMES
        or os.path.splitext(low)[1] in IGNORED_ENDINGS
    )


# ------------------------------------------------------------------ what lies under a path


@dataclass(slots=True)
class _Node:
    """A file, or a folder or zip with what it holds."""

    name: str
    path: Path
    member: int | None = None
    container: bool = False
    zip: bool = False
    children: list[_Node] = field(default_factory=list)
    problem: Problem | None = None


def _look(path: Path, name: str, room: Path) -> _Node:
    if path.is_dir():
        return _folder(path, name, room, frozenset(), 0)
    if _is_zip(path, name):
        return _zip(path, name, room, 1)
    return _Node(name, path)


def _folder(path: Path, name: str, room: Path, above: frozenset[str], depth: int) -> _Node:
    node = _Node(name, path, container=True)
    real = os.path.realpath(path)
    if real in above or depth > FOLDER_DEPTH:
        return node  # a link that leads back up
    try:
        entries = sorted(os.scandir(path), key=lambda e: e.name)
    except OSError:
        node.problem = problem("unreadable", say("the folder {name} cannot be opened", name=name))
        return node
    for entry in entries:
        if ignored(entry.name):
            continue
        shown = _readable(entry.name)
        try:
            if entry.is_dir():
                child = _folder(Path(entry.path), shown, room, above | {real}, depth + 1)
            elif not entry.is_file():
                continue  # a pipe, a device, a link to nowhere
            elif _is_zip(Path(entry.path), shown):
                child = _zip(Path(entry.path), shown, room, 1)
            else:
                child = _Node(shown, Path(entry.path))
        except OSError:
            continue
        node.children.append(child)
    return node


def _zip(path: Path, name: str, room: Path, depth: int) -> _Node:
    """The zip's list as a tree. A zip inside is unpacked into the room to be listed too."""
    node = _Node(name, path, container=True, zip=True)
    if depth > ZIP_DEPTH:
        node.problem = problem(
            "too-large",
            say("{name} stands more than {depth} zips deep", name=name, depth=ZIP_DEPTH),
        )
        return node
    try:
        with _zip_errors(name), zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            _refuse_zip(name, infos)
    except ReadError as bad:
        node.problem = bad.problem
        return node
    folders: dict[tuple[str, ...], _Node] = {(): node}
    for index, info in enumerate(infos):
        parts = _parts(info)
        if not parts or any(ignored(p) for p in parts):
            continue
        if info.is_dir():
            _folder_in_zip(folders, parts, path)
            continue
        parent = _folder_in_zip(folders, parts[:-1], path)
        child = _Node(parts[-1], path, member=index)
        if child.name.lower().endswith(".zip") and depth <= ZIP_DEPTH:
            inner = room / f"zip-{len(list(room.iterdir())) if room.exists() else 0:05d}"
            try:
                unpacked = unpack(SourceFile(child.name, path, index), inner)
            except ReadError as bad:
                child = _Node(child.name, path, container=True, zip=True, problem=bad.problem)
            else:
                if _is_zip(unpacked, child.name):
                    child = _zip(unpacked, child.name, room, depth + 1)
        parent.children.append(child)
    for folder in folders.values():
        folder.children.sort(key=lambda n: n.name)
    return node


def _folder_in_zip(
    folders: dict[tuple[str, ...], _Node], parts: tuple[str, ...], path: Path
) -> _Node:
    if parts not in folders:
        parent = _folder_in_zip(folders, parts[:-1], path)
        folders[parts] = _Node(parts[-1], path, container=True)
        parent.children.append(folders[parts])
    return folders[parts]


def _submissions(node: _Node, shown: str, location: str) -> Iterator[Submission]:
    if node.problem is not None:
        yield Submission(_stem(node), shown, location, (), ((node.name, node.problem),))
    elif not node.container:
        yield Submission(
            _stem(node), shown, location, (SourceFile(node.name, node.path, node.member),)
        )
    elif any(not child.container for child in node.children):
        files, problems = _papers(node, "")
        yield Submission(_stem(node), shown, location, tuple(files), tuple(problems))
    else:
        for child in node.children:
            yield from _submissions(child, f"{shown}/{child.name}", f"{location}/{child.name}")


def _papers(node: _Node, prefix: str) -> tuple[list[SourceFile], list[tuple[str, Problem]]]:
    files: list[SourceFile] = []
    problems: list[tuple[str, Problem]] = []
    for child in sorted(node.children, key=lambda n: n.container):
        name = prefix + child.name
        if child.problem is not None:
            problems.append((name, child.problem))
        elif child.container:
            below, wrong = _papers(child, name + "/")
            files += below
            problems += wrong
        else:
            files.append(SourceFile(name, child.path, child.member))
    return _one_name_each(files), problems


def _one_name_each(files: list[SourceFile]) -> list[SourceFile]:
    """A zip may hold one name twice; evidence goes by the name."""
    taken: set[str] = set()
    result = []
    for file in files:
        stem, ending = os.path.splitext(file.name)
        name, n = file.name, 1
        while name in taken:
            n += 1
            name = f"{stem} ({n}){ending}"
        taken.add(name)
        result.append(replace(file, name=name))
    return result


def _empty(name: str, shown: str, location: str) -> Submission:
    nothing = problem("unreadable", say("{name} holds no documents", name=name))
    return Submission(name, shown, location, (), ((name, nothing),))


def _told_apart(found: list[Submission]) -> list[Submission]:
    """Submissions of one name get the folders above them into their names, then a number."""
    depth = 1
    names = [s.name for s in found]
    while len(set(names)) < len(names) and depth < 6:
        count = Counter(names)
        names = [
            _with_parents(s, depth) if count[n] > 1 else n
            for s, n in zip(found, names, strict=True)
        ]
        depth += 1
    seen: Counter[str] = Counter()
    unique = []
    for s, name in zip(found, names, strict=True):
        seen[name] += 1
        unique.append(replace(s, name=f"{name} #{seen[name]}" if seen[name] > 1 else name))
    return unique


def _with_parents(s: Submission, depth: int) -> str:
    parents = PurePosixPath(s.location.replace("\\", "/")).parent.parts[-depth:]
    return "/".join([*(p for p in parents if p != "/"), s.name.rsplit("/", 1)[-1]])


def _stem(node: _Node) -> str:
    if node.container and not node.zip:
        return node.name
    stem = os.path.splitext(node.name)[0]
    return stem or node.name


# ------------------------------------------------------------------ zips


def _is_zip(path: Path, name: str) -> bool:
    """It is called .zip and is not a Word or Excel file under that name."""
    if not name.lower().endswith(".zip"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except Exception:
        return True  # a broken zip, which _zip explains


class _zip_errors:
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
                "damaged", say("{name} is damaged and cannot be unpacked", name=self.name)
            )
            raise ReadError(why) from error


def _refuse_zip(name: str, infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > ZIP_MEMBERS or sum(i.file_size for i in infos) > ZIP_BYTES:
        raise ReadError(_too_large(name))
    if infos and all(i.flag_bits & 1 for i in infos if not i.is_dir()):
        raise ReadError(_encrypted(name))


def _refuse_member(name: str, info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 1:
        raise ReadError(_encrypted(name))
    # LZMA's header may ask for gigabytes of memory before a byte is unpacked
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ReadError(_unsupported(name))
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ReadError(
            problem("unsupported", say("{name} is a link in a zip, not a file", name=name))
        )
    bomb = info.file_size > RATIO_FROM and info.file_size > ZIP_RATIO * max(info.compress_size, 1)
    if info.file_size > MEMBER_BYTES or bomb:
        raise ReadError(_too_large(name))


def _too_large(name: str) -> Problem:
    return problem("too-large", say("{name} unpacks to more than is allowed", name=name))


def _encrypted(name: str) -> Problem:
    return problem("encrypted", say("{name} is locked with a password", name=name))


def _unsupported(name: str) -> Problem:
    return problem(
        "unsupported", say("{name} is packed in a way that cannot be unpacked here", name=name)
    )


def _parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """The member's path for people: no drive, no root, no way up."""
    name = _member_name(info).replace("\\", "/")
    parts = (p.strip() for p in name.split("/"))
    clean = ("".join(c for c in p if c.isprintable()) for p in parts)
    return tuple(p for p in clean if p not in ("", ".", "..") and not _is_drive(p))


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
    for encoding in ("ascii", "utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeError:
            continue
    return info.filename


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= 4:
        tag, size = struct.unpack("<HH", extra[:4])
        yield tag, extra[4 : 4 + size]
        extra = extra[4 + size :]


def _readable(name: str) -> str:
    """A file name whose bytes are not UTF-8 (GBK on a Linux disk), as people know it."""
    try:
        name.encode("utf-8")
        return name
    except UnicodeError:
        return os.fsencode(name).decode("gb18030", "replace")


def _safe_ending(name: str) -> str:
    ending = os.path.splitext(name)[1].lower()
    return ending if len(ending) <= 6 and ending[1:].isalnum() and ending.isascii() else ""
