"""Budgets of what does not depend on the machine: tests/budgets.toml.

    python -m benchmarks.report --budgets     writes the present figures as budgets

A figure above its budget fails a test; a budget far above its figure is named by it. The modules
that INIT imports have their budgets in tests/unit/test_start_up.py.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from benchmarks import artifact
from benchmarks.operations import Cost
from local.settings import ROOT

BUDGETS = ROOT / "tests" / "budgets.toml"
UPDATE = "`.venv/dev/bin/python -m benchmarks.report --budgets` writes the present figures."
#: Share of its budget below which a figure leaves the budget slack.
_SLACK = 0.8
#: Sizes differ with the architecture and with the version of zlib.
_TOLERANCE = {"zipped KB": 1.05, "unzipped KB": 1.05}
_HEAD = """\
# Budgets of figures that do not depend on the machine. A test fails where a figure exceeds its
# budget; less is reported where it is less than four fifths of it.
#
#     .venv/dev/bin/python -m benchmarks.report --budgets     # writes the present figures
"""

type Figures = dict[str, dict[str, float]]


def of_operations(costs: Mapping[str, Cost]) -> Figures:
    """Return the figures of operations: by what is counted, by operation."""
    return {
        "requests": {name: one.requests for name, one in costs.items()},
        "write units": {name: one.writes for name, one in costs.items()},
        "read units": {name: one.reads for name, one in costs.items()},
    }


def of_artifact(found: artifact.Artifact) -> Figures:
    """Return the figures of the build: by what is counted, by part."""
    return {
        "zipped KB": {name: one.zipped // 1000 for name, one in found.parts.items()},
        "unzipped KB": {name: one.unzipped // 1000 for name, one in found.parts.items()},
        "of the stack": {"resources": found.resources},
    }


def read_budgets(file: Path = BUDGETS) -> Figures:
    """Return the budgets: by what is counted, by name."""
    return tomllib.loads(file.read_text())


def write_budgets(figures: Figures, file: Path = BUDGETS) -> None:
    """Write figures as budgets."""
    parts = [_HEAD]
    for kind, values in figures.items():
        lines = (f"{json.dumps(name)} = {value:g}" for name, value in values.items())
        parts.append("\n".join((f"[{json.dumps(kind)}]", *lines)) + "\n")
    file.write_text("\n".join(parts))


def exceeded(figures: Figures, budgets: Figures) -> list[str]:
    """Return a sentence for each figure above its budget, and for each without one."""
    found = []
    for kind, values in figures.items():
        limits = budgets.get(kind, {})
        for name, value in values.items():
            limit = limits.get(name)
            if limit is None:
                found.append(f"{name}: {value:g} {kind}, without a budget. {UPDATE}")
            elif value > limit * _TOLERANCE.get(kind, 1):
                found.append(f"{name}: {value:g} {kind}, above the budget of {limit:g}. {UPDATE}")
        found += [
            f"{name}: has a budget of {kind} and no figure. {UPDATE}"
            for name in limits
            if name not in values
        ]
    return found


def slack(figures: Figures, budgets: Figures) -> list[str]:
    """Return a sentence for each budget that is more than a fifth above its figure."""
    return [
        f"{name}: {value:g} {kind}, far below the budget of {budgets[kind][name]:g}. {UPDATE}"
        for kind, values in figures.items()
        for name, value in values.items()
        if value < _SLACK * budgets.get(kind, {}).get(name, 0)
    ]
