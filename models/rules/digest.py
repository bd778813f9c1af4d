"""What of one submission is kept for comparing it with the others: small, and without its pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from models.types import NOWHERE, Evidence
from models.writing.naming import Name, cluster_name, region_stem


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of the form, as surely read."""

    ref: str
    value: Decimal
    unit: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that only one cluster can have."""

    kind: str
    """enterprise, patent, standard or platform."""
    key: str
    """In the spelling that is compared."""
    text: str
    """As it stands there."""
    field: str
    """The figure whose list it stands in, or the narrative."""
    evidence: Evidence
    listed: bool = True
    """It stands in a list; else a sentence names it."""


@dataclass(frozen=True, slots=True)
class Prints:
    """The fingerprints of one narrative (models.rules.shingles)."""

    field: str
    prints: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Digest:
    """One submission."""

    name: str
    """As the submission is called."""
    programme: str
    round: str
    """Submissions of the same round are compared with one another."""
    year: int
    """Of the round."""
    papers: str
    """A hash of all its files; empty where there are none."""
    form_file: str
    """The hash of the file the form was read from."""
    cluster: str = ""
    city: str = ""
    county: str = ""
    operator: str = ""
    industry: str = ""
    where: Evidence = NOWHERE
    """Where the cluster's name stands."""
    where_region: Evidence = NOWHERE
    figures: tuple[Told, ...] = ()
    claims: tuple[Claim, ...] = ()
    prints: tuple[Prints, ...] = ()

    @property
    def names(self) -> Name:
        """The parts of the cluster's name."""
        return cluster_name(self.cluster, tuple(p for p in (self.city, self.county) if p))

    @property
    def identity(self) -> str:
        """What the same cluster bears in every round; empty where it has no name."""
        core = self.names.core
        return f"{region_stem(self.county)}|{core}" if core and self.county else ""

    @property
    def shown(self) -> str:
        """What people know it by."""
        named = self.cluster and self.cluster not in self.name
        return f"{self.name}（{self.cluster}）" if named else self.name

    def place(self, evidence: Evidence) -> Evidence:
        """One of its places as another submission's finding shows it."""
        file = f"{self.name}/{evidence.file}" if evidence.file else self.name
        return replace(evidence, file=file)
