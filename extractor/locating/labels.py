"""Which printed label of a form a piece of text is, whatever its spacing, brackets and numbering.

Fuzzy matching finds labels only, never values.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz, process

from models.form import Form, load_form, short_label
from models.writing.folding import VARIANTS
from models.writing.units import asked

ACCEPT = 80.0
"""Below this a piece of text is not a label (rapidfuzz ratio, 0 to 100)."""
SHORTENED = 82.0
"""A shortening of one label only: right most of the time, and always looked at."""
_MEASURES = "数量率比额度速值例强积额"
NUMBERED = 75.0
"""How like a section's title a line is that begins with its number, at least."""
CLEAR = 90.0
"""From here on nobody would call it another label."""
REMEMBERED = 5_000
"""Texts whose reading is kept: a document asks for each several times."""
LONGEST = 140
"""Folded labels are no longer than this; longer text is not compared."""

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = r"(?:19|20)\d\d"
_ONLY_YEAR = re.compile(rf"({_YEAR})(年|年度|年末|年底|年数|年数据|年度数据)?")
_ANY_YEAR = re.compile(rf"({_YEAR})年(?:度|末|底)?|\(({_YEAR})\)")
_CHINESE_YEAR = re.compile(r"[二一][〇○零九][〇○零一二三四五六七八九]{2}年")
_COLUMN = re.compile(
    rf"\(?(?:{_YEAR}年?(?:度|末|底)?)?\(?(?:基准|目标|现状|基数|基期|预期|规划|预计|实际)(?:值|数|数值)?"
    rf"\)?(?:\(?{_YEAR}年?(?:度|末|底)?\)?)?(?:\([^()]{{1,8}}\))?"
)
_SERIAL = re.compile(
    r"^\s*(?:[（(]\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）]|[①-⑳]"
    r"|(?:[一二三四五六七八九十]{1,3}|\d{1,2}(?:\.\d{1,2})*)\s*[、.．:：)）](?!\d)"
    r"|\d{1,2}(?:\.\d{1,2})+\s+|第[一二三四五六七八九十]+[部章节][分]?)\s*"
)
_PREFIX = re.compile(r"^(?:其中|集群内|产业集群|特色产业集群|集群|本集群)")
_SUFFIX = re.compile(r"(?:数量|个数|户数|家数|总数|件数|项数|情况|数|额)$")
_LEVELS = re.compile(
    r"[—–\-→>·|/](?=[^—–\-→>·|/]+$)([^—–\-→>·|/]{2,30})$|^[^:\d□☐☑]{4,24}:([^:]{4,})$"
)
_REFERENCE = re.compile(
    r"[\[［【(（]\s*注\s*\d{0,2}\s*[\]］】)）]|[\[［【]\s*\d{1,2}\s*[\]］】]"
    r"|(?<![mM米\s])[⁰¹²³⁴-⁹]+|(?<=\S)[①-⑳]\s*(?=$|[(（])"
)
"""What refers to a footnote."""
_NONE_AT_END = re.compile(r"[\s:：_＿](?:[—－–-]+|[/／]|无)\s*$")
_CUT = re.compile(r"[:：_＿☑☐\n]+")
_LIMIT = re.compile(r"[(（][^()（）]{0,12}字以内[)）]")
_UNIT = re.compile(r"[(（]\s*(?:单位[:：]?\s*)?([^()（）]{1,10})[)）]\s*$")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """The letters, digits and ideographs of a text: no spacing, punctuation or brackets."""
    text = unicodedata.normalize("NFKC", text).lower().translate(VARIANTS)
    return "".join(c for c in text if c.isalnum() or c == "%")


@lru_cache(maxsize=20_000)
def core(text: str) -> str:
    """`fold` without serial number, and without the unit or limit in brackets at the end."""
    text = _SERIAL.sub("", text, count=1)
    text = re.sub(r"\s+", "", text).rstrip(":：_＿—-")
    return fold(short_label(text)) or fold(text)


def extract(text: str, choices: list[str], score_cutoff: float) -> list[tuple[str, float, int]]:
    """All choices at least as similar to the text as the cutoff, with score and index."""
    return process.extract(
        text, choices, scorer=fuzz.ratio, processor=None, limit=None, score_cutoff=score_cutoff
    )


def in_order(short: str, long: str) -> bool:
    """Whether the characters of the one stand in the other in the same order."""
    rest = iter(long)
    return all(c in rest for c in short)


