"""The original files, kept by content hash beside the database: files/ab/abcd…"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from pathlib import Path

from extractor.output import FileRecord
from extractor.storing.migrations import StoreError, StoreUnusable
from models.wording import say


def path_of(home: Path, sha256: str) -> Path:
    """Where the file of that hash is kept. Raises KeyError for what is no SHA-256."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise KeyError(sha256)
    return home / "files" / sha256[:2] / sha256


def keep(home: Path, file: FileRecord) -> None:
    """Copies the file there, whole or not at all; what is kept already stays as it is.

    Raises StoreError where it cannot be written, or is no longer what was read.
    """
    if file.path is None or not file.sha256:
        return
    target = path_of(home, file.sha256)
    if target.exists() and target.stat().st_size == file.size:
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            hash = hashlib.sha256()
            with file.path.open("rb") as source, open(handle, "wb") as copy:
                while chunk := source.read(1 << 20):
                    hash.update(chunk)
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            if hash.hexdigest() != file.sha256:
                raise StoreError(say("{file} changed while it was being reviewed", file=file.name))
            os.replace(name, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreUnusable(say("the disk is full; nothing more can be stored")) from error
        why = error.strerror or type(error).__name__
        raise StoreError(say("{file} could not be kept: {why}", file=file.name, why=why)) from error
