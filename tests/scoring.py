"""How right the tool is on documents whose truth is known.

    python -m tests.scoring samples/applications samples/printed
    python -m tests.scoring DIR --results results.jsonl      # of hecha review … --json

A document is a folder that holds expected.json, or X.docx, X.pdf … with X.expected.json beside it.
Right, wrong and silent count figures, tick boxes (each option is one), texts and narratives; a
wrong value that does not ask for a look is silent, and the worst fault there is.
"""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

Json = dict[str, Any]

EXPECTED = "expected.json"
DRAFTS = ("shandong-2023-draft",)
"""Programmes without a form of their own: no document can name them, the reviewer must."""
OF_PACKAGES = ("material.", "evidence.")
"""About what is attached. Not held against a submission that is nothing but the form."""
OF_BATCHES = ("quota.", "duplicate.", "similarity.")
"""About the other submissions, of which one document's truth says nothing."""
NO_ENTRY: Json = {}
DOCUMENTS = (
    ".docx", ".pdf", ".doc", ".docm", ".dotx", ".dotm", ".rtf", ".wps", ".png", ".jpg",
)  # fmt: skip
ON = "2024-06-01"
"""The date of every check."""


@dataclass(frozen=True)
class Case:
    document: Path
    expected: Json

    @property
    def programme(self) -> str | None:
        """What has to be asked for, as the document cannot say it."""
        programme = self.expected.get("programme")
        return programme if programme in DRAFTS else None

    @property
    def form_only(self) -> bool:
        if self.document.is_file():
            return True
        files = [p for p in self.document.rglob("*") if p.is_file() and p.suffix != ".json"]
        return len(files) < 2


@dataclass(frozen=True)
class Difference:
    document: str
    kind: str
    """figure, tick, text, narrative, finding or programme."""
    verdict: str
    """wrong, silent, missing, invented, missed, false or severity."""
    field: str
    expected: str
    got: str
    raw: str = ""
    place: str = ""

    def __str__(self) -> str:
        tail = "".join(f"  {name} {value!r}" for name, value in self._tail())
        return (
            f"{self.document}: {self.kind} {self.verdict}: {self.field}: "
            f"expected {self.expected}, got {self.got}{tail}"
        )

    def _tail(self) -> list[tuple[str, str]]:
        return [(n, v) for n, v in (("raw", self.raw), ("at", self.place)) if v]


@dataclass
class Score:
    """Counts by `kind.verdict` (figure.right, tick.silent …) and every difference."""

    counts: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    documents: int = 0

    def __iadd__(self, other: Score) -> Score:
        self.counts += other.counts
        self.differences += other.differences
        self.documents += other.documents
        return self

    def bad(self, *verdicts: str) -> list[Difference]:
        return [d for d in self.differences if d.verdict in verdicts]


# ------------------------------------------------------------------ one document


def score(result: Json, expected: Json, document: str = "", form_only: bool = True) -> Score:
    """Holds one submission's contract JSON against its truth."""
    out = _Scorer(document)
    if result.get("programme") != expected.get("programme"):
        out.add("programme", "wrong", "programme", expected["programme"], result.get("programme"))
    _figures(out, result, expected)
    _ticks(out, result, expected)
    _texts(out, result, expected)
    _narratives(out, result, expected)
    _roles(out, result, expected)
    _findings(out, result, expected, form_only)
    return out.score


class _Scorer:
    def __init__(self, document: str) -> None:
        self.document = document
        self.score = Score(documents=1)

    def count(self, kind: str, verdict: str) -> None:
        self.score.counts[f"{kind}.{verdict}"] += 1

    def add(
        self,
        kind: str,
        verdict: str,
        field: str,
        expected: object,
        got: object,
        entry: Json = NO_ENTRY,
    ) -> None:
        self.count(kind, verdict)
        source = entry.get("source") or {}
        page = f"page {source['page']} " if source.get("page") else ""
        raw = str(entry.get("raw", ""))
        place = page + str(source.get("place") or "")
        difference = Difference(
            self.document, kind, verdict, field, str(expected), str(got), raw, place
        )
        self.score.differences.append(difference)

    def value(self, kind: str, field: str, equal: bool, want: str, got: str, entry: Json) -> None:
        look = bool(entry.get("needs_look"))
        if equal:
            self.count(kind, "right")
            if look:
                self.count(kind, "right_but_look")
        else:
            self.count(kind, "wrong")
            self.add(kind, "told" if look else "silent", field, want, got, entry)


def _key(entry: Json) -> str:
    return f"{entry['field']}@{entry['period']}" if entry.get("period") else entry["field"]


