"""Table of providers and capabilities in docs/models.md: every cell is a test."""

import re
from pathlib import Path

import pytest

from local.settings import ROOT
from shared.llm.model_entries import PROVIDERS

CAPABILITIES = ["tools", "structured output", "streaming", "usage", "time-out", "down"]


def table() -> dict[tuple[str, str], list[str]]:
    """Return the names of the tests in each cell, by provider and capability."""
    text = (ROOT / "docs/models.md").read_text()
    section = text.partition("## Providers and capabilities")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if line.startswith("|") and not line.startswith("|---")
    ]
    head, *body = rows
    return {
        (provider, row[0]): re.findall(r"`(test_\w+)`", cell)
        for row in body
        for provider, cell in zip(head[1:], row[1:], strict=True)
    }


def defined_tests() -> set[str]:
    files: list[Path] = list((ROOT / "tests").rglob("test_*.py"))
    return {
        name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text(), re.M)
    }


def test_table_has_every_provider_and_capability() -> None:
    assert sorted(table()) == sorted((p, c) for p in PROVIDERS for c in CAPABILITIES)


@pytest.mark.parametrize("cell", list(table()), ids=" ".join)
def test_cell_names_tests_that_exist(cell: tuple[str, str]) -> None:
    names = table()[cell]
    assert names
    assert set(names) <= defined_tests()
