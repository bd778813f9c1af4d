"""What makes a review come out the same again: the files' bytes, and the tool itself."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from extractor.readers.opening import digest
from extractor.readers.zips import SourceFile, opened_zip, refuse_member
from extractor.storing.records import hash_of
from extractor.submission.package import Submission


def content_of(submission: Submission) -> str:
    """The hash of the set of its files, as a result of it has; empty where it cannot be told."""
    try:
        return hash_of({_hash(file) for file in submission.files})
    except Exception:  # whatever is wrong with a file, reviewing it says so
        return ""


def _hash(file: SourceFile) -> str:
    if file.member is None:
        return digest(file.path)
    hash = hashlib.sha256()
    with opened_zip(file.path) as archive:
        info = archive.infolist()[file.member]
        refuse_member(file.name, info)
        with archive.open(info) as source:
            while chunk := source.read(1 << 20):
                hash.update(chunk)
    return hash.hexdigest()


@lru_cache(maxsize=4)
def made_by(version: str) -> str:
    """The tool's version with a hash of its rules and its code: a changed rule is another tool."""
    root = Path(__file__).resolve().parent.parent
    hash = hashlib.sha256()
    for room in ("models", "extractor"):
        for path in sorted((root / room).rglob("*")):
            if path.suffix in (".py", ".yaml", ".txt", ".mo"):
                hash.update(path.relative_to(root).as_posix().encode())
                hash.update(path.read_bytes())
    return f"{version} {hash.hexdigest()[:12]}".strip()
