"""Section of the report: figures with their goals, tables, and plots."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

type Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Figure:
    """Measured figure beside its goal.

    Attributes
    ----------
    passes
        The value of each pass; one of a figure that is not timed.
    goal
        The greatest value that meets the goal; None of a figure without one.
    why
        Reason why the goal is missed, if it is.
    """

    name: str
    passes: list[float]
    unit: str = ""
    goal: float | None = None
    why: str = ""

    @property
    def is_met(self) -> bool:
        """True if every pass meets the goal, or there is none."""
        return self.goal is None or max(self.passes) <= self.goal

    @property
    def value(self) -> str:
        """The value of each pass, equal ones once."""
        return " and ".join(dict.fromkeys(map(number, self.passes)))

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return "met" if self.is_met else "**missed**"


@dataclass(frozen=True, slots=True)
class Plot:
    """Plot of a section.

    Attributes
    ----------
    file
        Name of the file in docs/performance/, without its ending.
    alt
        What the plot shows, with its figures, for readers who do not see it.
    kind
        ``lines`` (points by series), ``bars`` or ``stacked`` (values by series and category).
    series
        Of lines, pairs of x and y; of bars, one value for each category.
    logarithmic
        Axes with a logarithmic scale: ``x``, ``y``, ``xy``, or none.
    """

    file: str
    title: str
    alt: str
    kind: str
    series: dict[str, list[Any]]
    categories: list[str] = field(default_factory=list)
    x: str = ""
    y: str = ""
    logarithmic: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report.

    Its ``text`` is Markdown: paragraphs and tables.
    """

    title: str
    command: str
    text: list[str]
    figures: list[Figure] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)


def section_of(document: dict[str, Any]) -> Section:
    """Return a section that was stored as JSON."""
    return Section(
        title=document["title"],
        command=document["command"],
        text=document["text"],
        figures=[Figure(**one) for one in document["figures"]],
        plots=[Plot(**one) for one in document["plots"]],
    )


def table(head: Row, rows: Sequence[Row]) -> str:
    """Return a Markdown table; numbers are aligned to the right."""
    numeric = [
        any(isinstance(row[place], int | float) for row in rows)
        and all(isinstance(row[place], int | float) or row[place] == "" for row in rows)
        for place in range(len(head))
    ]
    rule = "".join("|--:" if one else "|---" for one in numeric) + "|"
    first, *others = map(_line, (head, *rows))
    return "\n".join((first, rule, *others))


def _line(row: Row) -> str:
    cells = (number(cell) if isinstance(cell, int | float) else str(cell) for cell in row)
    return "".join(f"| {cell} " if cell else "| " for cell in cells) + "|"


def times(passes: Sequence[object]) -> str:
    """Return the number of passes in words."""
    return "one pass" if len(passes) == 1 else f"{len(passes)} passes"


def number(value: float) -> str:
    """Return a number as the report writes it: three digits, more before the decimal point."""
    if value == int(value):
        return f"{int(value):,}"
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
