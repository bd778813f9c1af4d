"""check(programme, application, on): every rule that is due, with its outcome and findings."""

from __future__ import annotations

from models.programme import Programme
from models.types import Application, Report


def check(programme: Programme, application: Application, on: str) -> Report:
    """Every rule of the programme that is due for this application.

    `on` is the ISO date the check is made for; it is carried in the report and nothing reads
    today's date.
    """
    return Report(programme.id, on, (), ())
