"""Drawing of the plots, in an environment of its own.

    python -m benchmarks.report.plots FOLDER < plots.json     (in the environment "plots")

Reads the plots as JSON and writes one SVG file each. Text stays text, and names within a file do
not depend on the time, so that files are small and differ only where figures do.
"""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt  # after the choice of the output

type Document = dict[str, Any]

#: Colors that people with color blindness tell apart (Okabe and Ito), by the place of a series.
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#666666", "#222222")
MARKERS = "osD^vPX*"


def main() -> None:
    """Draw every plot."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    mpl.rcParams.update(
        {
            "svg.hashsalt": "agent-sessions",
            "svg.fonttype": "none",
            "font.family": "sans-serif",
            "font.size": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.color": "#dddddd",
            "axes.axisbelow": True,
        }
    )
    for plot in json.load(sys.stdin):
        draw(plot, folder / f"{plot['file']}.svg")


def draw(plot: Document, file: Path) -> None:
    """Draw one plot on a white background, legible on pages of any color."""
    height = 4.2
    if plot["kind"] == "bars":
        height = 1.2 + 0.22 * len(plot["categories"]) * (len(plot["series"]) + 0.8)
    figure, axes = plt.subplots(figsize=(8, height), facecolor="white", layout="constrained")
    {"lines": _lines, "bars": _bars, "stacked": _stacked}[plot["kind"]](axes, plot)
    axes.set(title=plot["title"], xlabel=plot["x"], ylabel=plot["y"])
    figure.legend(loc="outside lower center", ncols=2 if len(plot["series"]) > 3 else 3, fontsize=9)
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)


def _lines(axes: Any, plot: Document) -> None:
    for place, (name, points) in enumerate(plot["series"].items()):
        axes.plot(
            [x for x, _ in points],
            [y for _, y in points],
            label=name,
            color=COLORS[place % len(COLORS)],
            marker=MARKERS[place % len(MARKERS)],
            markersize=5,
            linewidth=1.8,
            linestyle="-" if place < 4 else "--",
        )
    axes.set_xscale("log" if "x" in plot["logarithmic"] else "linear")
    if "y" in plot["logarithmic"]:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    for axis, letter in ((axes.xaxis, "x"), (axes.yaxis, "y")):
        if letter in plot["logarithmic"]:
            axis.set_major_formatter(lambda value, _: f"{value:,.6g}")
            axis.set_minor_formatter(lambda *_: "")


def _bars(axes: Any, plot: Document) -> None:
    """Horizontal bars: the names of functions are long."""
    number = len(plot["series"])
    width = 0.8 / number
    for place, (name, values) in enumerate(plot["series"].items()):
        rows = [row + (place - (number - 1) / 2) * width for row in range(len(values))]
        bars = axes.barh(rows, values, width, label=name, color=COLORS[place], ec="white")
        axes.bar_label(bars, fmt="{:,.0f}", padding=2, fontsize=8)
    axes.set_yticks(range(len(plot["categories"])), plot["categories"])
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)


def _stacked(axes: Any, plot: Document) -> None:
    base = [0.0] * len(plot["categories"])
    for place, (name, values) in enumerate(plot["series"].items()):
        axes.bar(
            plot["categories"],
            values,
            0.5,
            bottom=base,
            label=name,
            color=COLORS[place % len(COLORS)],
            ec="white",
        )
        base = [below + value for below, value in zip(base, values, strict=True)]
    for place, total in enumerate(base):
        axes.text(place, total, f"{total:,.2f}", ha="center", va="bottom")
    axes.grid(axis="x", visible=False)
    axes.set_ylim(top=1.1 * max(base))


if __name__ == "__main__":
    main()
