"""Refuses a programme file that says something its regulation does not, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from models.form import Form, form_ids, load_form
from models.loading import strict_yaml
from models.loading.case_validation import check_cases
from models.loading.source import date_fault, quote_fault, squeezed, threshold_fault
from models.loading.strict_yaml import Place
from models.programme import (
    COMPARISONS,
    OPERANDS,
    YEARS,
    ProgrammeError,
    merged,
    read_programme,
    sibling,
    source_path,
)
from models.wording import Bilingual, say

CITED = ("article", "quote")
TEXTS = ("id", "name", "title", "number", "office", "form")
SECTIONS = ("in_force", "deadline", "quota", "materials", "relaxation", "criteria")
TELLING = ("recognised_by", "chosen_by_hand")
TOP = (*TEXTS, "like", "criteria_of", *TELLING, *SECTIONS)
RULE = re.compile(r"criterion\.[a-z0-9]+(-[a-z0-9]+)*")
ROLES = (
    "application_form", "summary_table", "recommendation_letter", "plan", "introduction",
    "self_evaluation", "list", "declaration", "evidence", "other",
)  # fmt: skip
FORMATS = ("pdf", "word")
SEVERITIES = ("error", "warning", "notice")
REGIONS = ("全市", "全省", "全国")
TESTS = (*COMPARISONS, "ticked")


def validate(path: Path, within: tuple[Path, ...] = ()) -> list[ProgrammeError]:
    """Everything wrong with a programme file, its source.txt and its cases.yaml.

    `within` are the files that take from this one, so that a circle is noticed.
    """
    content = strict_yaml.read(path)
    errors = [ProgrammeError(str(path), f.line, f.message) for f in content.faults]
    if errors:
        return errors
    if not isinstance(content.data, dict):
        return [ProgrammeError(str(path), 1, say("the file is no list of keys and values"))]
    checker = _Checker(path, content, (*within, path.resolve()))
    checker.top()
    if not checker.errors:
        own = read_programme(path)
        stated = len(content.data.get("criteria", ()))
        # Those taken from another programme come first, and have their cases there.
        criteria = own.criteria[-stated:] if stated else ()
        lines = [(c, content.line(("criteria", i))) for i, c in enumerate(criteria)]
        checker.errors += check_cases(path, lines, load_form(own.form))
    return sorted(checker.errors, key=lambda e: (e.file, e.line))


class _Checker:
    def __init__(self, path: Path, content: strict_yaml.Content, within: tuple[Path, ...]) -> None:
        self.path = path
        self.within = within
        self.content = content
        self.data: dict[str, Any] = content.data
        self.errors: list[ProgrammeError] = []
        self.source = ""
        self.form: Form | None = None

    def error(self, place: Place, message: Bilingual) -> None:
        self.errors.append(ProgrammeError(str(self.path), self.content.line(place), message))

    def keys(
        self, entry: Any, place: Place, allowed: Iterable[str], needed: Iterable[str] = ()
    ) -> bool:
        """Whether an entry has the keys it needs and no others."""
        if not isinstance(entry, dict):
            self.error(place, say("keys and values are expected here"))
            return False
        good = True
        allowed = tuple(allowed)
        for key in entry:
            if key not in allowed:
                self.error(
                    (*place, key),
                    say("unknown key “{key}” (known: {keys})", key=key, keys=", ".join(allowed)),
                )
                good = False
        for key in needed:
            if entry.get(key) in (None, "", []):
                self.error(place, say("“{key}” is missing", key=key))
                good = False
        return good

    def top(self) -> None:
        base = "like" in self.data
        needed = ["id", "name"] if base else ["id", "name", "title", "form"]
        if not self.keys(self.data, (), TOP, needed) or not self._included():
            return
        for key in TEXTS:
            if key in self.data and not isinstance(self.data[key], str):
                self.error((key,), say("“{key}” must be text", key=key))
                return
        words = self.data.get("recognised_by", [])
        if not isinstance(words, list) or not all(isinstance(w, str) and w for w in words):
            self.error(
                ("recognised_by",), say("“{key}” must be a list of words", key="recognised_by")
            )
        if not isinstance(self.data.get("chosen_by_hand", False), bool):
            self.error(
                ("chosen_by_hand",), say("“{key}” must be true or false", key="chosen_by_hand")
            )
        if (
            self.path.name == "programme.yaml"
            and self.path.resolve().parent.name != self.data["id"]
        ):
            self.error(("id",), say("the id is not the name of the file's folder"))
        whole = merged(self.path)[0]
        if whole.get("form") not in form_ids():
            self.error(("form",), say("there is no form “{form}”", form=whole.get("form")))
            return
        self.form = load_form(whole["form"])
        source = source_path(self.path)
        if not source.is_file():
            self.error((), say("source.txt, from which the words are quoted, is missing"))
            return
        self.source = source.read_text(encoding="utf-8")
        if not any(k in whole for k in ("criteria", "criteria_of", "deadline", "materials")):
            self.error((), say("“{key}” is missing", key="criteria"))
        self._in_force()
        self._deadline()
        self._quota()
        self._materials()
        self._relaxation()
        self._criteria()

    def _included(self) -> bool:
        for key in ("like", "criteria_of"):
            if key not in self.data:
                continue
            other = sibling(self.path, str(self.data[key]))
            if not other.is_file() or other.resolve() in self.within:
                self.error((key,), say("there is no programme “{id}”", id=self.data[key]))
                return False
            faults = validate(other, self.within)
            if faults:
                first = f"{faults[0].file}:{faults[0].line}"
                self.error(
                    (key,), say("the programme it takes from is refused ({place})", place=first)
                )
                return False
        return True

    def cited(self, entry: dict[str, Any], place: Place) -> bool:
        """Whether the quote stands in the source to the letter, and in the article named."""
        fault = quote_fault(self.source, entry["article"], entry["quote"])
        if fault:
            self.error((*place, fault[0]), fault[1])
        return fault is None

    def day(self, entry: dict[str, Any], key: str, place: Place) -> bool:
        fault = date_fault(entry[key], entry["quote"], str(entry.get("dated", "")))
        if fault:
            self.error((*place, key), fault)
        return fault is None

    def threshold(self, operator: str, number: Any, unit: str, quote: str, place: Place) -> None:
        fault = threshold_fault(operator, number, unit, quote)
        if fault:
            self.error(place, fault)

    # ------------------------------------------------------------ sections

    def _in_force(self) -> None:
        entry, place = self.data.get("in_force"), ("in_force",)
        if entry is None or not self.keys(entry, place, ("from", "to", *CITED), CITED):
            return
        if not self.cited(entry, place):
            return
        days = [k for k in ("from", "to") if entry.get(k) is not None]
        good = [k for k in days if self.day(entry, k, place)]
        if len(good) == 2 and entry["from"] > entry["to"]:
            self.error((*place, "to"), say("it ends before it begins"))

    def _deadline(self) -> None:
        entry, place = self.data.get("deadline"), ("deadline",)
        keys = ("date", "field", "severity", *CITED)
        if entry is None or not self.keys(entry, place, (*keys, "dated"), keys):
            return
        if "dated" in entry and squeezed(str(entry["dated"])) not in squeezed(self.source):
            fault = say("“{quote}” does not stand in source.txt", quote=entry["dated"])
            self.error((*place, "dated"), fault)
        if self.cited(entry, place):
            self.day(entry, "date", place)
        self._field(entry["field"], (*place, "field"), ("date",))
        self._severity(entry["severity"], (*place, "severity"))

    def _quota(self) -> None:
        entry, place = self.data.get("quota"), ("quota",)
        keys = ("clusters", "per", *CITED)
        if entry is None or not self.keys(entry, place, keys, keys):
            return
        if entry["per"] != "city":
            self.error((*place, "per"), say("“{value}” is not known here", value=entry["per"]))
        if self.cited(entry, place):
            self.threshold("at_most", entry["clusters"], "", entry["quote"], (*place, "clusters"))

    def _materials(self) -> None:
        entries = self._list("materials")
        seen: set[str] = set()
        needed = ("id", "role", "name", *CITED)
        for i, entry in enumerate(entries):
            place: Place = ("materials", i)
            if not self.keys(entry, place, (*needed, "required", "format", "words"), needed):
                continue
            if entry.get("format", FORMATS[0]) not in FORMATS:
                self.error(
                    (*place, "format"), say("“{value}” is not known here", value=entry["format"])
                )
            if entry["role"] not in ROLES:
                self.error(
                    (*place, "role"), say("“{value}” is not known here", value=entry["role"])
                )
            if str(entry["id"]) in seen:
                self.error((*place, "id"), say("the id “{id}” is doubled", id=entry["id"]))
            seen.add(str(entry["id"]))
            if not isinstance(entry.get("required", True), bool):
                self.error((*place, "required"), say("true or false is expected here"))
            self.cited(entry, place)

    def _relaxation(self) -> None:
        entry, place = self.data.get("relaxation"), ("relaxation",)
        keys = ("claimed_in", "first_in", "leading_in", "applies_to", *CITED)
        if entry is None or not self.keys(entry, place, keys, keys):
            return
        self._field(entry["claimed_in"], (*place, "claimed_in"), ("narrative",))
        if self.cited(entry, place):
            for key in ("first_in", "leading_in"):
                if entry[key] not in REGIONS or entry[key] not in squeezed(entry["quote"]):
                    self.error(
                        (*place, key),
                        say("the quoted words do not name {value}", value=entry[key]),
                    )
        rules = merged(self.path)[0].get("criteria")
        rules = rules if isinstance(rules, list) else []
        known = [c.get("rule") for c in rules if isinstance(c, dict)]
        applies = entry["applies_to"]
        for rule in applies if isinstance(applies, list) else [applies]:
            if rule not in known:
                self.error((*place, "applies_to"), say("there is no criterion {rule}", rule=rule))

    def _criteria(self) -> None:
        for i, entry in enumerate(self._list("criteria")):
            place: Place = ("criteria", i)
            operators = (*OPERANDS, *TESTS, "falls_every_year", "any_of")
            allowed = ("rule", "years", "severity", "none_is_zero", *CITED, *operators)
            if not self.keys(entry, place, allowed, ("rule", "severity", *CITED)):
                continue
            if not RULE.fullmatch(str(entry["rule"])):
                self.error(
                    (*place, "rule"),
                    say("“{rule}” is no rule of the form criterion.some-words", rule=entry["rule"]),
                )
            if not isinstance(entry.get("none_is_zero", False), bool):
                self.error((*place, "none_is_zero"), say("true or false is expected here"))
            self._severity(entry["severity"], (*place, "severity"), entry.get("years"))
            quoted = self.cited(entry, place)
            if "any_of" in entry:
                if not isinstance(entry["any_of"], list) or len(entry["any_of"]) < 2:
                    self.error((*place, "any_of"), say("two or more conditions are expected here"))
                    continue
                if any(k in entry for k in operators[:-1]):
                    self.error(place, say("any_of stands instead of a condition, not beside one"))
                    continue
                for j, one in enumerate(entry["any_of"]):
                    inner: Place = (*place, "any_of", j)
                    if self.keys(one, inner, operators[:-1]):
                        self._condition(one, inner, entry, quoted)
            else:
                self._condition(entry, place, entry, quoted)

    def _condition(
        self, entry: dict[str, Any], place: Place, criterion: dict[str, Any], quoted: bool
    ) -> None:
        operands = [k for k in (*OPERANDS, "falls_every_year") if k in entry]
        tests = [k for k in TESTS if k in entry]
        wanted = 0 if operands == ["falls_every_year"] else 1
        if len(operands) != 1 or len(tests) != wanted:
            self.error(
                place,
                say(
                    "one of {operands} with one of {tests} is expected, or falls_every_year",
                    operands=", ".join(OPERANDS),
                    tests=", ".join(TESTS),
                ),
            )
            return
        operand, years = operands[0], criterion.get("years")
        fields = entry[operand]
        if (operand == "sum_of") != isinstance(fields, list):
            self.error(
                (*place, operand), say("sum_of takes a list of fields, the others one field")
            )
            return
        types = ("ticks",) if "ticked" in entry else ("number", "integer")
        several = fields if isinstance(fields, list) else [fields]
        if len([f for f in several if self._field(f, (*place, operand), types)]) < len(several):
            return
        assert self.form is not None
        for field in several:
            self._years(bool(self.form.field(field).years), operand, years, place)
        if "ticked" in entry:
            self._options(entry["ticked"], several[0], (*place, "ticked"))
        elif tests and quoted:
            unit = "%" if operand == "growth_of" else self.form.field(several[0]).unit or ""
            number = entry[tests[0]]
            self.threshold(tests[0], number, unit, criterion["quote"], (*place, tests[0]))

    def _years(self, yearly: bool, operand: str, years: Any, place: Place) -> None:
        series = operand in ("average_of", "growth_of", "falls_every_year")
        if years is not None and years not in YEARS:
            self.error((*place, "years"), say("“{value}” is not known here", value=years))
        elif not yearly and (years is not None or series):
            self.error((*place, "years"), say("the field is not asked for every year"))
        elif yearly and years is None:
            self.error(place, say("the field is asked for every year: “years” is missing"))
        elif yearly and (years == "all") != series:
            self.error(
                (*place, "years"),
                say(
                    "years: all goes with average_of, growth_of and falls_every_year, "
                    "and only there"
                ),
            )

    def _options(self, options: Any, field: str, place: Place) -> None:
        assert self.form is not None
        known = self.form.field(field).options
        for option in options if isinstance(options, list) and options else [options]:
            if option not in known:
                self.error(
                    place,
                    say(
                        "the form has no option “{option}” ({options})",
                        option=option,
                        options=" / ".join(known),
                    ),
                )

    # ------------------------------------------------------------ small things

    def _list(self, key: str) -> list[Any]:
        entries = self.data.get(key, [])
        if isinstance(entries, list):
            return entries
        self.error((key,), say("a list is expected here"))
        return []

    def _field(self, field: Any, place: Place, types: tuple[str, ...]) -> bool:
        assert self.form is not None
        if not isinstance(field, str) or not self.form.has(field):
            self.error(
                place, say("the form {form} has no field “{field}”", form=self.form.id, field=field)
            )
            return False
        if self.form.field(field).type not in types:
            self.error(
                place,
                say(
                    "“{field}” is of the type {type}; {types} is expected",
                    field=field,
                    type=self.form.field(field).type,
                    types=" / ".join(types),
                ),
            )
            return False
        return True

    def _severity(self, value: Any, place: Place, years: Any = None) -> None:
        several = [value]
        if isinstance(value, dict):
            if not self.keys(value, place, ("last", "earlier"), ("last", "earlier")):
                return
            if years != "each":
                self.error(place, say("a severity by year goes with years: each"))
            several = [value["last"], value["earlier"]]
        for one in several:
            if one not in SEVERITIES:
                self.error(place, say("“{value}” is not known here", value=one))
