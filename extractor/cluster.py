"""The same batch on the workers of a Dask cluster, instead of processes of this machine.

What travels is a few submissions and the bytes of their files, or, where the workers see the
same folders, only their paths; what comes back is their results, which the caller alone stores.
A worker reviews its share as this machine would: in a process that can be killed. A worker that
dies costs nothing but its share, which Dask gives to another one.
"""

from __future__ import annotations

import multiprocessing
import os
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from extractor.identity import made_by
from extractor.output import Result
from extractor.pipeline import Options, Reviewed, Watch, review_all
from extractor.readers.losses import lost
from extractor.readers.opening import LIMITS as FILE_LIMITS
from extractor.readers.opening import ReadError, problem
from extractor.readers.zips import SourceFile, own_room, unpack
from extractor.submission.package import Submission
from extractor.workers import LIMITS, TICK, WorkLimits
from models.wording import Bilingual, say

SHARE = 8
"""Submissions that go to a worker at once: starting the process that reviews them takes about as
long as reviewing one."""
AHEAD = 2
"""Shares that wait at the cluster for each of its threads: their bytes lie in its memory."""
ASKED = 1.0
"""Seconds between two looks at who works for the cluster: each is a question to its scheduler."""
PATIENCE = 120
"""Seconds without any worker after which nothing more is waited for."""


class ClusterUnusable(Exception):
    """There is no such cluster, or it cannot do this work; `message` says why."""

    def __init__(self, message: Bilingual) -> None:
        super().__init__(str(message))
        self.message = message

    def __reduce__(self) -> tuple[Any, ...]:
        """It may come from a worker that speaks another language than the caller."""
        return ClusterUnusable, (self.message,)


@dataclass(frozen=True, slots=True)
class _Share:
    """What one worker is asked to do."""

    topic: str
    places: tuple[int, ...]
    """Where its submissions stand among all."""
    submissions: tuple[Submission, ...]
    contents: dict[str, bytes]
    """By the path that the submissions name; what is missing is read at that path."""
    heavy: dict[str, int]
    """The sizes of files that are too large to be read, and so are not sent."""
    options: Options
    limits: WorkLimits
    tool: str


def review_on(
    address: str,
    submissions: Sequence[Submission],
    options: Options,
    room: Path,
    shared: bool = False,
    limits: WorkLimits = LIMITS,
    watch: Watch | None = None,
    patience: float = PATIENCE,
) -> Reviewed:
    """As `pipeline.review_all`, on the cluster whose scheduler listens at `address` (tcp://…).

    `shared`: the workers see the submissions' folders under the same paths. Raises
    ClusterUnusable where there is no cluster, no worker is left, or one runs another version.
    Whoever reaches a Dask scheduler can run anything on its workers: it belongs in a network of
    its own, or behind tls:// with certificates.
    """
    client = _client(address)
    news: SimpleQueue[Any] = SimpleQueue()
    topic = f"hecha-{uuid.uuid4().hex}"
    client.subscribe_topic(topic, lambda event: news.put(event[1]))
    threads = _threads(client)
    shares = _shares(submissions, options, room, shared, limits, topic, threads)
    running: dict[Any, _Share] = {}
    seen = asked = time.monotonic()
    try:
        while True:
            if time.monotonic() - asked > ASKED:
                asked, threads = time.monotonic(), _threads(client)
            while len(running) < AHEAD * max(1, threads):
                share = next(shares, None)
                if share is None:
                    break
                _send(client, share, running, news)
            if not running:
                return
            try:
                item = news.get(timeout=TICK)
            except Empty:
                seen = time.monotonic() if threads else seen
                if time.monotonic() - seen > patience or client.status == "closed":
                    raise ClusterUnusable(say("no worker of the cluster is left")) from None
                yield None
                continue
            if isinstance(item, tuple | list):  # a step of a submission
                if watch is not None:
                    watch(*item)
                continue
            share = running.pop(item)
            yield from _outcome(item, share, submissions, options, room, client, running, news)
    finally:
        client.cancel(list(running), force=True)
        client.close(timeout=5)


