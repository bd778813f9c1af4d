"""A self-evaluation report → answers: its indicators, wherever they stand, as at one day.

What tables say of an indicator comes before what sentences say; both are kept, so that the rules
can hold them against one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from extractor.evaluation.days import day_of
from extractor.evaluation.projects import paragraphs, read_projects
from extractor.evaluation.tables import Stated, stated_in_tables
from extractor.locating.labels import vocabulary
from models.form import Field, Form
from models.types import (
    Answer,
    Application,
    Cell,
    Document,
    Evidence,
    Mention,
    NarrativeAnswer,
    Paragraph,
)
from models.values import read_date, read_text
from models.wording import Bilingual, say
from models.writing.folding import normalise

_AS_OF = re.compile(
    r"截[至止]|数据|指标|口径|现[将就].{0,40}如下|(?:自评|评价|发展|运行).{0,6}(?:报告|汇报)如下"
)
_CHANGED = r"(?:增加|增长|提高|提升|发展|上升|扩大|壮大|下降|减少|降低|升|增|降)(?:到|至|为)"
_FROM = re.compile(rf"\s*[，,]?\s*{_CHANGED}")
_REACHED = re.compile(rf"由[^。；;]*?{_CHANGED}")
_NONE = r"(?:暂无|尚无|没有|均?无)"
_MARK = r"(?:无|[—–－-]{1,3}|/)"
"""Behind a label and its colon."""
_TITLE = re.compile(r"([一-鿿（）()]{2,30}?(?:特色)?产业集群)")
_LABELLED = re.compile(r"^\s*([^:：\n]{2,14})\s*[:：]\s*(\S.*)$")
_ITEM = re.compile(r"^[ \u3000\t]*\d{1,2}[.．、](?=[^\d\s])", re.MULTILINE)
"""The number of an item, which says nothing of the figure behind it."""
_COMPARED = re.compile(
    r"[（(][^（）()]*年[^（）()]*?\d\s*(?:亿|万|%|％|家|户|个|人|元|台|项)[^（）()]*[)）]"
)
"""Another year's figure in brackets behind one: （2020年为6.91亿元）."""
_PRESENT = re.compile(r"目前|当前|现阶段|至今")
TITLE_BLOCKS = 12
ROLE, PROJECT = "self_evaluation", "typical_project"
SHORT = 14
"""A cell with a shorter text is a label or a value, no sentence …"""
_COUNTED = re.compile(r"[一-鿿]{3,}\d[\d.,，]*(?:万|亿)?(?:家|户|个|人|项|元|台|%|％)")
"""… but 瞪羚企业4家 is one."""


def read_report(document: Document, form: Form) -> Application:
    """Everything the document answers of a report form; what it does not state is `absent`."""
    stated = stated_in_tables(document, form)
    projects = read_projects(document, form)
    named = _name_in_title(document)
    mentions = _in_sentences(document, form, projects, named[0] if named else "")
    dated = _says_its_day(document, form)
    answers: list[Answer] = []
    kept: list[Mention] = []
    for field in form.fields:
        if field.type in ("number", "integer"):
            tabled = [s for s in stated if s.field == field.id and s.day != "other"]
            said = [m for m in mentions if m.field == field.id]
            answer = _figure(field, tabled, said, dated, document)
            answers.append(_none_said(field, document) or answer if not tabled + said else answer)
            # What only may be meant is offered as an answer, not held against another.
            kept += [replace(m, period=None) for m in said if m.sure and (m.period or dated)]
        elif field.type != "narrative":
            answers.append(_text(field, document, form))
    return Application(
        form=form.id,
        answers=tuple(answers),
        narratives=tuple(projects),
        problems=tuple((document.file, p) for p in document.problems),
        mentions=tuple(kept),
    )


# ------------------------------------------------------------------ figures


def _figure(
    field: Field, tabled: Sequence[Stated], said: Sequence[Mention], dated: bool, document: Document
) -> Answer:
    """The figure of the day asked for: what names that day before what names none, what tables
    say before what sentences say, what is sure before what may be meant."""
    tables = [(s.day == "asked", _of_table(field, s)) for s in tabled]
    sentences = [(bool(m.period), _of_sentence(field, m)) for m in said if m.sure]
    guesses = [_of_sentence(field, m) for m in said if not m.sure and m.within == ROLE]
    projects = [_of_sentence(field, m) for m in said if not m.sure and m.within != ROLE]
    ranked = (
        [a for day, a in tables if day or dated],
        [a for day, a in sentences if day],
        [a for day, a in sentences if not day and dated],
        [a for day, a in (*tables, *sentences) if not day and not dated],
        guesses,
        projects,
    )
    found = next((several for several in ranked if several), None)
    if found is None:
        where = Evidence(file=document.file)
        return Answer(field.id, None, "absent", None, "", 0.9, False, where, field.unit)
    given = [a for a in found if a.state == "given"]
    first = (given or found)[0]
    if len({a.value for a in given}) > 1:
        return _looked(first, say("several different values stand under this label"), 0.5)
    if found is ranked[3]:
        return _looked(first, say("the report does not say of which day this figure is"), 0.8)
    return first


