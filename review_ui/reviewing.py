"""`hecha review`: paths → stored results, a row or a JSON line each, with progress."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from extractor.migrations import StoreError
from extractor.output import Result, submission_json
from extractor.package import PathMissing, find_submissions
from extractor.pipeline import Options, review_all, today
from extractor.reading import Scanning
from extractor.store import Store, Summary, pages_folder
from models.wording import text
from review_ui.console import (
    DONE,
    FAILED,
    INTERRUPTED,
    STRICT,
    UsageError,
    page_words,
    table,
)


def review_paths(
    paths: Sequence[str],
    database: Path,
    programme: str | None = None,
    on: str | None = None,
    ocr: str = "auto",
    jobs: int = 1,
    worksheet: Path | None = None,
    as_json: bool = False,
    strict: bool = False,
    version: str = "",
) -> int:
    """Reviews and stores every submission under the paths; the exit status.

    Raises UsageError for a path that does not exist, StoreError for a database of no use.
    """
    if worksheet is not None and not worksheet.absolute().parent.is_dir():
        raise UsageError(text("{path} does not exist", path=worksheet.parent))
    scanning = Scanning(cache=pages_folder(database))
    options = Options(programme, on or today(), ocr, scanning)
    batch = uuid.uuid4().hex
    ids: dict[int, int] = {}
    results: dict[int, Result] = {}
    stopped = False
    with tempfile.TemporaryDirectory(prefix="hecha-", ignore_cleanup_errors=True) as folder:
        room = Path(folder)
        try:
            submissions = find_submissions(paths, room / "zips")
        except PathMissing as error:
            raise UsageError(text("{path} does not exist", path=str(error))) from error
        lines = _Lines(as_json)
        with Store(database) as store, _progress(len(submissions)) as progress:
            reviewed = review_all(submissions, options, room, jobs, watch=progress.at)
            try:
                for item in reviewed:
                    progress.tick()
                    if item is None:
                        continue
                    index, result = item
                    try:
                        ids[index] = store.save_result(result, batch, version)
                    except StoreError as error:
                        result = replace(result, processed=False)
                        progress.say(f"{result.submission}: {error.message}")
                    results[index] = result
                    _clear(room / f"{index:05d}")
                    progress.done(result)
                    lines.add(index, result)
            except KeyboardInterrupt:
                stopped = True
            finally:
                reviewed.close()
        with Store(database) as store:
            lines.finish()
            if not as_json:
                wanted = set(ids.values())
                by_id = {s.id: s for s in store.list_submissions() if s.id in wanted}
                print(_summary_table([by_id[ids[i]] for i in sorted(ids)]))
            if worksheet is not None and ids:
                from review_ui.worksheet import write_worksheet

                write_worksheet(store, worksheet, [ids[i] for i in sorted(ids)])
    for index in sorted(results):
        if not results[index].processed:
            _complain_about(results[index])
    if stopped:
        message = text("stopped; {n} of {all} are stored", n=len(ids), all=len(submissions))
        print(f"hecha: {message}", file=sys.stderr)
        return INTERRUPTED
    if any(not r.processed for r in results.values()):
        return FAILED
    wrong = any(f.severity == "error" for r in results.values() for f in r.findings)
    return STRICT if strict and wrong else DONE


def _complain_about(result: Result) -> None:
    why = next((str(f.message) for f in result.findings if f.severity == "error"), "")
    message = text("{name} could not be processed: {why}", name=result.submission, why=why)
    print(f"hecha: {message}", file=sys.stderr)


def _clear(folder: Path) -> None:
    """What was unpacked for one submission is kept in the store by now."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _summary_table(rows: Sequence[Summary]) -> str:
    heading = [
        text("submission"),
        text("programme"),
        text("errors"),
        text("warnings"),
        text("unchecked"),
        text("rules run"),
        text("to look at"),
    ]
    body = [
        [
            s.name,
            s.programme or "—",
            s.errors,
            s.warnings,
            s.unchecked,
            f"{s.checks_run}/{s.checks_total}",
            s.needs_look,
        ]
        for s in rows
    ]
    return table([heading, *body], numbers=range(2, 7))


class _Lines:
    """JSON lines in the order of the submissions, each as soon as those before it are there."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted
        # a bar and lines on the same terminal would run into each other
        self._hold = sys.stdout.isatty() and sys.stderr.isatty()
        self._waiting: dict[int, Result] = {}
        self._due = 0

    def add(self, index: int, result: Result) -> None:
        if not self._wanted:
            return
        self._waiting[index] = result
        while not self._hold and self._due in self._waiting:
            self._print(self._waiting.pop(self._due))
            self._due += 1

    def finish(self) -> None:
        for index in sorted(self._waiting):
            self._print(self._waiting[index])

    def _print(self, result: Result) -> None:
        print(json.dumps(submission_json(result), ensure_ascii=False), flush=True)


# ------------------------------------------------------------------ progress


class _Quiet:
    """A line per submission on stderr."""

    def __init__(self, total: int) -> None:
        self.total, self.count = total, 0

    def tick(self) -> None:
        return None

    def at(self, index: int, name: str, done: int, of: int) -> None:
        return None

    def say(self, message: str) -> None:
        print(f"hecha: {message}", file=sys.stderr)

    def done(self, result: Result) -> None:
        self.count += 1
        print(f"[{self.count}/{self.total}] {result.submission}", file=sys.stderr, flush=True)


class _Bar(_Quiet):
    """A bar on the terminal. Drawn by hand at each tick: a drawing thread would make the
    parent of the workers one that must not be forked."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=Console(stderr=True),
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task(text("reviewing"), total=total)

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
        self._bar.console.print(message, markup=False, highlight=False)

    def done(self, result: Result) -> None:
        self._bar.advance(self._task)
        self._bar.refresh()


@contextlib.contextmanager
def _progress(total: int) -> Iterator[_Quiet]:
    if not sys.stderr.isatty():
        yield _Quiet(total)
        return
    with _Bar(total) as bar:
        yield bar
