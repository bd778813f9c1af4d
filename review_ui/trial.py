"""A draft of a programme tried on what is stored: which outcomes would be others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extractor.storing.records import Stored
from models.check import check
from models.programme import (
    PROGRAMMES,
    Programme,
    ProgrammeError,
    programme_ids,
    read_programme,
    validate_programme,
)
from models.types import Check, Outcome

LARGEST = 2 << 20
NAMES = ("programme.yaml", "source.txt", "cases.yaml")


@dataclass(frozen=True, slots=True)
class Change:
    """One check that comes out otherwise; None where it is not made."""

    submission: int
    name: str
    rule: str
    fields: tuple[str, ...]
    before: Outcome | None
    after: Outcome | None


def lay_out(files: Iterable[tuple[str, bytes]], folder: Path) -> Path:
    """The draft's files under the names the loader knows, in a folder of its own; its path.

    What is not handed in (the regulation's text, the cases) is taken from the programme that has
    the draft's id, where there is one.
    """
    from models.loading import strict_yaml

    room = folder / "draft"
    room.mkdir()
    for name, content in files:
        base = name.replace("\\", "/").rsplit("/", 1)[-1].lower()
        known = base if base in NAMES[1:] else NAMES[0] if base.endswith((".yaml", ".yml")) else ""
        if known and not (room / known).exists():
            (room / known).write_bytes(content[:LARGEST])
    path = room / NAMES[0]
    if path.is_file():
        data = strict_yaml.read(path).data
        id = str(data.get("id", "")) if isinstance(data, dict) else ""
        if id in programme_ids():
            for name in NAMES[1:]:
                known_file = PROGRAMMES / id / name
                if not (room / name).exists() and known_file.is_file():
                    (room / name).write_bytes(known_file.read_bytes())
    return path


def faults(path: Path) -> list[ProgrammeError]:
    """What the loader refuses in the draft; empty where it is in order."""
    return validate_programme(path)


def draft(path: Path) -> Programme:
    """Only of a draft without faults."""
    return read_programme(path)


def concerned(programme: Programme, stored: Stored) -> bool:
    """Whether the draft can be tried on this submission: it has the draft's form."""
    application = stored.result.application
    return application is not None and application.form == programme.form and bool(
        application.answers
    )  # fmt: skip


def tried(programme: Programme, stored: Stored) -> Iterator[Change]:
    """What would come out otherwise for one submission."""
    application = stored.result.application
    assert application is not None
    report = check(programme, application, stored.summary.on)
    before, after = _outcomes(stored.result.checks), _outcomes(report.checks)
    for place in dict.fromkeys([*before, *after]):
        was, would = before.get(place), after.get(place)
        if was != would:
            rule, fields = place
            yield Change(stored.summary.id, stored.summary.name, rule, fields, was, would)


def _outcomes(checks: Iterable[Check]) -> dict[tuple[str, tuple[str, ...]], Outcome]:
    return {(c.rule, c.fields): c.outcome for c in checks}
