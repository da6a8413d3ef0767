"""INIT and warm time of functions, beside textbook handlers and bare ones."""

import statistics

from benchmarks.__main__ import GOALS, Result
from benchmarks.__main__ import measure as measure_starts
from benchmarks.report.section import Figure, Plot, Section, table, times

_WHAT = {"init": "INIT", "warm": "warm CPU"}


def measure() -> list[Result]:
    """Return the times of every function."""
    return measure_starts()


def measure_trial() -> list[Result]:
    """Return the same with fewer starts and requests."""
    return measure_starts(2, 60)


def present(passes: list[list[Result]]) -> Section:
    """Return the ratios of both passes, and the times of the first."""
    figures = [figure for goal in GOALS for figure in _figures(passes, *goal)]
    rows = [
        (
            result.name,
            *(round(getattr(result.init, who)) for who in ("ours", "bare", "textbook")),
            *(round(getattr(result.warm, who)) for who in ("ours", "bare", "textbook")),
            _spread(passes, place),
        )
        for place, result in enumerate(passes[0])
    ]
    head = ("function", "INIT ms", "bare", "textbook", "warm CPU µs", "bare", "textbook",
            "spread of the ratios")  # fmt: skip
    intro = (
        "The built functions under Lambda's Runtime Interface Emulator, alternating with textbook "
        "handlers (`benchmarks/textbook/`, packaged as `sam build` does) and with handlers without "
        "a framework (`benchmarks/bare/`, with byte-code): INIT is the fastest of several starts, "
        "warm CPU the fastest block of requests. Only the ratios carry over to another machine. "
        f"Of {times(passes)}, the table has the times of the first, and the largest difference of "
        "a ratio between them."
    )
    return Section(
        title="Start and warm time of functions",
        command="python -m benchmarks",
        text=[intro, table(head, rows)],
        figures=figures,
        plots=[_plot(passes[0], "init", "ms"), _plot(passes[0], "warm", "µs")],
    )


def _figures(passes: list[list[Result]], name: str, other: str, goal: float) -> list[Figure]:
    """Return the worst ratio of a function and the median, and who misses the goal."""
    ratios = [
        {one.name: round(getattr(one, name).ratio(other), 3) for one in results}
        for results in passes
    ]
    missing = sorted(
        {function for one in ratios for function, ratio in one.items() if ratio > goal}
    )
    what = f"{_WHAT[name]}, of the {other} handler's"
    return [
        Figure(
            f"{what}: worst function",
            [max(one.values()) for one in ratios],
            goal=goal,
            why=f"Missed by {len(missing)} of {len(ratios[0])}: {', '.join(missing)}.",
        ),
        Figure(f"{what}: median", [round(statistics.median(one.values()), 3) for one in ratios]),
    ]


def _spread(passes: list[list[Result]], place: int) -> str:
    """Return the largest difference of a function's ratios between the passes, in percent."""
    spreads = []
    for name, other, _ in GOALS:
        ratios = [getattr(results[place], name).ratio(other) for results in passes]
        spreads.append(max(ratios) / min(ratios) - 1)
    return f"{max(spreads):.0%}"


def _plot(results: list[Result], name: str, unit: str) -> Plot:
    who = {"this project": "ours", "bare": "bare", "textbook": "textbook"}
    series = {
        label: [round(getattr(getattr(one, name), attribute)) for one in results]
        for label, attribute in who.items()
    }
    medians = ", ".join(
        f"{label} {statistics.median(values):.0f} {unit}" for label, values in series.items()
    )
    return Plot(
        file=name,
        title=f"{_WHAT[name]} of functions",
        alt=f"Bars of {_WHAT[name]} by function. Medians: {medians}.",
        kind="bars",
        series=series,
        categories=[one.name for one in results],
        x=unit,
    )