def _none_said(field: Field, document: Document) -> Answer | None:
    """暂无独角兽企业; 独角兽企业：无: said in a sentence, of a thing that is counted."""
    names = (normalise(w) for w in field.words)
    words = "|".join(re.escape(w) for w in sorted(names, key=len, reverse=True))
    if not field.integer or not words:
        return None
    said = re.compile(
        rf"{_NONE}(?:{words})|(?:{words})(?:数量)?\s*(?::?\s*{_NONE}|:\s*{_MARK})(?=[,。;、\s]|$)"
    )
    for part, text in _prose(document):
        found = said.search(normalise(text))
        if found:
            where = Evidence(document.file, part.page, part.bbox, part.place, found.group())
            return Answer(
                field.id, None, "none", None, found.group(), 0.95, False, where, field.unit
            )
    return None


def _of_table(field: Field, s: Stated) -> Answer:
    reading = s.reading
    value = reading.quantity.value if reading.quantity is not None else None
    answer = Answer(
        field.id,
        None,
        reading.state,
        value,
        s.raw,
        0.98 if reading.sure else 0.7,
        reading.state == "given" and not reading.sure,
        s.evidence,
        field.unit,
        reading.quantity,
        reading.reason,
    )
    return (
        answer if s.sure else _looked(answer, say("the label is only like that of the form"), 0.8)
    )


def _of_sentence(field: Field, m: Mention) -> Answer:
    answer = Answer(
        field.id,
        None,
        "given",
        m.quantity.value,
        m.raw,
        0.95,
        False,
        m.evidence,
        field.unit,
        m.quantity,
    )
    if m.quantity.approximate:
        return _looked(answer, say("the report states it only approximately"), 0.7)
    if not m.sure:
        return _looked(
            answer, say("whether the sentence speaks of this figure must be judged"), 0.7
        )
    return answer


def _looked(answer: Answer, why: Bilingual, confidence: float) -> Answer:
    return replace(
        answer, needs_look=True, confidence=min(answer.confidence, confidence), why_look=why
    )


def _says_its_day(document: Document, form: Form) -> bool:
    """Whether the report says somewhere that it speaks as at the day asked for. Figures of
    other days then carry their own."""
    for text in _texts(document):
        for sentence in re.split(r"[。；;\n]", "\n".join(paragraphs(document, text))):
            if _AS_OF.search(sentence) and day_of(sentence, form.as_of or "") == "asked":
                return True
    return False


def _in_sentences(
    document: Document, form: Form, projects: Sequence[NarrativeAnswer], own: str
) -> list[Mention]:
    """What sentences state of the indicators: with the year of the day asked for as period, or
    None where they name none. A part of the year and 目前 are other days. What is said of a
    typical project (带动作用：吸纳就业1200人) is hardly the cluster's, and never sure."""
    from extractor.prose.mentions import stated

    asked = form.as_of or ""
    of_projects = "\n".join(p.text for p in projects if p.parts)
    found: list[Mention] = []
    for part, text in _prose(document):
        unnumbered = _ITEM.sub(lambda m: " " * len(m.group()), text)
        for one in stated(unnumbered, form, asked[:4], own):
            dated = _as_at(text, one.start, one.end, one.year, asked, one.quantity.value == 0)
            if dated is None:
                continue
            where = Evidence(
                file=document.file,
                page=part.page,
                bbox=part.bbox,
                place=part.place,
                raw=one.raw,
                how="ocr" if part.sure < 1.0 else "text",
            )
            period = asked[:4] if dated else None
            project = _line_round(text, one.start) in of_projects
            within, sure = (PROJECT, False) if project else (ROLE, one.sure)
            found.append(Mention(one.field, period, one.quantity, one.raw, within, where, sure))
    return found


