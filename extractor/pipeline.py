"""read → locate → check, one submission after the other or many in workers."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from extractor.batch import digest_result
from extractor.checking import check_application
from extractor.output import FileRecord, Result, submission_json
from extractor.readers.losses import but_the_form, casualty, lost, unreached
from extractor.readers.opening import LIMITS as FILE_LIMITS
from extractor.readers.opening import ReadError, digest
from extractor.readers.reading import Scanning, opened, read_file, recognised, to_recognise
from extractor.readers.zips import SourceFile, own_room, unpack
from extractor.submission.forms import find_application
from extractor.submission.package import Submission, find_submissions
from extractor.workers import LIMITS, Done, Step, Task, WorkLimits, run
from models.rules.misread import doubted
from models.types import Application, Document, Paper, Problem

Reviewed = Generator[tuple[int, Result] | None, None, None]
"""The place of a submission among all and its result, as each is there; None now and then."""

Watch = Callable[[int, str, int, int], None]
"""Hears the index of a submission, the file that is being read, pages done and pages to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    programme: str | None = None
    on: str = ""
    """ISO date the checks are made for."""
    ocr: str = "auto"
    scanning: Scanning = field(default=Scanning())


def review_file(
    path: str | Path, programme: str | None = None, on: str | None = None, ocr: str = "auto"
) -> dict[str, Any]:
    """The contract's JSON of the one submission at the path, done in this process.

    `on` is an ISO date, or None for the day of the call. Raises PathMissing.
    """
    with own_room() as room:
        submission = find_submissions([path], room)[0]
        options = Options(programme, on or today(), ocr)
        return submission_json(review_submission(submission, options, room))


def today() -> str:
    """The one place that reads the calendar; everything deeper is told the date."""
    from datetime import date

    return date.today().isoformat()


def review_submission(
    submission: Submission,
    options: Options,
    room: Path,
    broken: Mapping[str, Problem] | None = None,
    step: Step = lambda name, done=0, of=0: None,
) -> Result:
    """Everything the submission comes to but its digest.

    `room` is a private folder for what is unpacked and must last as long as the result's paths
    are used; `broken` names files that are not to be opened, with why.
    """
    read = [_read_source(file, room, broken or {}, step) for file in submission.files]
    step("")
    programme, application, holders = _found(submission, options, [d for d, _ in read], step)
    # Recognising costs seconds a page: only the form is worth it, or all where none was found.
    again = [
        n
        for n, (document, path) in enumerate(read)
        if path is not None and document.file not in (broken or {})
        and to_recognise(document, options.ocr)
        and (options.ocr == "force" or document.file in holders or not holders)
    ]  # fmt: skip
    if options.ocr == "auto" and programme is not None and holders:
        from extractor.submission.scanned_forms import scanned_copies

        passed = holders | set(broken or {})
        again += scanned_copies(read, programme, passed, options.scanning, step)
    for n in again:
        document, path = read[n]
        assert path is not None
        step(document.file, 0, 1)
        told = partial(step, document.file)
        document = recognised(document, path, options.ocr, options.scanning, told)
        read[n] = (document, path)
    if again:
        step("")
        programme, application, holders = _found(submission, options, [d for d, _ in read], step)
    documents = [document for document, _ in read]
    problems = (
        *submission.problems,
        *((d.file, _weighed(d, p, holders)) for d in documents for p in d.problems),
    )
    application = replace(application, problems=problems)
    from extractor.submission.dossier import complete

    application, papers = complete(application, programme, documents, holders, step)
    checks, findings, version = check_application(programme, application, options.on)
    seen = doubted(application, findings)
    if seen is not application:
        application = seen
        checks, findings, version = check_application(programme, application, options.on)
    processed = any(opened(d) for d in documents)
    if not processed:  # then of course no programme could be told
        findings = tuple(f for f in findings if f.rule != "file.programme-unknown")
    return Result(
        submission=submission.name,
        path=submission.path,
        location=submission.location,
        programme=programme,
        on=options.on,
        files=tuple(_record(d, path, p) for (d, path), p in zip(read, papers, strict=True)),
        application=application,
        checks=checks,
        findings=findings,
        programme_version=version,
        processed=processed,
    )


def _to_keep(
    submission: Submission, options: Options, room: Path, broken: Mapping[str, Problem], step: Step
) -> Result:
    """The same with what a batch is compared by."""
    result = review_submission(submission, options, room, broken, step)
    return replace(result, digest=digest_result(result))


def _found(
    submission: Submission, options: Options, documents: list[Document], step: Step
) -> tuple[str | None, Application, frozenset[str]]:
    """The programme, the filled form, and the names of the files that hold it."""
    programme = options.programme or _recognise(submission, documents)
    return programme, *find_application(programme, documents, step)


# ------------------------------------------------------------------ many, in workers


