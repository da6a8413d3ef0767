"""Units of a turn by its number, beside LangGraph's checkpointer."""

from typing import Any

from benchmarks import turns
from benchmarks.monthly_cost import READ_PRICE, WRITE_PRICE
from benchmarks.report.section import Figure, Plot, Section, table

#: Cells of a turn that LangGraph does not reach.
_NONE = ("",) * 4


def measure() -> dict[str, list[dict[str, Any]]]:
    """Return the costs of the turns of one conversation, with both."""
    return {"own": turns.agent_session_costs(), "langgraph": turns.langgraph_costs()}


def present(passes: list[dict[str, Any]]) -> Section:
    """Return the costs by turn."""
    own = passes[0]["own"]
    shown = {one["turn"]: one for one in passes[0]["langgraph"]}
    ends = [one for one in shown.values() if "error" in one]
    rows = [
        (
            one["turn"],
            *_cells(one),
            *(_cells(shown[one["turn"]]) if one["turn"] in shown else _NONE),
        )
        for one in own
    ]
    names = ("requests", "write units", "read units", "$ per million")
    head = ("turn", *names, *(f"LangGraph: {name}" for name in names))
    growth = max(one["writes"] for one in own) / own[0]["writes"]
    last = max((one for one in shown.values() if "error" not in one), key=lambda one: one["turn"])
    ended = "".join(
        f" At turn {one['turn']} its checkpoint exceeds the 400 KB of an item: `{one['error']}`. "
        "It has an option to store large checkpoints in S3, which is not measured."
        for one in ends
    )
    intro = (
        "A message of 200 characters and an answer of 400, up to the thousandth turn of one "
        "session, from the create of the message to the end of the turn; LangGraph with its "
        "DynamoDB checkpointer runs the same conversation in a graph of one node. Run once: "
        "nothing is timed. Prices are those of the table in us-east-1."
    )
    other = last["writes"] / shown[1]["writes"]
    result = (
        f"From the first to the last turn the write units grow by a factor of {growth:.2f}; "
        f"LangGraph's by {other:.0f} until turn {last['turn']}.{ended}"
    )
    return Section(
        title="Turns of a long conversation",
        command="python -m benchmarks.turns",
        text=[intro, table(head, rows), result],
        figures=[Figure("write units: last turn relative to the first", [growth], goal=1.0)],
        plots=[_plot(own, [one for one in shown.values() if "error" not in one])],
    )


def _cells(cost: dict[str, Any]) -> tuple[Any, ...]:
    if "error" in cost:
        return _NONE
    dollars = round(cost["writes"] * WRITE_PRICE + cost["reads"] * READ_PRICE, 1)
    return cost["requests"], cost["writes"], cost["reads"], dollars


def _plot(own: list[dict[str, Any]], other: list[dict[str, Any]]) -> Plot:
    series = {
        f"{who}: {what} units": [[one["turn"], one[f"{what}s"]] for one in costs]
        for what in ("write", "read")
        for who, costs in (("agent session", own), ("LangGraph", other))
    }
    return Plot(
        file="turns",
        title="Capacity units of a turn by its number",
        alt="Lines on logarithmic axes. An agent session's turn takes "
        f"{own[0]['writes']:.0f} write units at turn {own[0]['turn']} and "
        f"{own[-1]['writes']:.0f} at turn {own[-1]['turn']}, and {own[0]['reads']:g} to "
        f"{own[-1]['reads']:g} read units. LangGraph's takes "
        f"{other[0]['writes']:.0f} write units at turn {other[0]['turn']} and "
        f"{other[-1]['writes']:.0f} at turn {other[-1]['turn']}.",
        kind="lines",
        series=series,
        x="turn",
        y="units",
        logarithmic="xy",
    )
