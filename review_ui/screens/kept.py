"""Submissions as they were last loaded, kept while nothing about them changes.

Loading one costs some 25 ms, and every key pressed asks for it again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeVar

from extractor.storing.records import Stored
from extractor.storing.store import Store

T = TypeVar("T")
MOST = 64
_lock = Lock()
_known: OrderedDict[tuple[Path, int], tuple[tuple[int | None, ...], Stored]] = OrderedDict()
_made: OrderedDict[tuple[str, int], tuple[Stored, object]] = OrderedDict()


def submission(store: Store, id: int) -> Stored:
    """Store.load_submission, from memory where the database says that nothing was added.

    Raises KeyError where there is none of that id.
    """
    stamp, key = store.desk.stamp(id), (store.path, id)
    with _lock:
        found = _known.get(key)
        if found is not None and found[0] == stamp:
            _known.move_to_end(key)
            return found[1]
    stored = store.load_submission(id)
    with _lock:
        _known[key] = stamp, stored
        while len(_known) > MOST:
            _known.popitem(last=False)
    return stored


def made(stored: Stored, what: str, make: Callable[[Stored], T]) -> T:
    """What was worked out of a submission under that name; anew where it was loaded anew."""
    key = what, stored.summary.id
    with _lock:
        found = _made.get(key)
    if found is not None and found[0] is stored:
        return found[1]  # type: ignore[return-value]
    value = make(stored)
    with _lock:
        _made[key] = stored, value
        while len(_made) > MOST:
            _made.popitem(last=False)
    return value
