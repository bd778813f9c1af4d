"""What people call things: rules, places on the paper, points in time."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from models.wording import Bilingual, say


def rule_name(rule: str) -> Bilingual:
    """A rule's name in a few words; one of a family not named here goes by its id."""
    return _names().get(rule) or Bilingual(zh=rule, en=rule)


@lru_cache(maxsize=1)
def _names() -> dict[str, Bilingual]:
    return {
        "criterion.area-limit": say("Area of the cluster"),
        "criterion.enterprise-floor": say("Number of enterprises"),
        "criterion.revenue-floor": say("Revenue of the year"),
        "criterion.output-floor": say("Total output"),
        "criterion.sme-output-share": say("Share of SMEs in output"),
        "criterion.leading-output-share": say("Share of the leading industry"),
        "criterion.output-growth": say("Average growth of output"),
        "criterion.quality-enterprises": say("Number of quality enterprises"),
        "criterion.rd-growth": say("Growth of R&D spending"),
        "criterion.invention-patent-growth": say("Growth of invention patents"),
        "criterion.invention-patents-per-10k": say("Invention patents per 10 000"),
        "criterion.industrial-internet": say("Use of industrial internet"),
        "criterion.software-rising": say("Use of industrial software"),
        "criterion.co2-falling": say("CO2 intensity falls"),
        "criterion.energy-benchmark": say("Energy benchmark"),
        "criterion.water-benchmark": say("Water benchmark"),
        "criterion.restricted-industry": say("No restricted industry"),
        "criterion.serious-incidents": say("No serious incidents"),
        "criterion.violations": say("No violations of law"),
        "arithmetic.leading-growth": say("Growth of the leading industry recomputed"),
        "arithmetic.leading-cagr": say("Average growth recomputed"),
        "arithmetic.patents-per-10k": say("Patents per 10 000 recomputed"),
        "arithmetic.subset": say("Part and whole"),
        "arithmetic.parts-sum": say("Sum of the parts"),
        "arithmetic.share-range": say("Range of figures"),
        "agreement.versions": say("Word and PDF agree"),
        "agreement.narrative": say("Prose and table agree"),
        "agreement.summary-table": say("Summary table and form agree"),
        "agreement.list-count": say("Lists and counts agree"),
        "agreement.name": say("Names agree"),
        "agreement.target-baseline": say("Target baseline and form agree"),
        "agreement.platform-names": say("Platform names and number agree"),
        "length.over-limit": say("Limit of length"),
        "blank.required": say("Required cells"),
        "choice.none-ticked": say("One option is ticked"),
        "choice.several-ticked": say("Only one option is ticked"),
        "format.decimals": say("Two decimals"),
        "format.name-pattern": say("Pattern of the cluster's name"),
        "format.altered": say("Form as issued"),
        "format.unreadable": say("Readable entries"),
        "plausibility.unit-slip": say("Unit of figures"),
        "plausibility.jump": say("Jump between years"),
        "evidence.missing": say("Supporting documents"),
        "material.missing": say("Complete materials"),
        "deadline.late": say("Filed before the deadline"),
        "validity.expired": say("Filed while in force"),
        "quota.exceeded": say("Quota of recommendations"),
        "duplicate.submission": say("Duplicate application"),
        "duplicate.claim": say("Claimed by two clusters"),
        "similarity.narrative": say("Similar narratives"),
        "file.unreadable": say("File could not be read"),
        "file.encrypted": say("File is encrypted"),
        "file.damaged": say("File is damaged"),
        "file.too-large": say("File is too large"),
        "file.unsupported": say("Kind of file not supported"),
        "file.tracked-changes": say("Tracked changes in the file"),
        "file.hidden-text": say("Hidden text in the file"),
        "file.comments": say("Comments in the file"),
        "file.garbled-text": say("Garbled text in the file"),
        "file.programme-unknown": say("Programme could not be told"),
    }


def role_name(role: str) -> Bilingual:
    """What a paper of the package is called."""
    return {
        "application_form": say("application form"),
        "summary_table": say("summary table"),
        "recommendation_letter": say("letter of recommendation"),
        "plan": say("plan"),
        "introduction": say("introduction"),
        "self_evaluation": say("self-evaluation"),
        "list": say("list"),
        "declaration": say("declaration"),
        "evidence": say("evidence"),
        "other": say("other paper"),
    }.get(role, Bilingual(role, role))


def place_words(place: str, english: bool) -> str:
    """Where on the paper: 第3页 表1 行6 列2, or p. 3 table 1 row 6 column 2."""
    if not english:
        return place
    place = re.sub(r"第(\d+)页", r"p. \1", place)
    place = re.sub(r"工作表(?=[“\d])", "sheet ", place)
    for zh, en in (("段落", "paragraph"), ("表", "table"), ("行", "row"), ("列", "column")):
        place = re.sub(rf"{zh}(\d)", rf"{en} \1", place)
    return place


def when(stamp: str) -> str:
    """2024-05-06T07:08:09+08:00 → 2024-05-06 07:08."""
    return stamp[:16].replace("T", " ")


def owner(file: str, names: Collection[str]) -> str:
    """Which other submission a finding's file is of, by their names; '' for one of its own.

    >>> owner("乙/清单/b.pdf", {"乙", "丙"}), owner("清单/b.pdf", {"乙"})
    ('乙', '')
    """
    parts = file.split("/")
    return next((n for k in range(len(parts), 0, -1) if (n := "/".join(parts[:k])) in names), "")
