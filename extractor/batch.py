"""Submissions against one another: what is kept of each, and the findings about a whole round.

Each submission leaves a small digest in the database. When a batch is done, the rounds it touched
are compared anew from the digests, so that what was reviewed earlier counts and is told too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING

from extractor.storing.records import content_hash
from models.form import load_form
from models.programme import Programme, load_programme, programme_ids
from models.rules.batch_checks import batch_findings, earlier_round
from models.rules.digest import Digest
from models.rules.digesting import digest_of
from models.types import Application, Finding

if TYPE_CHECKING:
    from extractor.output import Result
    from extractor.storing.store import Store


def digest_result(result: Result) -> Digest | None:
    """What is kept of a submission; None where it has no programme or no filled form."""
    application = result.application
    if result.programme is None or application is None or not application.answers:
        return None
    programme = load_programme(result.programme)
    if application.form != programme.form:
        return None
    round, year = round_of(programme, application, result.on)
    first = next((a.evidence.file for a in application.answers if a.state == "given"), "")
    return digest_of(
        programme,
        load_form(programme.form),
        application,
        name=result.submission,
        papers=content_hash(result),
        form_file=next((f.sha256 for f in result.files if f.name == first), ""),
        round=round,
        year=year,
    )


def round_of(programme: Programme, application: Application, on: str) -> tuple[str, int]:
    """The round a submission belongs to and its year: a programme with a deadline is one round;
    else the year it was filed in, where that is written and near the date of the checks."""
    if programme.deadline is not None:
        return programme.id, programme.deadline.date.year
    year = date.fromisoformat(on).year
    filed = application.answer("filing_date")
    if filed is not None and isinstance(filed.value, str) and filed.value[:4].isdigit():
        written = int(filed.value[:4])
        if 0 <= year - written <= 10 and not filed.needs_look:
            year = written
    return f"{programme.id}/{year}", year


def compare(store: Store, submissions: Collection[int]) -> None:
    """Compares the rounds of these submissions and stores what is found at each concerned."""
    here = set(submissions)
    for round in store.rounds(here):
        # a programme of a version that is gone tells nothing
        entries = [e for e in store.digests(round) if e[2].programme in programme_ids()]
        ids = [id for id, _, _ in entries]
        digests = [digest for _, _, digest in entries]
        calls = ["" if id in here else batch for id, batch, _ in entries]
        found: dict[int, list[Finding]] = {id: [] for id in ids}

        def text_of(place: int, field: str, ids: list[int] = ids) -> str:
            return store.narrative(ids[place], field)

        for place, finding in batch_findings(digests, text_of, calls):
            found[ids[place]].append(finding)
        for id, digest in zip(ids, digests, strict=True):
            found[id] += _before(store, digest)
        store.set_batch_findings(found)


def _before(store: Store, digest: Digest) -> Iterator[Finding]:
    """Against the same cluster's form of the last earlier round."""
    if digest.identity:
        earlier = store.digest_before(digest.identity, digest.year)
        if earlier is not None:
            yield from earlier_round(digest, earlier)
