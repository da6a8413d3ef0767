"""Growth of other session stores beside this one."""

from benchmarks.peers import comparison
from benchmarks.peers.comparison import PeerCost
from benchmarks.report.section import Plot, Section, number, table, times

#: Calls whose growth is plotted, and what their size counts.
_PLOTTED = {
    "list": ("List of sessions", "sessions in the list"),
    "get": ("Read of one session", "events or messages of the session"),
    "append": ("Append to one session", "events or messages of the session"),
}


def measure() -> list[PeerCost]:
    """Return the costs of all systems."""
    return comparison.measure()


def present(passes: list[list[PeerCost]]) -> Section:
    """Return the costs, and the growth of CPU by call."""
    costs = passes[0]
    rows = [
        (one.system, one.kind, one.size, *map(_cell, (one.requests, one.reads, one.writes)),
         one.failed or " and ".join(dict.fromkeys(_cell(own[place].ratio) for own in passes)))
        for place, one in enumerate(costs)
    ]  # fmt: skip
    head = ("system", "call", "size", "requests", "read units", "write units",
            "CPU, to the smallest size")  # fmt: skip
    intro = (
        "The same work in one run, each system in an environment of its own, by the number of "
        "sessions of a list and of events or messages of a session. Requests and units are those "
        "of DynamoDB; CPU compares a system with itself at its smallest size, without the time of "
        f"DynamoDB, in {times(passes)}. Of this project a read has the newest 50 events, of the "
        "others all messages; an append of this project is a message and its turn."
    )
    return Section(
        title="Growth beside other session stores",
        command="python -m benchmarks.peers",
        text=[intro, table(head, rows)],
        plots=[_plot(costs, kind) for kind in _PLOTTED],
    )


def _cell(value: float | None) -> str:
    return "" if value is None else number(value)


def _plot(costs: list[PeerCost], kind: str) -> Plot:
    title, counted = _PLOTTED[kind]
    series: dict[str, list[list[float]]] = {}
    for one in costs:
        if one.kind == kind and one.ratio is not None:
            series.setdefault(one.system, []).append([one.size, round(one.ratio, 3)])
    ends = "; ".join(
        f"{system}: {number(points[-1][1])} at {points[-1][0]:,}"
        for system, points in series.items()
    )
    return Plot(
        file=f"peers-{kind}",
        title=f"{title}: CPU relative to the smallest size",
        alt=f"Lines on logarithmic axes: CPU relative to a system's smallest size. {ends}.",
        kind="lines",
        series={system: list(points) for system, points in series.items()},
        x=counted,
        y="factor",
        logarithmic="xy",
    )
