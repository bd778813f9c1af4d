"""What the rules about a package share: what was handed in, what was read, what answers what."""

from __future__ import annotations

from collections.abc import Iterable

from models.types import Application, Attached, Paper
from models.wording import Bilingual, say

SURE = 0.6
"""An attachment matched less surely than this answers nothing by itself."""


def only_the_form(application: Application) -> bool:
    """Whether nothing was handed in but the form, were it in several versions."""
    return all(p.role == "application_form" for p in application.papers)


def unread(papers: Iterable[Paper]) -> list[str]:
    """The files that could not be read, and the pages of others: 函.pdf, 附件.pdf（第3、4页）."""
    found = []
    for paper in papers:
        if not paper.read:
            found.append(paper.file)
        elif paper.unread_pages:
            pages = "、".join(map(str, paper.unread_pages[:6]))
            more = "…" if len(paper.unread_pages) > 6 else ""
            found.append(f"{paper.file}（第{pages}{more}页）")
    return found


def not_read(files: list[str]) -> Bilingual:
    shown = "、".join(files[:5])
    if len(files) > 5:
        return say(
            "{count} files could not be read, {files} among them", count=len(files), files=shown
        )
    return say("it may be in what could not be read: {files}", files=shown)


def strongest(application: Application, claim: str) -> Attached | None:
    """The attachment that answers a claim most surely; None where none does."""
    found = (a for a in application.attached if a.claim == claim)
    return max(found, key=lambda a: a.strength, default=None)
