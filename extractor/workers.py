"""Work on files nobody vouches for, in processes that can be killed.

Each worker is a process of its own that does one task after another. The parent has no threads
and only watches: a worker that dies, takes too long over one step or takes too much memory is
killed and replaced, and only its own task is lost. (pebble, the obvious library, runs threads
in the parent and forks replacements from among them, and cannot watch memory.)
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Literal, Protocol

from extractor.readers.opening import LIMITS as FILE_LIMITS
from extractor.readers.zips import clear_rooms

TICK = 0.1
"""Seconds between two looks at the workers' clocks and memory."""

Failure = Literal["crashed", "timeout", "memory"]


class Step(Protocol):
    """A task calls this with the name of what it begins, usually a file, and while it goes on
    with how many parts (pages) of how many are done. Each call starts the step's clock anew."""

    def __call__(self, name: str, done: int = 0, of: int = 0) -> None: ...


@dataclass(frozen=True, slots=True)
class WorkLimits:
    """What one task may take before its worker is killed."""

    step_seconds: float = FILE_LIMITS.file_seconds
    """For one file; each page that is recognised begins anew."""
    task_seconds: float = FILE_LIMITS.submission_seconds
    memory: int = FILE_LIMITS.file_memory
    """Resident bytes that one file may add to the worker and the processes it started."""
    recognising: int = 0
    """And as many more while its pages are recognised (its step tells of parts)."""
    task_memory: int = FILE_LIMITS.submission_memory
    """Resident bytes of them in all, beyond what a fork shares."""


LIMITS = WorkLimits()


@dataclass(frozen=True, slots=True)
class Task:
    """A call to be made: function(*arguments, step) in a worker. All of it must pickle."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    tag: Any = None
    """For the caller, to know the task again."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a task: its result, or how its worker ended and at which step."""

    task: Task
    result: Any = None
    failure: Failure | None = None
    step: str = ""
    spent: dict[str, float] = field(default_factory=dict)
    """Seconds that its steps took, by their names."""
    late: bool = False
    """The task as a whole took too long, not the step it ended at."""
    killed: bool = False
    """Somebody else ended the worker (kill -9): no fault of the file."""


def run(
    tasks: Iterable[Task],
    jobs: int = 1,
    limits: WorkLimits = LIMITS,
    retry: Callable[[Done], Task | None] | None = None,
    watch: Callable[[Task, str, int, int], None] | None = None,
) -> Iterator[Done | None]:
    """Each task's outcome as it is there, in no order; None at every idle look, for progress.

    `retry` may give another task in place of one that failed; `watch` hears every step: its
    task, name, parts done and parts. Tasks are taken from the iterable only when a worker is
    free. Closing the iterator kills the workers.
    """
    queue: Iterator[Task] = iter(tasks)
    again: deque[Task] = deque()
    workers: list[_Worker] = []
    empty = False
    try:
        while True:
            while not empty or again:
                idle = next((w for w in workers if w.task is None), None)
                if idle is None and len(workers) >= max(1, jobs):
                    break
                task = again.popleft() if again else next(queue, None)
                if task is None:
                    empty = True
                    break
                if idle is None:
                    idle = _Worker()
                    workers.append(idle)
                idle.give(task, limits)
            busy = [w for w in workers if w.task is not None]
            if not busy:
                return
            done = _look(busy, limits, watch)
            for d, worker in done:
                if d.failure is not None:
                    workers.remove(worker)
                    worker.kill()
                other = retry(d) if retry is not None and d.failure is not None else None
                if other is not None:
                    again.append(other)
                else:
                    yield d
            if not done:
                yield None
    finally:
        for worker in workers:
            worker.kill()


@dataclass(slots=True)
class _Worker:
    """One process and our end of its pipe."""

    process: Any = field(init=False)
    pipe: Connection = field(init=False)
    task: Task | None = None
    step: str = ""
    began: float = 0.0
    step_began: float = 0.0
    file_began: float = 0.0
    spent: dict[str, float] = field(default_factory=dict)
    inherited: int = 0
    """Bytes that a fork shares with its parent: not the task's doing."""
    recognising: bool = False
    held: int | None = None
    """Bytes it held when the present step began: not this file's doing. None: not seen yet."""

    def __post_init__(self) -> None:
        method = _method()
        context: Any = multiprocessing.get_context(method)
        self.inherited = _resident(os.getpid()) if method == "fork" else 0
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(
            target=_serve, args=(theirs, self.pipe, method == "fork"), daemon=True
        )
        with _main_left_alone():
            self.process.start()
        theirs.close()

    def give(self, task: Task, limits: WorkLimits) -> None:
        self.task, self.step, self.spent, self.held = task, "", {}, None
        self.began = self.step_began = self.file_began = time.monotonic()
        with contextlib.suppress(OSError):  # it died while idle; the next look sees that
            self.pipe.send((task.function, task.arguments, limits))

    def at(self, name: str, of: int) -> None:
        """A step was told: another file begins, or another page of the same."""
        self.recognising = of > 0
        now = self.step_began = time.monotonic()
        if name != self.step:
            self.note(now)
            self.step, self.file_began, self.held = name, now, None

    def note(self, now: float) -> None:
        """Adds the time of the present step to what is known."""
        self.spent[self.step] = self.spent.get(self.step, 0.0) + now - self.file_began

    def overweight(self, limits: WorkLimits) -> bool:
        """Whether the file, or all of the task, takes more memory than it may."""
        taken = max(_memory(self.process.pid) - self.inherited, 0)
        if self.held is None or taken < self.held:
            self.held = taken
        most = limits.memory + (limits.recognising if self.recognising else 0)
        return taken - self.held > most or taken > limits.task_memory + limits.recognising

    def killed(self) -> bool:
        """Whether it has ended by a signal that no fault of its own sends."""
        self.process.join(1)
        return bool(sys.platform != "win32" and self.process.exitcode == -signal.SIGKILL)

    def kill(self) -> None:
        with contextlib.suppress(Exception):
            for child in _family(self.process.pid)[1:]:
                child.kill()
        self.process.kill()
        self.process.join(5)
        self.pipe.close()
        clear_rooms(self.process.pid)


