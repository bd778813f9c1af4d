"""How far a batch is: a line per submission, or a bar on a terminal, with the time left."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator

from models.wording import text
from review_ui.console import page_words, plain


class Progress:
    """A line per submission on stderr."""

    def __init__(self, total: int) -> None:
        self.total, self.count = total, 0
        self._began = time.monotonic()

    def tick(self) -> None:
        return None

    def at(self, index: int, name: str, done: int, of: int) -> None:
        return None

    def say(self, message: str) -> None:
        print(f"hecha: {plain(message)}", file=sys.stderr)

    def done(self, name: str) -> None:
        self.count += 1
        print(
            f"[{self.count}/{self.total}] {plain(name)}{self._rest()}", file=sys.stderr, flush=True
        )

    def _rest(self) -> str:
        """The time that the rest will take at the pace so far."""
        left = self.total - self.count
        if not left or self.count < 3:
            return ""
        seconds = (time.monotonic() - self._began) / self.count * left
        return "  " + time_left(seconds)


def time_left(seconds: float) -> str:
    """About how long it will still take, as people say it."""
    if seconds < 90:
        return text("about {n} s left", n=max(1, round(seconds)))
    return text("about {n} min left", n=round(seconds / 60))


class _Bar(Progress):
    """A bar on the terminal. Drawn by hand at each tick: a drawing thread would make the
    parent of the workers one that must not be forked."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as RichProgress

        self._bar = RichProgress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rest]}"),
            console=Console(stderr=True),
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task(text("reviewing"), total=total, rest="")

    def __enter__(self) -> _Bar:
        self._bar.start()
        self._bar.refresh()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def tick(self) -> None:
        self._bar.refresh()

    def at(self, index: int, name: str, done: int, of: int) -> None:
        self._bar.update(self._task, description=page_words(name, done, of))

    def say(self, message: str) -> None:
        self._bar.console.print(plain(message), markup=False, highlight=False)

    def done(self, name: str) -> None:
        self.count += 1
        self._bar.update(self._task, completed=self.count, rest=self._rest())
        self._bar.refresh()


@contextlib.contextmanager
def progress(total: int) -> Iterator[Progress]:
    """The one that suits where stderr goes."""
    if not sys.stderr.isatty():
        yield Progress(total)
        return
    with _Bar(total) as bar:
        yield bar
