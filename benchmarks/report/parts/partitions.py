"""Sustained load by shards, and a month of 100 million sessions."""

from typing import NamedTuple

from benchmarks import monthly_cost, partitions
from benchmarks.monthly_cost import Month
from benchmarks.partitions import DEFAULT_LIST_SHARDS, LOADS, ORGANIZATIONS, Partitions, Sustained
from benchmarks.report.section import Figure, Plot, Section, table
from shared.storage.counters import COUNTER_SHARDS


class Result(NamedTuple):
    """Results of both calculations."""

    partitions: Partitions
    month: Month


def measure() -> Result:
    """Return both."""
    return Result(partitions.measure(), monthly_cost.measure())


def present(passes: list[Result]) -> Section:
    """Return rates by shards, and the bill."""
    found, month = passes[0]
    by_lists = [one for one in found.sustained if one.counter_shards == COUNTER_SHARDS]
    pages = {one.list_shards: one for one in found.lists}
    rows = [
        (shards, pages[shards].requests, pages[shards].reads,
         *(round(_rate(by_lists, load, shards, number).rate)
           for load in LOADS for number in ORGANIZATIONS))
        for shards in pages
    ]  # fmt: skip
    loads = (f"{load}, {number:,} org." for load in LOADS for number in ORGANIZATIONS)
    head = ("shards of lists", "requests of a page", "read units", *loads)
    default = [_rate(by_lists, load, DEFAULT_LIST_SHARDS, number)
               for load in LOADS for number in ORGANIZATIONS]  # fmt: skip
    limits = table(
        ("load", "organizations", "a second", "limited by"),
        [(one.load, one.organizations, round(one.rate), f"{one.by} of `{one.key}`")
         for one in default],
    )  # fmt: skip
    intro = (
        "Loads a second before a partition key reaches DynamoDB's limit of 1,000 write or 3,000 "
        "read units, by the units and the keys of the running code: for one organization, and for "
        f"{ORGANIZATIONS[-1]:,} whose sizes follow Zipf's law, all together. Computed, not timed."
    )
    return Section(
        title="Sustained load, and a month of 100 million sessions",
        command="python -m benchmarks.partitions",
        text=[
            intro,
            table(head, rows),
            f"With the default of {DEFAULT_LIST_SHARDS} shards, the limit is:",
            limits,
            *_month(month),
        ],
        figures=_figures(default, found, month),
        plots=[_plot(by_lists)],
    )


def _month(month: Month) -> list[str]:
    intro = (
        f"{month.sessions:,} sessions of {month.turns} turns in a month cost "
        f"${month.dollars:,.0f}, ${month.dollars / month.sessions * 1000:.2f} for 1,000 "
        "sessions, without the model (`python -m benchmarks.monthly_cost`, which states its "
        "assumptions):"
    )
    bill = table(
        ("service", "quantity", "unit", "$ each", "$", "arithmetic"),
        [(one.service, round(one.quantity), one.unit, f"{one.price:.4g}", round(one.dollars),
          one.arithmetic) for one in month.lines],
    )  # fmt: skip
    rates = table(
        ("rate", "mean", "peak", "limit", "of"),
        [(one.name, round(one.mean), round(one.peak), round(one.limit), f"`{one.limited_by}`")
         for one in month.rates],
    )  # fmt: skip
    return [intro, bill, "The rates that follow, and the limits that they meet:", rates]


def _figures(default: list[Sustained], found: Partitions, month: Month) -> list[Figure]:
    rates = [
        Figure(
            f"sustained {one.load} a second, {_organizations(one.organizations)}", [round(one.rate)]
        )
        for one in default
    ]
    return [
        *rates,
        Figure("sustained turns a second of one session", [round(found.session.rate)]),
        Figure("price of 1,000 sessions of ten turns, without the model",
               [round(month.dollars / month.sessions * 1000, 2)], "dollars"),
    ]  # fmt: skip


def _organizations(number: int) -> str:
    return "one organization" if number == 1 else f"{number:,} organizations"


def _rate(sustained: list[Sustained], load: str, shards: int, organizations: int) -> Sustained:
    return next(
        one
        for one in sustained
        if (one.load, one.list_shards, one.organizations) == (load, shards, organizations)
    )


def _plot(sustained: list[Sustained]) -> Plot:
    shards = sorted({one.list_shards for one in sustained})
    series = {
        f"{load}, {_organizations(number)}": [
            [one, round(_rate(sustained, load, one, number).rate)] for one in shards
        ]
        for load in LOADS
        for number in ORGANIZATIONS
    }
    ends = "; ".join(f"{name}: {points[0][1]:,} to {points[-1][1]:,}"
                     for name, points in series.items())  # fmt: skip
    return Plot(
        file="partitions",
        title="Sustained loads a second by shards of lists",
        alt=f"Lines on logarithmic axes, from {shards[0]} to {shards[-1]} shards. {ends}.",
        kind="lines",
        series=series,
        x="shards of lists",
        y="loads a second",
        logarithmic="xy",
    )
