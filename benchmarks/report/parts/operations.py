"""Units of each operation, and the price of a million sessions."""

from dataclasses import asdict
from typing import Any

from benchmarks import counting, operations, price
from benchmarks.monthly_cost import READ_PRICE, WRITE_PRICE
from benchmarks.operations import FIRST_TURN, LATE_TURN, OPEN_AGENT_SESSION
from benchmarks.report.section import Figure, Plot, Section, table

#: Greatest number of write units, and of requests, of an operation.
_WRITES = {FIRST_TURN: 20, LATE_TURN: 20}
_OPENED = 4
_REQUESTS = {FIRST_TURN: 5, LATE_TURN: 5}


def measure() -> dict[str, Any]:
    """Return the units of each operation, and the parts of the price."""
    costs = {name: asdict(one) for name, one in operations.measure().items()}
    opened = {number: sum(counting.costs(number, 1)) / number for number in (1, 10)}
    return {"costs": costs, "price": price.measure(), "opened": opened}


def present(passes: list[dict[str, Any]]) -> Section:
    """Return tables of the pass."""
    costs, priced = passes[0]["costs"], passes[0]["price"]
    alone, ten = passes[0]["opened"].values()
    figures = [
        Figure(f"write units: {OPEN_AGENT_SESSION}, ten in a batch", [ten], goal=_OPENED),
        Figure(f"write units: {OPEN_AGENT_SESSION}, alone in a batch", [alone], goal=_OPENED),
    ]
    figures += [
        Figure(f"write units: {name}", [costs[name]["writes"]], goal=goal)
        for name, goal in _WRITES.items()
    ] + [
        Figure(f"requests to the table: {name}", [costs[name]["requests"]], goal=goal)
        for name, goal in _REQUESTS.items()
    ]
    rows = [
        (name, one["requests"], one["writes"], one["reads"], one["invocations"], one["events"])
        for name, one in costs.items()
    ]
    head = ("operation", "requests", "write units", "read units", "stream invocations", "events")
    intro = (
        "One request to the API in a function that has just started, and what the table's stream "
        "makes other functions do for it, alone in a batch of the stream; a turn is its message "
        "and its run. Nothing is timed, and ids and times are fixed: one pass suffices. "
        "`tests/budgets.toml` has the figures as budgets, which a test compares."
    )
    price_text = (
        f"A million agent sessions, opened, cost about ${priced.total:.2f} in us-east-1 "
        "(`python -m benchmarks.price`; README has the same table):"
    )
    prices = table(
        ("part", "use", "$"), [(one.part, one.use, f"{one.dollars:.2f}") for one in priced.lines]
    )
    return Section(
        title="Requests and units of each operation",
        command="python -m benchmarks.operations",
        text=[intro, table(head, rows), price_text, prices],
        figures=figures,
        plots=[_plot(costs, priced)],
    )


def _plot(costs: dict[str, Any], priced: price.Price) -> Plot:
    """Return the price of a million sessions, opened, and then of a million turns of each age."""
    parts = [(one.part, one.dollars) for one in priced.lines]
    turns = [_turn_prices(costs[name]) for name in (FIRST_TURN, LATE_TURN)]
    names = list(dict.fromkeys([name for name, _ in parts] + list(turns[0])))
    series = {
        name: [dict(parts).get(name, 0.0), *(one.get(name, 0.0) for one in turns)] for name in names
    }
    totals = [sum(values) for values in zip(*series.values(), strict=True)]
    return Plot(
        file="cost",
        title="Price of a million, us-east-1",
        alt=f"Stacked bars. A million agent sessions, opened: ${totals[0]:.2f}, of which DynamoDB "
        f"writes ${series['DynamoDB writes'][0]:.2f}. The table's part of a million turns: "
        f"${totals[1]:.2f} for first turns, ${totals[2]:.2f} for thousandth turns.",
        kind="stacked",
        series=series,
        categories=["sessions opened", "first turns: table", "thousandth turns: table"],
        y="dollars",
    )


def _turn_prices(cost: dict[str, Any]) -> dict[str, float]:
    return {
        "DynamoDB writes": cost["writes"] * WRITE_PRICE,
        "DynamoDB reads": cost["reads"] * READ_PRICE,
    }
