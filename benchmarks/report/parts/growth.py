"""Growth of each call with its lists and logs."""

from benchmarks import growth
from benchmarks.growth import Cost
from benchmarks.report.section import Figure, Plot, Section, table, times

type Key = tuple[str, str]

#: Greatest factor of CPU from the smallest to the largest size: flat, but for noise.
_CPU = 1.25
#: Calls of the plot: one of each kind that does not read more with its size.
_SHOWN = {
    ("list", "agent sessions"): "list of agent sessions",
    ("list", "sessions of all kinds"): "list of all kinds",
    ("get", "agent session"): "get an agent session",
    ("append", "message and turn of an agent"): "message and turn of an agent",
    ("append", "evaluation turn"): "evaluation turn",
    ("draft", "agent session"): "draft from an agent session",
}


def measure() -> list[Cost]:
    """Return the cost of each call at each size."""
    return growth.measure()


def measure_trial() -> list[Cost]:
    """Return the same with the two smallest sizes."""
    return growth.measure(growth.SIZES[:2])


def present(passes: list[list[Cost]]) -> Section:
    """Return what grows: units of the first pass, CPU of all."""
    calls = _by_call(passes[0])
    sizes = sorted({one.size for one in passes[0]})
    rows = [
        (kind, name, _range(costs, "requests"), _range(costs, "reads"), _range(costs, "writes"),
         " and ".join(f"{_cpu(one, (kind, name)):.2f}" for one in passes))
        for (kind, name), costs in calls.items()
    ]  # fmt: skip
    head = ("kind", "call", "requests", "read units", "write units", "CPU, largest to smallest")
    span = f"{sizes[0]:,} to {sizes[-1]:,}"
    every = ", ".join(f"{one:,}" for one in sizes)
    intro = (
        f"Each call with lists and logs of {every} items. Requests "
        "and units are computed from the requests, and are one number where they are the same at "
        "every size; else those of the smallest and of the largest. CPU is that of the functions "
        f"and the SDK, {times(passes)}, relative to the smallest size."
    )
    return Section(
        title=f"Growth from {span} items",
        command="python -m benchmarks.growth",
        text=[intro, table(head, rows)],
        figures=_figures(passes, span),
        plots=[_plot(calls, sizes)],
    )


def _figures(passes: list[list[Cost]], span: str) -> list[Figure]:
    """Return the worst growth of each kind of call."""
    figures = []
    calls = _by_call(passes[0])
    for kind in dict.fromkeys(kind for kind, _ in calls):
        own = [key for key in calls if key[0] == kind]
        for what in ("requests", "reads", "writes"):
            if not any(getattr(one, what) for key in own for one in calls[key]):
                continue
            growths = {key: _growth(calls[key], what) for key in own}
            worst = max(growths, key=growths.__getitem__)
            name = "requests" if what == "requests" else f"{what.removesuffix('s')} units"
            figures.append(
                Figure(f"growth of {name}: {kind} ({worst[1]}), {span}", [growths[worst]], goal=1.0)
            )
        cpu = [max(_cpu(one, key) for key in own) for one in passes]
        figures.append(Figure(f"growth of CPU: {kind}, {span}", cpu, goal=_CPU))
    return figures


def _by_call(costs: list[Cost]) -> dict[Key, list[Cost]]:
    calls: dict[Key, list[Cost]] = {}
    for one in costs:
        calls.setdefault((one.kind, one.name), []).append(one)
    return calls


def _growth(costs: list[Cost], what: str) -> float:
    first, last = (float(getattr(one, what)) for one in (costs[0], costs[-1]))
    return round(last / first, 2) if first else 1.0 + last


def _cpu(costs: list[Cost], key: Key) -> float:
    return round(_by_call(costs)[key][-1].ratio, 2)


def _range(costs: list[Cost], what: str) -> str:
    values = [getattr(one, what) for one in costs]
    if len(set(values)) == 1:
        return f"{values[0]:g}"
    return f"{values[0]:g} to {values[-1]:,g}"


def _plot(calls: dict[Key, list[Cost]], sizes: list[int]) -> Plot:
    series = {
        label: [[one.size, one.reads + one.writes] for one in calls[key]]
        for key, label in _SHOWN.items()
        if key in calls
    }
    ends = "; ".join(f"{label}: {points[0][1]:g} to {points[-1][1]:,g}"
                     for label, points in series.items())  # fmt: skip
    return Plot(
        file="growth",
        title="Capacity units of a call by the size of its list or log",
        alt=f"Lines on logarithmic axes, from {sizes[0]:,} to {sizes[-1]:,} items. {ends}.",
        kind="lines",
        series=series,
        x="items in the list or log",
        y="read and write units",
        logarithmic="xy",
    )