def _as_at(
    text: str, start: int, end: int, year: str | None, asked: str, nothing: bool
) -> bool | None:
    """Whether text[start:end] states a figure of the day asked for; False where the words name no
    day, None where it is another day's.

    由2020年的8户增加到9户: the first is of the day before, the second of the day asked for. What
    there is `nothing` of at present was not there before.
    """
    if year not in (None, asked[:4]) or _FROM.match(text[end : end + 12]):
        return None
    reached = _REACHED.search(text[start:end])
    if reached is not None:
        said = day_of(text[start + reached.end() : end], asked)
        return None if said == "other" else True
    if year is not None:
        return True
    words = _COMPARED.sub("", text[_sentence_start(text, start) : end])
    words = words[max((m.end() for m in _REACHED.finditer(words)), default=0) :]
    said = day_of(_PRESENT.sub("", words) if nothing else words, asked)
    return None if said == "other" else said == "asked"


def _line_round(text: str, at: int) -> str:
    """The line of a text in which a character stands."""
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else None].strip()


def _sentence_start(text: str, end: int) -> int:
    """Where the sentence begins in which a figure stands."""
    return max(text.rfind(mark, 0, end) for mark in "。；;！\n") + 1


def _prose(document: Document) -> Iterator[tuple[Paragraph | Cell, str]]:
    """Paragraphs and cells with sentences in them, each with its text in one line on a page."""
    for block in document.blocks:
        parts = (block,) if isinstance(block, Paragraph) else block.cells
        for part in parts:
            text = "\n".join(paragraphs(document, part.text))
            if len(text) > SHORT or isinstance(part, Paragraph) or _COUNTED.search(text):
                yield part, text


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (c.text for c in block.cells)


# ------------------------------------------------------------------ who and when


def _text(field: Field, document: Document, form: Form) -> Answer:
    """A text or date behind its label, else where reports have it: title and last line."""
    found = _labelled(field, document, form)
    if found is None and field.id == "cluster_name":
        found = _name_in_title(document)
    if found is None and field.type == "date":
        found = _date_alone(document)
    if found is None:
        where = Evidence(file=document.file)
        return Answer(field.id, None, "absent", None, "", 0.9, False, where)
    raw, where = found
    if field.type == "date":
        date = read_date(raw)
        look = not date.sure and date.state == "given"
        return Answer(field.id, None, date.state, date.iso, raw, 0.95, look, where)
    state, text = read_text(raw)
    return Answer(
        field.id, None, state, text if state == "given" else None, raw, 0.95, False, where
    )


def _labelled(field: Field, document: Document, form: Form) -> tuple[str, Evidence] | None:
    words = vocabulary(form.id)

    def names(label: str) -> bool:
        heading = words.read(label)
        return heading is not None and any(
            field.id in words.last.get(key, ()) and score >= 95 for key, score in heading.labels
        )

    for block in document.blocks:
        if isinstance(block, Paragraph):
            for line in block.text.split("\n"):
                pair = _LABELLED.match(line)
                if pair and names(pair.group(1)):
                    return pair.group(2), _at(document, block, pair.group(2))
            continue
        cells = sorted(block.cells, key=lambda c: (c.row, c.column))
        for label, value in pairwise(cells):
            beside = value.row == label.row and value.text.strip()
            if beside and len(label.text) < 20 and names(label.text) and not names(value.text):
                return value.text, _at(document, value, value.text)
    return None


def _name_in_title(document: Document) -> tuple[str, Evidence] | None:
    for block in document.blocks[:TITLE_BLOCKS]:
        text = re.sub(r"\s+", "", block.text) if isinstance(block, Paragraph) else ""
        found = _TITLE.search(text)
        if found and len(text) <= 60 and not text.startswith("山东省特色产业集群"):
            assert isinstance(block, Paragraph)
            return found.group(1), _at(document, block, found.group(1))
    return None


def _date_alone(document: Document) -> tuple[str, Evidence] | None:
    """The last line that is nothing but a date: the one under the signature, or on the cover."""
    last = None
    for block in document.blocks:
        if isinstance(block, Paragraph):
            line = re.sub(r"\s+", "", block.text)
            if len(line) <= 16 and re.fullmatch(
                r"[(（]?[\d〇○零一二三四五六七八九十年月日./-]+[)）]?", line
            ):
                date = read_date(line)
                if date.iso is not None and len(date.iso) >= 7:
                    last = line, _at(document, block, line)
    return last


def _at(document: Document, part: object, raw: str) -> Evidence:
    page, bbox = getattr(part, "page", None), getattr(part, "bbox", None)
    return Evidence(document.file, page, bbox, getattr(part, "place", ""), raw.strip())
