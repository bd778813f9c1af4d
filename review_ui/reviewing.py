"""`hecha review`: paths → stored results, a row or a JSON line each, with progress.

What is found about a batch is known only when it is done: then the rounds it belongs to are
compared and the rows or lines are printed. No result is held in memory meanwhile.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extractor.batch import compare
from extractor.cluster import ClusterUnusable, review_on
from extractor.identity import content_of, made_by
from extractor.output import Result, submission_json
from extractor.pipeline import Options, Reviewed, review_all, today
from extractor.readers.reading import Scanning
from extractor.readers.zips import own_room
from extractor.storing.migrations import StoreError, StoreUnusable
from extractor.storing.store import KeptEarlier, Store, Summary, pages_folder
from extractor.submission.package import PathMissing, Submission, find_submissions
from models.wording import text
from review_ui.console import DONE, FAILED, INTERRUPTED, STRICT, UsageError, json_line, plain, table
from review_ui.progress import Progress, progress


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
    again: bool = False,
    cluster: str | None = None,
    shared: bool = False,
) -> int:
    """Reviews and stores every submission under the paths; the exit status.

    One that was reviewed before is not done again where its files' bytes, the programme, the
    tool and what is asked for are the same, unless `again`. `cluster`: the address of the Dask
    cluster that does it, instead of `jobs` processes of this machine. Raises UsageError for a
    path that does not exist, StoreError for a database of no use.
    """
    if worksheet is not None and not worksheet.absolute().parent.is_dir():
        raise UsageError(text("{path} does not exist", path=worksheet.parent))
    scanning = Scanning(cache=pages_folder(database))
    options = Options(programme, on or today(), ocr, scanning)
    asked = json.dumps([programme, on, ocr])
    with own_room() as room:
        try:
            submissions = find_submissions(paths, room / "zips")
        except PathMissing as error:
            raise UsageError(text("{path} does not exist", path=str(error))) from error
        run = _Run(database, made_by(version), asked, again)
        run.pass_over(submissions)
        with progress(len(submissions) - len(run.ids)) as shown:
            todo = [i for i in range(len(submissions)) if i not in run.ids]
            wanted = [submissions[i] for i in todo]
            if cluster is None:
                reviewed = review_all(wanted, options, room, jobs, watch=shown.at)
            else:
                reviewed = review_on(cluster, wanted, options, room, shared, watch=shown.at)
            run.review(todo, reviewed, room, shown)
        status = run.finish(submissions, room, as_json, worksheet)
    return STRICT if strict and status == DONE and run.errors else status


@dataclass(slots=True)
class _Run:
    """One call: which submissions are stored, and which came to nothing. By their index."""

    database: Path
    tool: str
    asked: str
    again: bool
    batch: str = field(default_factory=lambda: uuid.uuid4().hex)
    ids: dict[int, int] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    unstored: list[int] = field(default_factory=list)
    """Done, but not stored; their JSON lies in the room."""
    unchanged: int = 0
    stopped: bool = False
    broken: str = ""
    """Why the database could not be written any more."""
    errors: bool = False

    def pass_over(self, submissions: Sequence[Submission]) -> None:
        """Finds those that are stored as they would come out again. The store is closed before
        any worker is forked: a connection must not be carried into another process."""
        with Store(self.database) as store:
            if self.again:
                return
            for index, s in enumerate(submissions):
                if not store.find(s.name):
                    continue
                content = content_of(s)
                told = s.location, s.name, content, self.tool, self.asked
                id = store.unchanged(*told) if content else None
                if id is not None:
                    self.ids[index] = id
                    store.seen_at(id, s.path)
        self.unchanged = len(self.ids)

    def review(self, todo: Sequence[int], reviewed: Reviewed, room: Path, shown: Progress) -> None:
        """Stores each result as it is there; `todo` says whose each is."""
        try:
            for item in reviewed:
                shown.tick()
                if item is None:
                    continue
                place, result = item
                self._keep(todo[place], result, room, shown)
                _clear(room / f"{place:05d}")
                shown.done(result.submission)
                if self.broken:
                    break
        except KeyboardInterrupt:
            self.stopped = True
        except ClusterUnusable as error:
            self.broken = str(error.message)
        finally:
            reviewed.close()

    def _keep(self, index: int, result: Result, room: Path, shown: Progress) -> None:
        if not result.processed:
            self.failed[index] = next(
                (str(f.message) for f in result.findings if f.severity == "error"), ""
            )
        try:
            with Store(self.database) as store:
                self.ids[index] = store.save_result(
                    result, self.batch, self.tool, self.asked, insist=self.again
                )
            return
        except KeptEarlier as kept:
            self.ids[index] = kept.submission
            shown.say(f"{result.submission}: {kept.message}")
            return
        except StoreUnusable as error:
            self.broken = str(error.message)
        except StoreError as error:
            self.failed[index] = str(error.message)
        except Exception as error:  # one bad package never stops the others
            self.failed[index] = f"{type(error).__name__}: {error}".splitlines()[0]
        self.unstored.append(index)
        line = json_line(submission_json(result))
        (room / f"{index}.json").write_text(line, encoding="utf-8")
        self.errors = self.errors or any(f.severity == "error" for f in result.findings)

    def finish(
        self, submissions: Sequence[Submission], room: Path, as_json: bool, worksheet: Path | None
    ) -> int:
        """Compares the batch, prints what is asked for, says what went wrong; the status."""
        stored = [self.ids[i] for i in sorted(self.ids)]
        if not self.broken:
            self._compare(stored)
        with Store(self.database) as store:
            wanted = set(stored)
            by_id = {s.id: s for s in store.list_submissions() if s.id in wanted}
            self.errors = self.errors or any(s.errors for s in by_id.values())
            if as_json:
                self._print_lines(store, room)
            else:
                print(_summary_table([by_id[id] for id in stored]))
            if worksheet is not None and stored:
                from review_ui.worksheet.book import write_worksheet

                write_worksheet(store, worksheet, stored)
        for index in sorted(self.failed):
            name, why = submissions[index].name, self.failed[index]
            _say(text("{name} could not be processed: {why}", name=name, why=why))
        if self.unchanged:
            _say(
                text(
                    "{n} of {all} were reviewed before and are unchanged (--again does them again)",
                    n=self.unchanged,
                    all=len(submissions),
                )
            )
        count = {"n": len(self.ids), "all": len(submissions)}
        if self.stopped:
            _say(
                text("stopped; {n} of {all} are stored; the same call goes on from there", **count)
            )
            return INTERRUPTED
        if self.broken:
            _say(self.broken)
            _say(
                text("stopped; {n} of {all} are stored; the same call goes on from there", **count)
            )
        return FAILED if self.failed or self.broken else DONE

    def _compare(self, stored: Sequence[int]) -> None:
        """Whatever goes wrong here, what was reviewed is still shown."""
        try:
            with Store(self.database) as store:
                compare(store, stored)
        except StoreError as error:
            self.broken = str(error.message)
        except Exception as error:
            if os.environ.get("HECHA_DEBUG") == "1":
                raise
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            self.broken = text("the submissions could not be compared: {what}", what=what)

    def _print_lines(self, store: Store, room: Path) -> None:
        for index in sorted({*self.ids, *self.unstored}):
            if index in self.ids:
                result = store.load_submission(self.ids[index]).result
                line = json_line(submission_json(result))
            else:
                line = (room / f"{index}.json").read_text(encoding="utf-8")
            print(line, flush=True)


def _say(message: str) -> None:
    print(f"hecha: {plain(message)}", file=sys.stderr)


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
