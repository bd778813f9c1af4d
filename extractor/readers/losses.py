"""What is said of a file that cannot be read, and of one whose reading broke off."""

from __future__ import annotations

from collections.abc import Mapping

from extractor.output import FileRecord, Result
from extractor.readers.opening import digest, problem
from extractor.submission.package import Submission
from extractor.workers import Done
from models.types import Application, Evidence, Finding, Problem
from models.wording import say

WORD = (".docx", ".docm", ".doc", ".wps")


def casualty(done: Done) -> Problem:
    """What is wrong with the file at which a worker ended."""
    if done.failure == "memory":
        return problem(
            "file.too-large",
            say("Reading it took more memory than is allowed; it was not read."),
        )
    if done.failure == "timeout":
        return problem(
            "file.unreadable", say("Reading it took longer than is allowed; it was not read.")
        )
    return problem("file.unreadable", say("Reading it broke off; it was not read."))


def unreached(
    submission: Submission, spent: Mapping[str, float], seconds: float
) -> dict[str, Problem]:
    """The files left out of a submission that takes too long, with why: those never reached, and
    of the others the slowest, so that the rest takes at most so many seconds. `spent` tells the
    seconds each was worked on."""
    left = seconds
    out: dict[str, Problem] = {}
    for file in sorted(submission.files, key=lambda f: spent.get(f.name, seconds + 1)):
        left -= spent.get(file.name, seconds + 1)
        if left < 0:
            out[file.name] = problem(
                "file.unreadable",
                say("Reading all files of this submission took too long; this one was left out."),
            )
    return out


def but_the_form(submission: Submission) -> dict[str, Problem]:
    """All files but those that call themselves the form, or else the Word files, with why they are
    left out; none where no such file is told."""
    from extractor.submission.roles import by_name

    forms = {f.name for f in submission.files if by_name(f.name) == "application_form"}
    forms = forms or {f.name for f in submission.files if f.name.lower().endswith(WORD)}
    why = problem(
        "file.unreadable",
        say("The review of all files together broke off; only the form was reviewed."),
    )
    return {f.name: why for f in submission.files if f.name not in forms} if forms else {}


def lost(
    submission: Submission, programme: str | None, on: str, broken: Mapping[str, Problem],
    why: Problem,
) -> Result:  # fmt: skip
    """The result of a submission whose worker ended: what happened, and its files unread."""
    problems = (*submission.problems, *broken.items(), (submission.name, why))
    files = tuple(
        FileRecord(f.name, digest(f.path) if f.member is None else "", "other", "other")
        for f in submission.files
    )
    return Result(
        submission=submission.name,
        path=submission.path,
        location=submission.location,
        programme=programme,
        on=on,
        files=files,
        application=Application(form="", problems=problems),
        findings=tuple(problem_finding(file, p) for file, p in problems),
        processed=False,
    )


def problem_finding(file: str, p: Problem) -> Finding:
    """A problem of a file as a finding about no field."""
    return Finding(
        rule=p.rule,
        severity=p.severity,
        fields=(),
        message=say("{file}: {what}", file=file, what=p.message),
        evidences=(Evidence(file=file, page=p.page, place=p.place),),
    )
