"""Page of the report: what is missed first, figures beside goals, and tables."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks.report import __main__ as command
from benchmarks.report import reasons
from benchmarks.report.catalog import PARTS
from benchmarks.report.page import PAGE, Measured, page
from benchmarks.report.section import Figure, Plot, Section, number, section_of, table

SECTION = Section(
    title="Turns",
    command="python -m benchmarks.turns",
    text=["Two turns."],
    figures=[
        Figure("write units", [38.0], goal=20),
        Figure("ratio", [1.2, 1.31], goal=1.25, why="The model is read twice."),
        Figure("requests", [4.0, 4.0], goal=5),
        Figure("size", [3.0], "MB"),
    ],
    plots=[Plot("turns", "Turns", "Lines: 38 units.", "lines", {"own": [[1, 38]]})],
)


def measured(section: Section = SECTION, commit: str = "abc") -> Measured:
    return Measured(
        section, "2026-11-28 12:00", commit, "2 cores", "Python 3.13", 61.0, 1, trial=False
    )


def test_goal_is_met_only_if_every_pass_meets_it() -> None:
    verdicts = [one.verdict for one in SECTION.figures]

    assert verdicts == ["**missed**", "**missed**", "met", ""]


def test_page_begins_with_what_is_missed_and_why() -> None:
    text = page([measured()])

    missed, goals = text.split("## Goals")
    assert "- **write units**: 38, goal 20. The reason is not examined yet." in missed
    assert "- **ratio**: 1.2 and 1.31, goal 1.25. The model is read twice." in missed
    assert "requests" not in missed.split("## What falls short")[1]
    assert "| requests | 4 | at most 5 | met |" in goals
    assert "| size | 3 MB | | |" in goals


def test_page_has_an_alternative_text_for_each_plot() -> None:
    assert "![Lines: 38 units.](performance/turns.svg)" in page([measured()])


def test_page_names_parts_of_another_commit() -> None:
    older = measured(Section("Sizes", "python -m benchmarks.artifact", []), "old")
    newer = measured()

    assert "- Sizes: measured 2026-11-28 12:00 UTC, commit old." in page([newer, older])
    assert "- Sizes" not in page([newer])


def test_reason_is_that_of_the_longest_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"write units": "Indexes.", "write units: turn": "Slots."}
    monkeypatch.setattr(reasons, "REASONS", known)

    assert reasons.reason_of(Figure("write units: turn 1", [38.0])) == "Slots."
    assert reasons.reason_of(Figure("write units: open", [8.0], why="Two.")) == "Two. Indexes."


def test_table_aligns_numbers_to_the_right() -> None:
    text = table(("name", "units"), [("open", 1234.5), ("get", "")])

    assert text == "| name | units |\n|---|--:|\n| open | 1,234 |\n| get | |"


@pytest.mark.parametrize(
    ("value", "text"),
    [(8.0, "8"), (0.5, "0.5"), (1.256, "1.26"), (31.88, "31.9"), (1e6, "1,000,000")],
)
def test_number_has_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_stored_section_is_read_as_it_was() -> None:
    assert section_of(asdict(SECTION)) == SECTION


def test_timed_parts_are_measured_twice() -> None:
    assert {part.name: part.passes for part in PARTS}["starts"] == 2


def test_page_without_all_parts_does_not_replace_the_whole_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written: list[tuple[Path, ...]] = []
    monkeypatch.setattr(command, "RESULTS", tmp_path)
    monkeypatch.setattr(command, "write_page", lambda _, *places: written.append(places))
    parts: list[Any] = [None] * len(PARTS)

    assert command.write_measured(parts[1:]) == tmp_path / PAGE.name
    assert command.write_measured(parts) == PAGE
    assert written == [(tmp_path / PAGE.name, tmp_path / "performance"), ()]
