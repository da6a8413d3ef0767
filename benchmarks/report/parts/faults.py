"""Kills, repeated messages and races."""

from benchmarks import faults
from benchmarks.faults import Fault
from benchmarks.report.section import Figure, Section, table


def measure() -> list[Fault]:
    """Return the results of every bench."""
    return faults.measure()


def present(passes: list[list[Fault]]) -> Section:
    """Return what was done, and what was lost or doubled."""
    results = passes[0]
    rows = [
        (one.name, one.done, one.kills, one.redelivered, round(one.seconds), len(one.faults))
        for one in results
    ]
    head = ("bench", "what runs", "killed", "repeated", "seconds", "lost or doubled")
    intro = (
        "Functions are killed (SIGKILL) at requests to the table, records and messages are "
        "delivered again, and 20 clients send the same create at once. At the end every message "
        "has one answer, every simulation one verdict, every key one entity, and the counts agree. "
        f"These are small forms that take minutes, with the fixed seed {faults.SEED}, run once. "
        "The large ones take longer: `python -m benchmarks.turn_storm`, `python -m "
        "benchmarks.chaos`, `python -m benchmarks.runs` and `python -m benchmarks.fairness`; "
        "[reliability.md](reliability.md) and [decision 13](decisions/0013-turns.md) have their "
        "last figures."
    )
    broken = "; ".join(fault for one in results for fault in one.faults[:5])
    figures = [
        Figure("lost or doubled: " + one.name, [len(one.faults)], goal=0, why=broken)
        for one in results
    ]
    return Section(
        title="Kills, repetitions and races",
        command="python -m benchmarks.faults",
        text=[intro, table(head, rows)],
        figures=figures,
    )
