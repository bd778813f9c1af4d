"""A form says the same however Word lays it out: in content controls, text boxes, letters one to
a line."""

from __future__ import annotations

import copy
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from extractor.pipeline import review_file
from extractor.readers.ooxml import W14, W
from samples.make import HERE
from tests.readers.build import NAMESPACES, drawing, p

BOX = "□√|√□|[☑■☐□]"
SPOKEN = re.compile(r"[打划画内中]\s*[“”\"]?[√□]|[“”\"][√□]")
"""An instruction that speaks of boxes and ticks holds none."""


def typed(form: Path) -> bool:
    """Whether the form's boxes are typed characters."""
    with zipfile.ZipFile(form) as package:
        return re.search(BOX, package.read("word/document.xml").decode()) is not None


ALL = sorted((HERE / "applications").glob("*/*.docx"))
BOXED = [form for form in ALL if typed(form)][1:3]
FORMS = [ALL[0], *BOXED]


def control(*content: etree._Element, checked: bool | None = None) -> etree._Element:
    sdt = etree.Element(f"{W}sdt")
    properties = etree.SubElement(sdt, f"{W}sdtPr")
    if checked is not None:
        box = etree.SubElement(properties, f"{W14}checkbox")
        etree.SubElement(box, f"{W14}checked").set(f"{W14}val", "1" if checked else "0")
    etree.SubElement(sdt, f"{W}sdtContent").extend(content)
    return sdt


def around(root: etree._Element, name: str) -> None:
    for element in list(root.iter(f"{W}{name}")):
        parent, tail = element.getparent(), element.tail
        assert parent is not None
        at = parent.index(element)
        parent.insert(at, control(element))
        element.tail, parent[at].tail = None, tail


def boxes(root: etree._Element) -> None:
    """A check box control for every typed ☑ or ☐, whose sign says the same."""
    for paragraph in list(root.iter(f"{W}p")):
        if SPOKEN.search("".join(t.text or "" for t in paragraph.iter(f"{W}t"))):
            continue
        for run in list(paragraph.iter(f"{W}r")):
            texts = run.findall(f"{W}t")
            if len(texts) == 1 and re.search(BOX, texts[0].text or ""):
                split(run, texts[0].text or "")


def split(run: etree._Element, text: str) -> None:
    parent = run.getparent()
    assert parent is not None
    at = parent.index(run)
    parent.remove(run)
    for part in filter(None, re.split(f"({BOX})", text)):
        piece = copy.deepcopy(run)
        said = piece.find(f"{W}t")
        assert said is not None
        box, checked = re.fullmatch(BOX, part), any(c in "√☑■" for c in part)
        said.text = "☐☑"[checked] if box else part
        said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        parent.insert(at, control(piece, checked=checked) if box else piece)
        at += 1


WAYS: dict[str, list[Callable[[etree._Element], None]]] = {
    "boxes": [boxes],
    "runs": [lambda root: around(root, "r")],
    "paragraphs": [lambda root: around(root, "p")],
    "cells": [lambda root: around(root, "tc")],
    "rows": [lambda root: around(root, "tr")],
    "tables": [lambda root: around(root, "tbl")],
}
WAYS["everything, twice"] = [
    WAYS[w][0] for w in ("boxes", *(list(WAYS)[1:]), "cells", "tables", "runs")
]


LAID_OUT = {
    "all of it in a text box": lambda root: boxed(root, [e for e in root[0] if e.tag != SECTION]),
    "labels in text boxes": lambda root: [boxed(root, [label]) for label in labels(root)],
    "labels one letter to a paragraph": lambda root: upright(root, paragraphs=True),
    "labels one letter to a line": lambda root: upright(root, paragraphs=False),
}
SECTION = f"{W}sectPr"
LABEL = re.compile("[\u4e00-\u9fff]{2,12}")


def boxed(root: etree._Element, blocks: list[etree._Element]) -> None:
    """Moves blocks that follow one another into a text box, which stands in their place."""
    paragraph = etree.fromstring(
        f"<x {NAMESPACES}>{p(drawing(400, 700, over=True, words='甲'))}</x>"
    )[0]
    content = next(paragraph.iter(f"{W}txbxContent"))
    del content[:]
    parent = blocks[0].getparent()
    assert parent is not None
    parent.insert(parent.index(blocks[0]), paragraph)
    content.extend(blocks)


