"""Parts of the report, in the order of the page: what is measured, and how often.

A new bench is a module in ``benchmarks/report/parts/`` and a line here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.report.parts import (
    artifact,
    faults,
    growth,
    operations,
    partitions,
    peers,
    starts,
    turns,
)
from benchmarks.report.section import Section


@dataclass(frozen=True, slots=True)
class Part:
    """One subject of the report.

    Attributes
    ----------
    measure
        Returns what one pass has found; prints lines of progress if it takes long.
    present
        Returns the section about all passes.
    passes
        Two of what is timed, so that the spread shows.
    trial
        The same with fewer repetitions or sizes, whose figures mean little.
    """

    name: str
    measure: Callable[[], Any]
    present: Callable[[list[Any]], Section]
    passes: int = 1
    trial: Callable[[], Any] | None = None


PARTS = (
    Part("operations", operations.measure, operations.present),
    Part("turns", turns.measure, turns.present),
    Part("growth", growth.measure, growth.present, 2, growth.measure_trial),
    Part("peers", peers.measure, peers.present),
    Part("partitions", partitions.measure, partitions.present),
    Part("starts", starts.measure, starts.present, 2, starts.measure_trial),
    Part("artifact", artifact.measure, artifact.present),
    Part("faults", faults.measure, faults.present),
)