def _shown(entry: Json) -> str:
    return str(entry.get("value")) if entry.get("state") == "given" else str(entry.get("state"))


def _figures(out: _Scorer, result: Json, expected: Json) -> None:
    if "figures" not in expected:  # the truth of a package may be about its papers alone
        return
    got = {_key(entry): entry for entry in result.get("figures", ())}
    for want in expected.get("figures", ()):
        key = _key(want)
        entry = got.pop(key, None)
        if entry is None:
            if want["state"] == "absent":
                out.count("figure", "right")
            else:
                out.add("figure", "missing", key, _shown(want), "nothing")
            continue
        equal = want["state"] == entry["state"] and _same_number(want["value"], entry["value"])
        out.value("figure", key, equal, _shown(want), _shown(entry), entry)
    for key, entry in got.items():
        if entry["state"] == "given":
            out.add("figure", "invented", key, "no such figure", _shown(entry), entry)


def _same_number(a: object, b: object) -> bool:
    if a is None or b is None:
        return a is b
    return Decimal(str(a)) == Decimal(str(b))


def _plain(text: object) -> str:
    folded = unicodedata.normalize("NFKC", str(text or ""))
    return "".join(char for char in folded if not char.isspace())


def _ticks(out: _Scorer, result: Json, expected: Json) -> None:
    got = {entry["field"]: entry for entry in result.get("ticks", ())}
    for want in expected.get("ticks", ()):
        entry = got.get(want["field"])
        ticked = {_plain(text) for text in want["ticked"]}
        options = {} if entry is None else {_plain(o["text"]): o for o in entry["options"]}
        for text in ticked - options.keys():
            out.add("tick", "missing", f"{want['field']}: {text}", "ticked", "nothing", entry or {})
        if entry is None and not ticked:
            out.add("tick", "missing", want["field"], "nothing ticked", "no such question")
        for text, option in options.items():
            equal = option["ticked"] == (text in ticked)
            name = f"{want['field']}: {option['text']}"
            out.value("tick", name, equal, str(text in ticked), str(option["ticked"]), entry or {})


def _texts(out: _Scorer, result: Json, expected: Json) -> None:
    got = {_key(entry): entry for entry in result.get("texts", ())}
    for want in expected.get("texts", ()):
        entry = got.get(_key(want))
        if entry is None:
            if want["state"] != "absent":
                out.add("text", "missing", _key(want), _shown(want), "nothing")
            continue
        equal = want["state"] == entry["state"] and _same_text(
            want["field"], want["value"], entry["value"]
        )
        out.value("text", _key(want), equal, _shown(want), _shown(entry), entry)


def _same_text(field: str, a: object, b: object) -> bool:
    a, b = _plain(a), _plain(b)
    if field.startswith("region_"):
        # 寿光 before a printed 市 and 寿光市 in a table are the same place
        a, b = (text[:-1] if text.endswith(("市", "县", "区")) else text for text in (a, b))
    return a == b


def _narratives(out: _Scorer, result: Json, expected: Json) -> None:
    got = {entry["field"]: entry for entry in result.get("narratives", ())}
    counted = ("characters", "characters_no_spaces", "limit")
    for want in expected.get("narratives", ()):
        entry = got.get(want["field"])
        if entry is None:
            out.add("narrative", "missing", want["field"], want["characters"], "nothing")
            continue
        shown = [", ".join(str(e[name]) for name in counted) for e in (want, entry)]
        off = abs(entry["characters"] - want["characters"])
        out.score.counts["narrative.off_by"] += off
        out.value("narrative", want["field"], shown[0] == shown[1], *shown, entry)


def _roles(out: _Scorer, result: Json, expected: Json) -> None:
    """What each file is: {file: role}, or entries of file and role."""
    told = expected.get("roles") or {}
    wanted = told if isinstance(told, dict) else {e["file"]: e["role"] for e in told}
    also = expected.get("roles_also") or {}
    for entry in result.get("files", ()):
        role = wanted.get(entry["file"])
        if role is None:
            continue
        equal = entry["role"] in (role, *also.get(entry["file"], ()))
        out.value("role", entry["file"], equal, role, entry["role"], {"needs_look": True})