def _client(address: str) -> Any:
    try:
        from distributed.client import Client
    except ImportError as error:
        raise ClusterUnusable(
            say("a cluster needs Dask: install hecha with its extra, hecha[cluster]")
        ) from error
    try:
        make: Any = Client
        return make(address, timeout=10, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterUnusable(say("no cluster answers at {address}", address=address)) from error


def _threads(client: Any) -> int:
    return sum(client.nthreads().values()) if client.status == "running" else 0


def _shares(
    submissions: Sequence[Submission], options: Options, room: Path, shared: bool,
    limits: WorkLimits, topic: str, threads: int,
) -> Iterator[_Share]:  # fmt: skip
    """Each is made when it is sent, so that no more files than those lie in memory."""
    # a thread of a worker is one processor; what was recognised before lies on this machine
    scanning = replace(
        options.scanning, threads=1, cache=options.scanning.cache if shared else None
    )
    options = replace(options, scanning=scanning)
    size = max(1, min(SHARE, len(submissions) // (4 * max(1, threads))))
    for start in range(0, len(submissions), size):
        places = tuple(range(start, min(start + size, len(submissions))))
        some = tuple(submissions[place] for place in places)
        contents: dict[str, bytes] = {}
        heavy: dict[str, int] = {}
        for path in {p for s in some for f in s.files for p in _paths(f)}:
            # what was unpacked here lies on no shared folder
            if not shared or path.is_relative_to(room):
                try:
                    weight = path.stat().st_size
                    if weight > FILE_LIMITS.file_bytes:
                        heavy[str(path)] = weight
                    elif path.is_file():
                        contents[str(path)] = path.read_bytes()
                except OSError:  # the worker finds nothing there either, and says so
                    continue
        yield _Share(topic, places, some, contents, heavy, options, limits, made_by(""))


def _paths(file: SourceFile) -> Iterator[Path]:
    if not file.parts:
        yield file.path
    for part in file.parts:
        yield from _paths(part)


def _send(client: Any, share: _Share, running: dict[Any, _Share], news: SimpleQueue[Any]) -> None:
    future = client.submit(_review_share, share, pure=False, key=f"hecha-{uuid.uuid4().hex}")
    running[future] = share
    future.add_done_callback(news.put)


def _outcome(
    future: Any, share: _Share, submissions: Sequence[Submission], options: Options, room: Path,
    client: Any, running: dict[Any, _Share], news: SimpleQueue[Any],
) -> Iterator[tuple[int, Result]]:  # fmt: skip
    """The results of a share; one that its workers did not survive is done one by one."""
    if future.status == "finished":
        for place, result in zip(share.places, future.result(), strict=True):
            yield place, _at_home(result, submissions[place], room / f"{place:05d}")
        return
    error = future.exception() if future.status == "error" else None
    if isinstance(error, ClusterUnusable):
        raise error
    if len(share.places) > 1:
        for place, submission in zip(share.places, share.submissions, strict=True):
            own = {str(p) for f in submission.files for p in _paths(f)}
            contents = {path: data for path, data in share.contents.items() if path in own}
            heavy = {path: size for path, size in share.heavy.items() if path in own}
            alone = replace(
                share, places=(place,), submissions=(submission,), contents=contents, heavy=heavy
            )
            _send(client, alone, running, news)
        return
    [place] = share.places
    why = problem("file.unreadable", say("Reading it broke off; it was not read."))
    yield place, lost(submissions[place], options.programme, options.on, {}, why)


def _at_home(result: Result, submission: Submission, room: Path) -> Result:
    """The result with its files where they lie on this machine."""
    files = []
    for record, file in zip(result.files, submission.files, strict=True):
        path = None
        if record.path is not None:
            try:
                path = unpack(file, room)
            except ReadError:
                path = None
        files.append(replace(record, path=path))
    return replace(result, files=tuple(files))


# ------------------------------------------------------------------ on a worker of the cluster


def _review_share(share: _Share) -> list[Result]:
    """The results of its submissions, in their order."""
    import distributed

    worker = distributed.get_worker()
    if share.tool != made_by(""):
        where = worker.address
        raise ClusterUnusable(say("the worker at {where} runs another version", where=where))
    # Dask's own processes are daemons, which the standard library lets have no children
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    with own_room() as room:
        places: dict[str, Path] = {}
        for number, path in enumerate(sorted({*share.contents, *share.heavy})):
            # the same ending: it decides what is a .zip
            places[path] = room / f"{number:05d}{os.path.splitext(path)[1]}"
            places[path].write_bytes(share.contents.get(path, b""))
            if path in share.heavy:  # as large, and as empty as it is to us: it is only weighed
                os.truncate(places[path], share.heavy[path])
        here = [
            replace(s, files=tuple(_moved(f, places) for f in s.files)) for s in share.submissions
        ]

        def told(index: int, name: str, done: int, of: int) -> None:
            worker.log_event(share.topic, (share.places[index], name, done, of))

        found: dict[int, Result] = {}
        for item in review_all(here, share.options, room, 1, share.limits, told):
            if item is not None:
                found[item[0]] = item[1]
        return [found[index] for index in range(len(here))]


def _moved(file: SourceFile, places: dict[str, Path]) -> SourceFile:
    parts = tuple(_moved(part, places) for part in file.parts)
    return replace(file, path=places.get(str(file.path), file.path), parts=parts)