def _look(
    busy: list[_Worker],
    limits: WorkLimits,
    watch: Callable[[Task, str, int, int], None] | None,
) -> list[tuple[Done, _Worker]]:
    """Waits a moment for news; returns the tasks that ended, well or badly."""
    ready = wait([w.pipe for w in busy] + [w.process.sentinel for w in busy], timeout=TICK)
    ended: list[tuple[Done, _Worker]] = []
    for w in busy:
        assert w.task is not None
        done: Done | None = None
        try:
            while done is None and w.pipe.poll():
                kind, value = w.pipe.recv()
                if kind == "step":
                    w.at(value[0], value[2])
                    if watch is not None:
                        watch(w.task, *value)
                elif kind == "result":
                    done = Done(w.task, value, None, w.step)
                else:
                    done = Done(w.task, None, value, w.step)
        except Exception:  # the pipe ended, or what came through it was no message
            done = Done(w.task, None, "crashed", w.step)
        if done is None and w.process.sentinel in ready and not w.process.is_alive():
            done = Done(w.task, None, "crashed", w.step)
        if done is None:
            now = time.monotonic()
            slow = now - w.step_began > limits.step_seconds or now - w.began > limits.task_seconds
            if slow:
                late = now - w.step_began <= limits.step_seconds
                done = Done(w.task, None, "timeout", w.step, late=late)
            elif w.overweight(limits):
                done = Done(w.task, None, "memory", w.step)
        if done is not None:
            w.note(time.monotonic())
            killed = done.failure == "crashed" and w.killed()
            ended.append((replace(done, spent=w.spent, killed=killed), w))
            if done.failure is None:
                w.task = None
    return ended


def _family(pid: int) -> list[Any]:
    import psutil

    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def _resident(pid: int) -> int:
    import psutil

    return int(psutil.Process(pid).memory_info().rss)


def _memory(pid: int) -> int:
    """Resident bytes of a process and its children; 0 where it has just ended."""
    import psutil

    total = 0
    try:
        for process in _family(pid):
            total += process.memory_info().rss
    except psutil.Error:
        return total
    return total


def _method() -> str:
    """Fork costs nothing, but only a parent without threads may be forked safely."""
    posix = sys.platform.startswith("linux")
    return "fork" if posix and threading.active_count() == 1 else "spawn"


_MAIN = threading.Lock()


@contextlib.contextmanager
def _main_left_alone() -> Iterator[None]:
    """A spawned worker would run the parent's main script again (under Streamlit: the screen)."""
    main = sys.modules["__main__"]
    with _MAIN:
        hidden = {n: getattr(main, n) for n in ("__file__", "__spec__") if hasattr(main, n)}
        for n in hidden:
            setattr(main, n, None)
        try:
            yield
        finally:
            for n, value in hidden.items():
                setattr(main, n, value)


# ------------------------------------------------------------------ inside the worker


def _serve(pipe: Connection, parents_end: Connection, forked: bool) -> None:
    """Does tasks until the parent is gone. Nothing a library prints reaches the user."""
    parents_end.close()
    _end_with_parent(forked)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    debug = os.environ.get("HECHA_DEBUG") == "1"
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1) if debug else (0, 1, 2):
        os.dup2(null, number)
    sys.stdin = sys.stdout = open(os.devnull, "w+")  # noqa: SIM115 (for the process's life)
    if not debug:
        sys.stderr = sys.stdout

    began: tuple[str, bool] | None = None
    limits = WorkLimits()

    def step(name: str, done: int = 0, of: int = 0) -> None:
        nonlocal began
        if (name, of > 0) != began:
            began = name, of > 0
            _cap(limits.memory + (limits.recognising if of > 0 else 0))
        pipe.send(("step", (name, done, of)))

    while True:
        try:
            function, arguments, limits = pipe.recv()
        except (EOFError, OSError):
            return
        began = None
        _cap(limits.memory)
        message: tuple[str, Any]
        try:
            message = ("result", function(*arguments, step))
        except MemoryError:
            message = ("failure", "memory")
        except BaseException:
            if debug:
                import traceback

                traceback.print_exc()
            message = ("failure", "crashed")
        try:
            pipe.send(message)
        except OSError:
            return
        except Exception:
            pipe.send(("failure", "crashed"))


def _end_with_parent(forked: bool) -> None:
    """A worker whose parent was killed would work on, and on a file that hangs for ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    if forked and sys.platform.startswith("linux"):  # a parent that forks has one thread only
        import ctypes

        with contextlib.suppress(OSError, AttributeError):  # a library may hold the interpreter
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _cap(memory: int) -> None:
    """The system refuses what goes a quarter beyond the limit: a bomb may take gigabytes between
    two looks of the parent, which ends the worker before that where it takes its time."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        held = int(Path("/proc/self/statm").read_bytes().split()[5]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (held + memory + memory // 4, hard))