def review_all(
    submissions: Sequence[Submission],
    options: Options,
    room: Path,
    jobs: int = 1,
    limits: WorkLimits = LIMITS,
    watch: Watch | None = None,
) -> Reviewed:
    """(index of the submission, its result) as each is done; None now and then, for progress.

    `watch` hears what is being read, page by page where pages are recognised.

    A file that kills its worker is named by its last step; the submission is done again without
    it. Where that is of no use, the submission's one finding says what happened.
    """

    if options.scanning.threads is None:  # the processors are shared out among the workers
        each = max(1, (os.cpu_count() or 1) // max(1, min(jobs, len(submissions))))
        options = replace(options, scanning=replace(options.scanning, threads=each))
    limits = _with_recognising(limits, options.scanning, options.ocr)

    def task(index: int, broken: dict[str, Problem]) -> Task:
        arguments = (submissions[index], options, room / f"{index:05d}", broken)
        return Task(_to_keep, arguments, (index, broken))

    spent: Counter[int] = Counter()
    killed: Counter[int] = Counter()
    hurried: set[int] = set()

    def retry(done: Done) -> Task | None:
        index, broken = done.task.tag
        spent[index] += int(sum(done.spent.values()))
        if done.killed and killed[index] < 3:
            killed[index] += 1
            return task(index, broken)
        if done.late or spent[index] > limits.task_seconds:
            if index in hurried:
                return None
            hurried.add(index)
            left = unreached(submissions[index], done.spent, limits.task_seconds / 3)
            return task(index, {**left, **broken})
        if not done.step or done.step in broken:
            left = but_the_form(submissions[index])
            return task(index, {**left, **broken}) if left.keys() - broken.keys() else None
        return task(index, {**broken, done.step: casualty(done)})

    def heard(running: Task, name: str, done: int, of: int) -> None:
        if watch is not None:
            watch(running.tag[0], name, done, of)

    tasks = (task(i, {}) for i in range(len(submissions)))
    for done in run(tasks, jobs, limits, retry, heard):
        if done is None:
            yield None
            continue
        index, broken = done.task.tag
        if done.failure is None:
            yield index, done.result
        else:
            yield (
                index,
                lost(submissions[index], options.programme, options.on, broken, casualty(done)),
            )


def read_all(
    files: Sequence[tuple[Path, str]], ocr: str = "auto", jobs: int = 1,
    limits: WorkLimits = LIMITS,
) -> Iterator[Document]:  # fmt: skip
    """The documents of some files, in that order, each read in a worker."""
    limits = _with_recognising(limits, Scanning(threads=os.cpu_count()), ocr)
    tasks = [Task(_read_task, (path, name, ocr), i) for i, (path, name) in enumerate(files)]
    waiting: dict[int, Document] = {}
    due = 0
    for done in run(tasks, jobs, limits):
        if done is None:
            continue
        path, name, _ = done.task.arguments
        failed = Document(name, "other", problems=(casualty(done),), sha256=digest(path))
        waiting[done.task.tag] = done.result if done.failure is None else failed
        while due in waiting:
            yield waiting.pop(due)
            due += 1


def _read_task(path: Path, name: str, ocr: str, step: Step) -> Document:
    step(name)
    document = read_file(path, name, "off")
    if not to_recognise(document, ocr):
        return document
    step(name, 0, 1)
    return recognised(document, path, ocr, progress=partial(step, name))


def _with_recognising(limits: WorkLimits, scanning: Scanning, ocr: str) -> WorkLimits:
    """With what each page takes that is recognised at the same time."""
    if ocr == "off":
        return limits
    abreast = min(scanning.threads or 1, FILE_LIMITS.scanned_abreast)
    return replace(limits, recognising=abreast * FILE_LIMITS.recognising_memory)


# ------------------------------------------------------------------ the steps


def _read_source(
    file: SourceFile, room: Path, broken: Mapping[str, Problem], step: Step
) -> tuple[Document, Path | None]:
    path: Path | None = None
    step(file.name)
    try:
        path = unpack(file, room)
    except ReadError as error:
        return Document(file.name, "other", problems=(error.problem,)), None
    if file.name in broken:
        document = Document(file.name, "other", problems=(broken[file.name],), sha256=digest(path))
    else:
        document = read_file(path, file.name, "off", sparing=True)
    return document, path


def _recognise(submission: Submission, documents: Sequence[Document]) -> str | None:
    """From the documents with their names and the package's own name."""
    from extractor.locating.recognise import recognise

    readable = [(d, f"{submission.name}/{d.file}") for d in documents if d.readable]
    return recognise(readable) if readable else None


def _weighed(document: Document, p: Problem, holders: frozenset[str]) -> Problem:
    """Where the form was found, what is wrong with another file is no error of the application:
    a photograph or a workbook that is not read is worth knowing, a broken file worth asking."""
    if not holders or document.file in holders or p.severity != "error":
        return p
    return replace(p, severity="notice" if p.rule == "file.unsupported" else "warning")


def _record(document: Document, path: Path | None, paper: Paper) -> FileRecord:
    return FileRecord(
        name=document.file,
        sha256=document.sha256,
        role=paper.role,
        kind=document.kind,
        pages=document.pages,
        ocr_pages=document.ocr_pages,
        size=path.stat().st_size if path is not None and path.exists() else 0,
        read=opened(document),
        path=path,
    )
