"""expected.json: what a reader of an invented application must find in it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from models.form import load_form
from samples.counting import characters, characters_no_spaces
from samples.entries import BLANK
from samples.filling import Sample
from samples.shandong import plan_text


def _json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def expected(sample: Sample) -> dict[str, Any]:
    """In the contract's shape: every field of the form, and the findings that were put in."""
    form = load_form(sample.form)
    figures, ticks, texts, narratives = [], [], [], []
    for field in form.fields:
        if field.type == "ticks":
            chosen = sample.filled.ticks.get(field.id, ())
            ticks.append({"field": field.id, "ticked": list(chosen)})
        elif field.type == "narrative":
            words = sample.filled.narratives.get(field.id, "")
            words = plan_text(words) if field.id == "plan" else words
            narratives.append(
                {
                    "field": field.id,
                    "characters": characters(words),
                    "characters_no_spaces": characters_no_spaces(words),
                    "limit": field.limit,
                }
            )
        else:
            periods = form.periods(field.id)
            if field.year_in_heading:
                periods = (sample.filled.extra["year"],)
            for period in periods:
                key = f"{field.id}@{period}" if period else field.id
                cell = sample.filled.cells.get(key, BLANK)
                if field.type in ("text", "date"):
                    texts.append({"field": field.id, "state": cell.state, "value": cell.value})
                    continue
                value = _json_number(cell.value) if isinstance(cell.value, Decimal) else None
                figures.append(
                    {"field": field.id, "period": period, "state": cell.state, "value": value}
                )
    findings = [
        {"rule": f.rule, "severity": f.severity, "fields": list(f.fields)} for f in sample.findings
    ]
    return {
        "programme": sample.programme,
        "figures": figures,
        "ticks": ticks,
        "texts": texts,
        "narratives": narratives,
        "findings": findings,
    }


def expected_json(sample: Sample) -> str:
    """One line per entry, so that a change shows as that line in a diff."""
    parts = []
    for key, value in expected(sample).items():
        if isinstance(value, list):
            lines = ",\n".join("  " + json.dumps(item, ensure_ascii=False) for item in value)
            parts.append(f'"{key}": [\n{lines}\n]' if lines else f'"{key}": []')
        else:
            parts.append(f'"{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"