def labels(root: etree._Element) -> list[etree._Element]:
    """The paragraphs that are all of a cell and nothing but a label in one run."""
    found = [cell.findall(f"{W}p") for cell in root.iter(f"{W}tc")]
    lone = [paragraphs[0] for paragraphs in found if len(paragraphs) == 1]
    return [
        one
        for one in lone
        if len(list(one.iter(f"{W}r"))) == 1
        and LABEL.fullmatch("".join(t.text or "" for t in one.iter(f"{W}t")))
    ]


def upright(root: etree._Element, paragraphs: bool) -> None:
    for label in labels(root):
        text = next(label.iter(f"{W}t"))
        first, *rest = text.text or ""
        text.text = first
        run, cell = text.getparent(), label.getparent()
        assert run is not None and cell is not None
        for letter in reversed(rest):
            if paragraphs:
                below = copy.deepcopy(label)
                next(below.iter(f"{W}t")).text = letter
                cell.insert(cell.index(label) + 1, below)
            else:
                below = copy.deepcopy(text)
                below.text = letter
                at = run.index(text) + 1
                run[at:at] = [etree.Element(f"{W}br"), below]


def rewritten(form: Path, to: Path, ways: list[Callable[[etree._Element], None]]) -> Path:
    with zipfile.ZipFile(form) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                root = etree.fromstring(data)
                for way in ways:
                    way(root)
                data = etree.tostring(root)
            new.writestr(name, data)
    return to


def said(form: Path) -> dict[str, list[dict[str, Any]]]:
    """What the form says, without where it stands, how it was told and how sure that is."""
    result = review_file(form, on="2026-01-01")
    kept = ("field", "period", "state", "value", "unit", "text", "characters", "needs_look")
    return {
        part: [
            {k: entry[k] for k in kept if k in entry}
            | {"options": [(o["text"], o["ticked"]) for o in entry.get("options", ())]}
            for entry in result[part]
        ]
        for part in ("figures", "ticks", "texts", "narratives")
    }


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.parent.name)
def test_content_controls_change_nothing(tmp_path: Path, form: Path) -> None:
    plain = said(form)
    assert sum(len(entries) for entries in plain.values()) > 20
    for name, ways in WAYS.items():
        assert said(rewritten(form, tmp_path / form.name, ways)) == plain, name


@pytest.mark.parametrize("form", FORMS[:2], ids=lambda form: form.parent.name)
def test_the_layout_changes_nothing(tmp_path: Path, form: Path) -> None:
    plain = said(form)
    for name, way in LAID_OUT.items():
        assert said(rewritten(form, tmp_path / form.name, [way])) == plain, name


def pictured(root: etree._Element) -> None:
    """Every box of the form is a picture of one."""
    boxes(root)
    for sdt in list(root.iter(f"{W}sdt")):
        parent = sdt.getparent()
        assert parent is not None
        run = etree.fromstring(f"<x {NAMESPACES}>{drawing(11, 11, over=False)}</x>")[0]
        parent.replace(sdt, run)


def unboxed(root: etree._Element) -> None:
    """Boxes are gone; the words of the ticked ones are underlined."""
    boxes(root)
    for paragraph in {sdt.getparent(): None for sdt in root.iter(f"{W}sdt")}:
        ticked = False
        for child in list(paragraph):
            if child.tag == f"{W}sdt":
                ticked = next(child.iter(f"{W14}checked")).get(f"{W14}val") == "1"
                paragraph.remove(child)
            elif ticked and child.tag == f"{W}r":
                look = child.find(f"{W}rPr")
                if look is None:
                    look = etree.Element(f"{W}rPr")
                    child.insert(0, look)
                etree.SubElement(look, f"{W}u").set(f"{W}val", "single")


@pytest.mark.parametrize("form", BOXED, ids=lambda form: form.parent.name)
def test_boxes_that_are_pictures_are_looked_at(tmp_path: Path, form: Path) -> None:
    found = said(rewritten(form, tmp_path / form.name, [pictured]))["ticks"]
    assert len(found) > 10 and all(tick["needs_look"] for tick in found)
    assert {ticked for tick in found for _, ticked in tick["options"]} == {None}


@pytest.mark.parametrize("form", BOXED, ids=lambda form: form.parent.name)
def test_answers_underlined_in_place_of_boxes_are_looked_at(tmp_path: Path, form: Path) -> None:
    plain = {tick["field"]: dict(tick["options"]) for tick in said(form)["ticks"]}
    found = said(rewritten(form, tmp_path / form.name, [unboxed]))["ticks"]
    assert all(tick["needs_look"] for tick in found)
    told = [t for t in found if any(ticked is not None for _, ticked in t["options"])]
    assert len(told) >= 3
    for tick in told:
        for option, ticked in tick["options"]:
            assert ticked in (None, plain[tick["field"]][option])
