"""The sessions in the README are what the tool really prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from review_ui.cli import main

ROOT = Path(__file__).parents[1]
SESSIONS = [
    (readme, language, block)
    for readme, language in (("README.md", "en"), ("README.zh.md", "zh"))
    for block in re.findall(
        r"```console\n(.*?)```", (ROOT / readme).read_text(encoding="utf-8"), re.DOTALL
    )
]


@pytest.mark.parametrize(
    ("language", "block"), [s[1:] for s in SESSIONS], ids=[f"{s[0]}-{s[2][:24]}" for s in SESSIONS]
)
def test_session(language, block, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("HECHA_LANG", language)
    monkeypatch.setenv("HECHA_HOME", str(tmp_path))
    monkeypatch.chdir(ROOT)
    command, _, shown = block.partition("\n")
    status = main(shlex.split(command.removeprefix("$ hecha ")))
    assert status == 0
    printed = capsys.readouterr().out
    if shown.strip():
        assert [line.rstrip() for line in printed.splitlines()] == shown.rstrip().splitlines()
    else:
        assert printed.strip()


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_links_lead_somewhere(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / target).exists(), target
