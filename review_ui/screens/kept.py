"""Submissions as they were last loaded, kept while nothing about them changes.

Loading one costs some 25 ms, and every key pressed asks for it again.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock

from extractor.storing.records import Stored
from extractor.storing.store import Store

MOST = 64
_lock = Lock()
_known: OrderedDict[tuple[Path, int], tuple[tuple[int | None, ...], Stored]] = OrderedDict()


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
