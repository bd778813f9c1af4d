"""How the papers that support a ticked action are called, from models/evidence.yaml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from models.loading import strict_yaml
from models.writing.folding import normalise

FILE = Path(__file__).parents[1] / "evidence.yaml"


@lru_cache(maxsize=1)
def evidence_words() -> dict[str, tuple[str, ...]]:
    """Words of titles by option (letters and digits only); ValueError for an unsound file."""
    content = strict_yaml.read(FILE)
    if content.faults:
        raise ValueError(f"{FILE.name}:{content.faults[0].line}: {content.faults[0].message.en}")
    entries: dict[str, list[str]] = content.data["options"]
    return {option_key(option): tuple(map(str, words)) for option, words in entries.items()}


def option_key(option: str) -> str:
    """An option's letters and digits, whatever its quotation marks and spacing."""
    return "".join(c for c in normalise(option).lower() if c.isalnum() or c == "%")
