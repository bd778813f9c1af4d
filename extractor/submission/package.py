"""Paths on the command line → submissions, each with its files.

A file is one submission; so is a folder or .zip that holds documents, its sub-folders (and
the zips in it) being its attachments. One that holds only folders or zips is a batch.
A zip is only listed here; its members are unpacked one by one, by the process that reads them.
"""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from extractor.readers.opening import LIMITS, ReadError, problem
from extractor.readers.zips import (
    SourceFile,
    is_zip,
    opened_zip,
    parts_of,
    refuse_zip,
    unpack,
    unpacks_to_too_much,
    visible,
    zip_errors,
)
from extractor.submission.image_sets import gathered
from models.types import Problem
from models.wording import say

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
        location = _encodable(str(absolute))
        node = _look(absolute, name, room)
        submissions = list(_submissions(node, shown, location))
        found += submissions or [_empty(_stem(node), shown, location)]
    return _told_apart(found)


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


@dataclass(slots=True)
class _Scope:
    """What one path on the command line may come to."""

    room: Path
    root: str
    """The folder given, its links resolved: nothing outside of it is read."""
    files: int = 0
    """Members listed in zips so far."""
    unpacked: int = 0
    """Bytes of zips in zips unpacked so far."""


def _look(path: Path, name: str, room: Path) -> _Node:
    scope = _Scope(room, os.path.realpath(path))
    if path.is_dir():
        return _folder(path, name, scope, frozenset(), 0)
    if path.is_file() and is_zip(path, name):
        return _zip(path, name, scope, 1)
    return _Node(name, path)


def _leads_out(entry: os.DirEntry[str], root: str) -> bool:
    """Whether it is a link (or a junction) to something outside of the folder given."""
    if not entry.is_symlink() and not getattr(entry, "is_junction", bool)():
        return False
    return not os.path.realpath(entry.path).startswith(root.rstrip(os.sep) + os.sep)


def _folder(path: Path, name: str, scope: _Scope, above: frozenset[str], depth: int) -> _Node:
    node = _Node(name, path, container=True)
    real = os.path.realpath(path)
    if real in above:
        return node  # a link that leads back up
    if depth > LIMITS.folder_depth:
        message = say(
            "{name} stands more than {depth} folders deep", name=name, depth=LIMITS.folder_depth
        )
        node.problem = problem("file.too-large", message)
        return node
    try:
        entries = sorted(os.scandir(path), key=lambda e: e.name)
    except OSError:
        node.problem = problem(
            "file.unreadable", say("the folder {name} cannot be opened", name=name)
        )
        return node
    for entry in entries:
        if ignored(entry.name):
            continue
        shown = _readable(entry.name)
        try:
            if _leads_out(entry, scope.root):
                message = say("{name} is a link out of the folder; it was not followed", name=shown)
                child = _Node(shown, path, problem=problem("file.unsupported", message, "notice"))
            elif entry.is_dir():
                child = _folder(Path(entry.path), shown, scope, above | {real}, depth + 1)
            elif not entry.is_file():
                message = say(
                    "{name} is a pipe, a device or a link to nowhere; it was not opened",
                    name=shown,
                )
                child = _Node(shown, path, problem=problem("file.unsupported", message, "notice"))
            elif is_zip(Path(entry.path), shown):
                child = _zip(Path(entry.path), shown, scope, 1)
            else:
                child = _Node(shown, Path(entry.path))
        except OSError:
            continue
        node.children.append(child)
    return node


def _zip(path: Path, name: str, scope: _Scope, depth: int) -> _Node:
    """The zip's list as a tree. A zip inside is unpacked into the room to be listed too."""
    node = _Node(name, path, container=True, zip=True)
    if depth > LIMITS.zip_depth:
        node.problem = problem(
            "file.too-large",
            say("{name} stands more than {depth} zips deep", name=name, depth=LIMITS.zip_depth),
        )
        return node
    try:
        with zip_errors(name), opened_zip(path) as archive:
            infos = archive.infolist()
            scope.files += len(infos)
            refuse_zip(name, infos, scope.files)
    except ReadError as bad:
        node.problem = bad.problem
        return node
    folders: dict[tuple[str, ...], _Node] = {(): node}
    for index, info in enumerate(infos):
        parts = parts_of(info)[-LIMITS.folder_depth :]
        if not parts or any(ignored(p) for p in parts):
            continue
        if info.is_dir():
            _folder_in_zip(folders, parts, path)
            continue
        parent = _folder_in_zip(folders, parts[:-1], path)
        child = _Node(parts[-1], path, member=index)
        if child.name.lower().endswith(".zip"):
            try:
                unpacked = _inner_zip(SourceFile(child.name, path, index), info, scope)
            except ReadError as bad:
                child = _Node(child.name, path, container=True, zip=True, problem=bad.problem)
            else:
                if is_zip(unpacked, child.name):
                    child = _zip(unpacked, child.name, scope, depth + 1)
        parent.children.append(child)
    for folder in folders.values():
        folder.children.sort(key=lambda n: n.name)
    return node


def _inner_zip(file: SourceFile, info: zipfile.ZipInfo, scope: _Scope) -> Path:
    """A zip that stands in a zip, unpacked into the room to be listed. Raises ReadError."""
    scope.unpacked += info.file_size
    if scope.unpacked > LIMITS.zip_bytes:
        raise ReadError(unpacks_to_too_much(file.name))
    room = scope.room
    return unpack(file, room / f"zip-{len(list(room.iterdir())) if room.exists() else 0:05d}")


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
    elif any(not child.container and child.problem is None for child in node.children):
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
    return gathered(_one_name_each(files)), problems


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
    nothing = problem("file.unreadable", say("{name} holds no documents", name=name))
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


def _readable(name: str) -> str:
    """A file name as people know it: GBK bytes on a Linux disk are read as such, and signs that
    cannot be seen (line ends, escapes, marks that turn the direction of writing) are left out."""
    try:
        name.encode("utf-8")
    except UnicodeError:
        name = os.fsencode(name).decode("gb18030", "replace")
    return visible(name) or "_"


def _encodable(path: str) -> str:
    """A path whose bytes are not UTF-8 as text that can be stored, one for one."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