def _findings(out: _Scorer, result: Json, expected: Json, form_only: bool) -> None:
    skipped = OF_BATCHES + (OF_PACKAGES if form_only else ())
    left = [f for f in result.get("findings", ()) if not f["rule"].startswith(skipped)]
    for want in expected.get("findings", ()):
        if want["rule"].startswith(skipped):
            continue
        same = [f for f in left if f["rule"] == want["rule"]]
        about = set(want.get("fields", ()))
        if about:
            # the one about exactly these fields, else the one that shares most
            same = [f for f in same if about & set(f["fields"])]
            same = sorted(same, key=lambda f: -_likeness(about, set(f["fields"])))[:1]
        name = f"{want['rule']} {' '.join(want.get('fields', ()))}".strip()
        if not same:
            out.add("finding", "missed", name, want["severity"], "nothing")
            continue
        out.count("finding", "found")
        for found in same:
            left.remove(found)
            if found["severity"] != want["severity"]:
                out.add("finding", "severity", name, want["severity"], found["severity"])
    for found in left:
        name = f"{found['rule']} {' '.join(found['fields'])}".strip()
        message = found["message"]["zh"]
        out.add("finding", f"false_{found['severity']}", name, "nothing", message)


def _likeness(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b)


# ------------------------------------------------------------------ many documents


def cases(paths: Iterable[Path]) -> Iterator[Case]:
    """Every document below the paths whose truth is known."""
    for path in paths:
        if path.is_file():
            found = [path]
        else:
            found = sorted({*path.rglob(EXPECTED), *path.rglob(f"*.{EXPECTED}")})
        for truth in found:
            expected = json.loads(truth.read_text(encoding="utf-8"))
            if truth.name == EXPECTED:
                yield Case(truth.parent, expected)
                continue
            stem = truth.name.removesuffix(f".{EXPECTED}")
            for ending in DOCUMENTS:
                document = truth.parent / (stem + ending)
                if document.is_file():
                    yield Case(document, expected)


def review(case: Case) -> Json:
    """The contract's JSON of the case, made in this process."""
    from extractor.pipeline import review_file

    return review_file(case.document, programme=case.programme, on=ON)


def score_case(case: Case, result: Json | None = None) -> Score:
    result = review(case) if result is None else result
    name = "/".join(case.document.parts[-2:])
    return score(result, case.expected, name, case.form_only)


def _from_file(results: Path, case: Case, known: dict[str, Json]) -> Score:
    result = known.get(str(case.document.resolve())) or known.get(case.document.stem)
    if result is None:
        raise SystemExit(f"{results} has no result for {case.document}")
    return score_case(case, result)


def _known(results: Path) -> dict[str, Json]:
    """Results by their path and by the name of their submission."""
    known = {}
    for line in results.read_text(encoding="utf-8").splitlines():
        if line.strip():
            result = json.loads(line)
            known[result["submission"]] = result
            known[str(Path(result["path"]).resolve())] = result
    return known


_SUMMARY = (
    ("figures", "figure", ("right", "wrong", "missing", "invented", "silent", "right_but_look")),
    ("tick boxes", "tick", ("right", "wrong", "missing", "silent", "right_but_look")),
    ("texts", "text", ("right", "wrong", "missing", "silent")),
    ("narrative counts", "narrative", ("right", "wrong", "missing", "off_by")),
    ("roles of files", "role", ("right", "wrong")),
    ("findings", "finding", ("found", "missed", "severity")),
    ("false findings", "finding", ("false_error", "false_warning", "false_notice")),
    ("programme", "programme", ("wrong",)),
)


def summary(total: Score) -> str:
    lines = [f"{total.documents} documents"]
    for title, kind, verdicts in _SUMMARY:
        parts = (f"{v.replace('_', ' ')} {total.counts[f'{kind}.{v}']}" for v in verdicts)
        lines.append(f"{title:17} " + ", ".join(parts))
    each = max(total.documents, 1)
    errors, warnings = (total.counts[f"finding.false_{s}"] / each for s in ("error", "warning"))
    lines.append(f"per submission    false errors {errors:.2f}, false warnings {warnings:.2f}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.scoring", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--results", type=Path, help="score this JSON Lines file instead")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--quiet", action="store_true", help="only the summary")
    options = parser.parse_args(arguments)
    found = list(cases(options.paths))
    if not found:
        parser.error("no document with an expected.json there")
    total = Score()
    if options.results:
        known = _known(options.results)
        scores: Iterable[Score] = (_from_file(options.results, case, known) for case in found)
    elif options.jobs > 1:
        with ProcessPoolExecutor(options.jobs) as pool:
            scores = list(pool.map(score_case, found))
    else:
        scores = map(score_case, found)
    for one in scores:
        total += one
        for difference in () if options.quiet else one.differences:
            print(difference)
    print(summary(total))
    return 1 if total.differences else 0


if __name__ == "__main__":
    sys.exit(main())
