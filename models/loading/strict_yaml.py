"""YAML as plain data with the line of every entry; refuses what a rules file has no use for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from models.wording import Bilingual, say

MAX_BYTES = 512 * 1024
MAX_DEPTH = 20

Place = tuple[str | int, ...]
"""Keys and list positions from the top of the file to an entry."""

_PLAIN = {f"tag:yaml.org,2002:{t}" for t in ("str", "int", "float", "bool", "null", "map", "seq")}
_DATE = "tag:yaml.org,2002:timestamp"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file and at which line (from 1)."""

    line: int
    message: Bilingual


@dataclass(frozen=True, slots=True)
class Content:
    """The data of a file; dates and numbers written with a point stay text as written."""

    data: Any
    lines: dict[Place, int]
    faults: tuple[Fault, ...]

    def line(self, place: Place) -> int:
        """The line of an entry, or of the nearest entry around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read(path: Path) -> Content:
    """The content of a YAML file. Never raises for what stands in it: see `faults`."""
    try:
        raw = path.read_bytes()
    except OSError:
        return _failed(1, say("the file cannot be opened"))
    if len(raw) > MAX_BYTES:
        return _failed(1, say("the file is larger than {limit} KB", limit=MAX_BYTES // 1024))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _failed(raw[: error.start].count(b"\n") + 1, say("the file is not UTF-8 text"))
    return parse(text)


@lru_cache(maxsize=16)
def parse(text: str) -> Content:
    """The content of YAML text; aliases, tags and doubled keys are faults.

    The same text gives the same content, which nobody may change.
    """
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                line = event.start_mark.line + 1 if event.start_mark else 1
                return _failed(line, say("anchors and aliases are not allowed here"))
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return _failed(line, say("this is not YAML: {problem}", problem=error.problem))
    except (yaml.YAMLError, RecursionError) as error:
        return _failed(1, say("this is not YAML: {problem}", problem=str(error).split("\n")[0]))
    builder = _Builder()
    data = None if node is None else builder.build(node, ())
    return Content(data, builder.lines, tuple(builder.faults))


def _failed(line: int, message: Bilingual) -> Content:
    return Content(None, {}, (Fault(line, message),))


class _Builder:
    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.faults: list[Fault] = []

    def build(self, node: yaml.Node, place: Place) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        if len(place) > MAX_DEPTH:
            self.faults.append(Fault(line, say("entries are nested too deeply")))
            return None
        if isinstance(node, yaml.MappingNode) and node.tag in _PLAIN:
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode) and node.tag in _PLAIN:
            return [self.build(child, (*place, i)) for i, child in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.tag in (*_PLAIN, _DATE):
            return _scalar(node)
        self.faults.append(Fault(line, say("the tag {tag} is not allowed here", tag=node.tag)))
        return None

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.append(Fault(line, say("a key must be a plain word")))
                continue
            key = key_node.value
            if key in result:
                self.faults.append(Fault(line, say("the key “{key}” is doubled", key=key)))
                continue
            self.lines[(*place, key)] = line
            result[key] = self.build(value_node, (*place, key))
        return result


def _scalar(node: yaml.ScalarNode) -> Any:
    """int, bool, None or text; a decimal stays text, so that 0.1 is one tenth."""
    kind = node.tag.rpartition(":")[2]
    value: str = node.value
    if kind == "int":
        return int(value) if value.lstrip("+-").isdigit() else value
    if kind == "float":
        return value if math.isfinite(_float(value)) else None
    if kind == "bool":
        return {"true": True, "false": False}.get(value.lower(), value)
    return None if kind == "null" else value


def _float(value: str) -> float:
    try:
        return float(value.replace("_", ""))
    except ValueError:
        return math.nan