@lru_cache(maxsize=5_000)
def _digits(key: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+", key))


def _stem(key: str) -> str:
    return _SUFFIX.sub("", _PREFIX.sub("", key))


@dataclass(frozen=True, slots=True)
class Heading:
    """What a label cell says: the labels it may be, and the year or target column it names."""

    text: str
    labels: tuple[tuple[str, float], ...] = ()
    """(core of a printed label, score), best first; all within a few points of the best."""
    year: str | None = None
    column: str | None = None
    """The target column (2026 年目标值): a year that is not a year of the figures."""
    unit: str | None = None
    """A unit in brackets at the end."""
    generic: bool = False
    """A word of the form's frame (年度, 类别, 其中): it names no field by itself."""

    def score(self, label: str) -> float:
        for key, score in self.labels:
            if key == label:
                return score
        return 0.0

    @property
    def names_field(self) -> bool:
        return bool(self.labels) and not self.generic


@dataclass(frozen=True, slots=True)
class _Spelling:
    key: str
    full: str
    core: str
    stem: str


class Vocabulary:
    """The printed labels of one form, to be recognised in what was typed."""

    def __init__(self, form: Form) -> None:
        self.form = form
        segments: dict[str, _Spelling] = {}
        self.own: set[str] = set()
        """Labels that belong to a field's path."""
        self.last: dict[str, list[str]] = {}
        """Last level of a path → the field ids it may be."""
        self.paths: dict[str, list[tuple[str, ...]]] = {}
        """By field id, the levels of its label in each wording."""
        for f in form.fields:
            self.paths[f.id] = [tuple(core(s) for s in path) for path in f.paths]
            for path in f.paths:
                for segment in path:
                    self._add(segments, segment)
                    self.own.add(core(segment))
                ids = self.last.setdefault(core(path[-1]), [])
                if f.id not in ids:
                    ids.append(f.id)
        self.whole = {p[0] for paths in self.paths.values() for p in paths if len(p) == 1}
        """Labels that say by themselves what a field asks."""
        narratives = [f for f in form.fields if f.type == "narrative"]
        self.narrated = {core(path[-1]) for f in narratives for path in f.paths}
        """Labels whose answer is prose, in which other labels' words mean nothing."""
        self.ticked = {core(p[-1]) for f in form.fields if f.type == "ticks" for p in f.paths}
        figures = [f for f in form.fields if f.type in ("number", "integer")]
        self.figures = {core(path[-1]) for f in figures for path in f.paths}
        self.long_narratives = {
            core(path[-1]): f.section
            for f in narratives
            if (f.limit or 0) > 1000
            for path in f.paths
        }
        """Labels of the narratives with a section of their own → that section."""
        self.sections = {core(s): s for s in form.sections}
        self.narrated_sections = {f.section for f in narratives if core(f.section) in self.narrated}
        self.closing = {core(c) for c in form.closing} | {fold(c) for c in form.closing}
        for words in (form.headings, form.sections, form.closing):
            for word in words:
                self._add(segments, word)
        self.segments = list(segments.values())
        self.exact: dict[str, list[str]] = {}
        for s in self.segments:
            for spelling in {s.full, s.core}:
                keys = self.exact.setdefault(spelling, [])
                if s.key not in keys:
                    keys.append(s.key)
        self._fulls = [s.full for s in self.segments]
        self._cores = [s.core for s in self.segments]
        self._stems = [s.stem for s in self.segments]
        self._anagrams: dict[str, list[int]] = {}
        for i, s in enumerate(self.segments):
            for spelling in {s.full, s.core}:
                self._anagrams.setdefault("".join(sorted(spelling)), []).append(i)
        self._cache: dict[str, Heading | None] = {}
        self._opened: dict[str, str | None] = {}
        self._printed = self._patterns(form)

    @staticmethod
    def _add(segments: dict[str, _Spelling], segment: str) -> None:
        key = core(segment)
        if key:
            segments[f"{key}/{fold(segment)}"] = _Spelling(key, fold(segment), key, _stem(key))

    @staticmethod
    def _patterns(form: Form) -> list[re.Pattern[str]]:
        return [loose(n) for n in sorted(form.notes, key=len, reverse=True)]

    # ------------------------------------------------------------------ reading

    def read(self, text: str) -> Heading | None:
        """The label a piece of text is, or None where it is no label of this form."""
        if text in self._cache:
            return self._cache[text]
        heading = self._read(text)
        if len(self._cache) >= REMEMBERED:
            self._cache.clear()
        self._cache[text] = heading
        return heading

    def _read(self, text: str) -> Heading | None:
        bare = _REFERENCE.sub("", text)
        if bare.strip():
            found = self._read_bare(bare)
            return replace(found, text=text) if found is not None and bare != text else found
        return self._read_bare(text)

    def _read_bare(self, text: str) -> Heading | None:
        compact = unicodedata.normalize("NFKC", re.sub(r"\s+", "", text))
        compact = _CHINESE_YEAR.sub(lambda m: m.group().translate(_DIGITS), compact)
        if not compact or len(compact) > LONGEST + 40:
            return None
        alone = _SERIAL.sub("", compact, count=1)
        unit = _UNIT.search(alone)  # 2021年(万元)
        if unit is not None and asked(unit.group(1)) is None:
            unit = None
        if m := _ONLY_YEAR.fullmatch(alone[: unit.start() if unit else None].strip("():")):
            return Heading(
                text, year=m.group(1), unit=unit.group(1) if unit else None, generic=True
            )
        year = None
        if m := _ANY_YEAR.search(compact):
            year = m.group(1) or m.group(2)
        if _COLUMN.fullmatch(compact.rstrip(":")):
            return Heading(text, column=year or _target(compact, self.form), generic=True)
        if self._holds_value(text):
            return None
        labels = self._labels(_SERIAL.sub("", text, count=1))
        if not labels or labels[0][1] < CLEAR:
            bare = _ANY_YEAR.sub("年", compact, count=1) if year else ""
            for other in (bare, bare.replace("年", "", 1)):
                found = self._labels(other) if other else ()
                if found and (not labels or found[0][1] > labels[0][1]):
                    labels = found
        else:
            year = None if _ANY_YEAR.search(labels[0][0]) else year
        if (not labels or labels[0][1] < CLEAR) and (m := _LEVELS.search(compact)):
            # 主要经济效益—营业收入, 数字化新模式推广情况：应用情况: the last level counts
            found = self._labels(m.group(1) or m.group(2))
            if found and found[0][1] >= CLEAR:
                labels = found
        if not labels:
            return None
        unit = _UNIT.search(compact)
        return Heading(
            text,
            labels,
            year=year,
            unit=unit.group(1) if unit else None,
            generic=all(key not in self.own for key, _ in labels),
        )

    def _holds_value(self, text: str) -> bool:
        """A label followed by a colon, a line break, a blank to fill or a box, and by more."""
        if _NONE_AT_END.search(text):
            return True
        if fold(text) in self.exact or core(text) in self.exact:
            return False
        whole = self._labels(text)
        for cut in list(_CUT.finditer(text))[:6]:
            rest = text[cut.end() :]
            label = _SERIAL.sub("", text[: cut.start()], count=1)
            if not any(c.isalnum() for c in _LIMIT.sub("", rest)) or fold(label) == "其中":
                continue
            before = self._labels(label)
            if before and before[0][0] not in self.whole and cut.group().strip() in (":", "："):
                asked_then = self._labels(rest)
                if asked_then and asked_then[0][1] >= CLEAR:
                    continue  # an upper level and, behind its colon, the label
            if before and before[0][1] >= CLEAR and (not whole or before[0][1] > whole[0][1]):
                return True
        return False

    def _labels(self, text: str) -> tuple[tuple[str, float], ...]:
        full, short = fold(text), core(text)
        if not short or len(short) > LONGEST:
            return ()
        if short.isdigit() or not any(c.isalpha() for c in short):
            return ()
        hits: dict[str, float] = {}
        for spelling in (full, short):
            for key in self.exact.get(spelling, ()):
                hits[key] = 100.0
        if not hits:
            hits = self._fuzzy(full, short)
        if not hits:
            return ()
        best = max(hits.values())
        near = [(k, s) for k, s in hits.items() if s >= best - 2.0]
        return tuple(sorted(near, key=lambda pair: -pair[1]))

    def _fuzzy(self, full: str, short: str) -> dict[str, float]:
        """Printed labels that differ from the text by a few characters, each with its score."""
        hits: dict[str, float] = {}
        digits = _digits(short)

        def keep(index: int, score: float) -> None:
            s = self.segments[index]
            # A number that no label has is a value. Two or three characters carry no room for
            # a typing error: 研发 is not 检测.
            if score >= ACCEPT and score > hits.get(s.key, 0.0) and not digits - _digits(s.full):
                hits[s.key] = score

        if len(short) > 3:
            for text, choices in ((full, self._fulls), (short, self._cores)):
                for _, score, i in extract(text, choices, score_cutoff=ACCEPT):
                    if len(self._cores[i]) > 3:
                        keep(i, score)
            # the same words in another order are the same: 高新技术企业（国家级）数量
            for i in self._anagrams.get("".join(sorted(full)), ()):
                keep(i, 95.0)
            for i in self._anagrams.get("".join(sorted(short)), ()):
                keep(i, 95.0)
        stem = _stem(short)
        if len(stem) > 1:
            for _, score, i in extract(stem, self._stems, score_cutoff=ACCEPT):
                if stem == self._stems[i]:
                    keep(i, 97.0)
                elif min(len(stem), len(self._stems[i])) > 3:
                    keep(i, 0.97 * score)
        if max(hits.values(), default=0.0) < CLEAR - 4:
            best = max(hits.values(), default=SHORTENED)
            hits |= dict.fromkeys(self._shortened(short).keys() - hits.keys(), best)
        return hits

    def _shortened(self, short: str) -> dict[str, float]:
        """The one printed label that the text is a shortening of (研发人员占比, 小巨人企业数量).

        Its characters stand in the label in the same order, and it ends in a word of measure.
        Never a clear match: a person is asked to look.
        """
        stem = _SUFFIX.sub("", short)
        if len(stem) < 4 or short[-1] not in _MEASURES:
            return {}
        lengths = {
            s.key: len(s.core)
            for s in self.segments
            if s.key in self.figures and in_order(stem, s.core)
        }
        ranked = sorted(lengths, key=lambda key: lengths[key])
        if len(ranked) > 1 and lengths[ranked[1]] < 1.3 * lengths[ranked[0]]:
            return {}
        return dict.fromkeys(ranked[:1], SHORTENED)

    # ------------------------------------------------------------------ the form's own print

    def section(self, text: str) -> str | None:
        """The section a heading opens, or None; "" for what stands behind the last field."""
        if len(text) > 60:
            return None
        if text not in self._opened:
            if len(self._opened) >= REMEMBERED:
                self._opened.clear()
            self._opened[text] = self._section(text)
        return self._opened[text]

    def _section(self, text: str) -> str | None:
        compact = core(text)
        if not compact:
            return None
        if compact in self.closing or fold(text) in self.closing:
            return ""
        for key, opened in (*self.sections.items(), *((c, "") for c in self.closing)):
            if len(key) > (2 if opened else 5) and fuzz.ratio(compact, key) >= 88:
                return opened
        serial = _SERIAL.match(text)
        for title in (*self.form.sections, *self.form.closing):
            if serial is not None and title.startswith(serial.group().strip()):
                key = core(title)  # with its number, two letters may be misread
                if len(key) == len(compact) > 5 and fuzz.ratio(compact, key) >= NUMBERED:
                    return "" if title in self.form.closing else title
        return None

    def without_notes(self, text: str) -> str:
        """A cell's text without the remarks the blank form prints in it."""
        for pattern in self._printed:
            text = pattern.sub("", text)
        return text

    def guidance(self, field: str) -> list[re.Pattern[str]]:
        return [loose(g) for g in self.form.guidance_of(field)]


def _target(compact: str, form: Form) -> str | None:
    """Which target column 基准值 or 目标值 without a year is."""
    columns = next((f.columns for f in form.fields if f.columns), ())
    if not columns:
        return None
    return columns[-1] if re.search("目标|预期|规划", compact) else columns[0]


_LOOSE = {"(": "[(（]", ")": "[)）]", "（": "[(（]", "）": "[)）]", "，": "[,，]", ",": "[,，]"}
_LOOSE |= {":": "[:：]", "：": "[:：]", "。": "[。.]?", "“": '[“"＂]', "”": '[”"＂]'}


@lru_cache(maxsize=500)
def loose(phrase: str) -> re.Pattern[str]:
    """A printed phrase as a pattern that ignores spacing and the width of punctuation, and one
    that stands in brackets also where a scan has lost either of them."""
    solid = [c for c in phrase if not c.isspace()]
    chars = [_LOOSE.get(c, re.escape(c)) for c in solid]
    if len(solid) > 20 and solid[0] in "(（" and solid[-1] in ")）":
        chars[0], chars[-1] = chars[0] + "?", chars[-1] + "?"
    return re.compile(r"\s*".join(chars))


@lru_cache(maxsize=8)
def vocabulary(form_id: str) -> Vocabulary:
    return Vocabulary(load_form(form_id))
