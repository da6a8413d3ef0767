"""Checks, compared with the verdicts of τ-bench on recorded trajectories.

    python -m benchmarks.checks FILE… [--tau-bench CHECKOUT] [--show 20]

The task's ground truth becomes checks: its state-changing actions an `end_state`, its outputs
`says`, and `ends`, since τ-bench gives no reward to a conversation that reached its limit of
steps. A trajectory passes when all of them do; agreement is the share of trajectories that pass
exactly if their reward is 1.

Some actions of the ground truth are refused by τ-bench's own tools, which it does not notice,
since it compares the databases. With a checkout of τ-bench, these tools are asked, and refused
actions are not expected. Forms of the files: `benchmarks/trajectories.py`.
"""

import argparse
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.trajectories import Tools, Trajectory, read
from shared.core.json import fingerprint
from shared.runs.checks.evaluation import evaluate_checks
from shared.simulation.judging.domain import Outcome


@dataclass(frozen=True)
class Comparison:
    """Verdict of the checks beside that of τ-bench."""

    trajectory: Trajectory
    passed: bool
    reason: str

    @property
    def agrees(self) -> bool:
        return self.passed == self.trajectory.rewarded

    @property
    def reward(self) -> str:
        return "rewarded" if self.trajectory.rewarded else "not rewarded"


def compare(trajectory: Trajectory, tools: Tools | None) -> Comparison:
    """Evaluate the checks of a trajectory."""
    results = evaluate_checks(trajectory.checks(tools), trajectory.conversation())
    against = [one for one in results if one.outcome is not Outcome.PASSED]
    reason = f"{against[0].check['type']}: {against[0].reason}" if against else "all checks pass"
    return Comparison(trajectory, not against, reason)


def main() -> None:
    """Compare the trajectories of all files and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checks")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--tau-bench", type=Path, help="checkout, for refused actions")
    parser.add_argument("--show", type=int, default=10, help="disagreements to print")
    options = parser.parse_args()
    found = {
        fingerprint([one.messages, one.actions]): one
        for path in options.files
        for one in read(path)
    }
    tools = Tools(options.tau_bench) if options.tau_bench else None
    started = time.perf_counter()
    compared = [compare(one, tools) for one in found.values()]
    seconds = time.perf_counter() - started
    print("| domain | trajectories | rewarded | checks agree |\n|---|---|---|---|")
    for domain in ("airline", "retail", "all"):
        part = [one for one in compared if domain in ("all", one.trajectory.domain)]
        if part:
            rewarded = sum(one.trajectory.rewarded for one in part)
            agreeing = sum(one.agrees for one in part)
            share = f"{agreeing} ({agreeing / len(part):.1%})"
            print(f"| {domain} | {len(part):,} | {rewarded:,} | {share} |")
    print(f"\n{1000 * seconds / len(compared):.2f} ms a trajectory\n")
    different = [one for one in compared if not one.agrees]
    for reward, count in Counter(one.reward for one in different).items():
        print(f"{count} disagree: {reward}")
    for one in different[: options.show]:
        print(f"- {one.trajectory.label}: {one.reward}: {one.reason}")


if __name__ == "__main__":
    main()
