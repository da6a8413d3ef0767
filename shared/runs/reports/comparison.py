"""Comparison of two runs: changes of each scenario, and the chance that they are none.

Few repeats prove little. A scenario counts as regressed or fixed where all of its repeats changed
side, or where the difference is too large for chance (Fisher's exact test, two-sided, 5 %); any
other difference is flaky. Each change has its p-value: one repeat that failed where one passed
has 1.0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import comb, exp, lgamma, log

from shared.runs.reports.domain import Tallies, Tally, Unit

#: Probability of a difference by chance, below which it is taken for one.
SIGNIFICANCE = 0.05


class Change(StrEnum):
    """Change of a scenario between two runs, in the order of a report."""

    REGRESSED = "regressed"
    FLAKY = "flaky"
    STILL_FAILING = "still_failing"
    FIXED = "fixed"
    NEW = "new"
    REMOVED = "removed"
    STILL_PASSING = "still_passing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioChange:
    """A unit in both runs; a tally is None where its run has no repeat of it that counts."""

    unit: Unit
    name: str
    change: Change
    before: Tally | None
    now: Tally | None
    p_value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Changes, regressed ones first; rates and ``p_value`` are over the units of both runs.

    ``p_value`` is that of an exact sign test over the units whose rate changed.
    """

    changes: tuple[ScenarioChange, ...]
    rate_before: float | None
    rate_now: float | None
    better: int
    worse: int
    p_value: float | None

    @property
    def counts(self) -> dict[Change, int]:
        found = dict.fromkeys(Change, 0)
        for one in self.changes:
            found[one.change] += 1
        return found


def compare(before: Tallies, now: Tallies) -> Comparison:
    """Compare a run with an earlier one."""
    found = [_change(unit, before.get(unit), tally) for unit, tally in now.items()]
    found += [_change(unit, tally, None) for unit, tally in before.items() if unit not in now]
    changes = sorted((one for one in found if one), key=_order)
    shared = [_rates(one.before, one.now) for one in changes if one.before and one.now]
    better, worse = sum(b < n for b, n in shared), sum(b > n for b, n in shared)
    return Comparison(
        changes=tuple(changes),
        rate_before=sum(b for b, _ in shared) / len(shared) if shared else None,
        rate_now=sum(n for _, n in shared) / len(shared) if shared else None,
        better=better,
        worse=worse,
        p_value=sign_p(better, worse) if shared else None,
    )


def _rates(before: Tally, now: Tally) -> tuple[float, float]:
    return before.passed / before.counted, now.passed / now.counted


def _change(unit: Unit, before: Tally | None, now: Tally | None) -> ScenarioChange | None:
    """Return the change of a unit, or None where neither run has a repeat that counts."""
    before = before if before and before.counted else None
    now = now if now and now.counted else None
    if now is None and before is None:
        return None
    change, p_value = Change.NEW, None
    if before and now:
        p_value = fisher_p(before.passed, before.counted, now.passed, now.counted)
        change = _kind(before, now, p_value)
    elif before:
        change = Change.REMOVED
    name = (now.name if now else "") or (before.name if before else "")
    return ScenarioChange(
        unit=unit, name=name, change=change, before=before, now=now, p_value=p_value
    )


def _kind(before: Tally, now: Tally, p_value: float) -> Change:
    was, rate = _rates(before, now)
    if was != rate and (p_value <= SIGNIFICANCE or {was, rate} == {0.0, 1.0}):
        return Change.REGRESSED if rate < was else Change.FIXED
    if was == rate == 1.0:
        return Change.STILL_PASSING
    if was == rate == 0.0:
        return Change.STILL_FAILING
    return Change.FLAKY


def _order(one: ScenarioChange) -> tuple[int, float, str]:
    was, rate = (0.0, 0.0) if not (one.before and one.now) else _rates(one.before, one.now)
    return list(Change).index(one.change), rate - was, one.name


def fisher_p(passed: int, total: int, other_passed: int, other_total: int) -> float:
    """Return the two-sided p-value of Fisher's exact test of two pass rates."""
    both, tries = passed + other_passed, total + other_total
    ways = comb(tries, both)

    def probability(of_first: int) -> float:
        return comb(total, of_first) * comb(other_total, both - of_first) / ways

    observed = probability(passed)
    possible = range(max(0, both - other_total), min(both, total) + 1)
    # Equal probabilities differ by rounding only.
    extreme = (p for one in possible if (p := probability(one)) <= observed * (1 + 1e-9))
    return min(1.0, sum(extreme))


def sign_p(better: int, worse: int) -> float:
    """Return the two-sided p-value of an exact sign test."""
    changed, fewer = better + worse, min(better, worse)
    if better == worse:
        return 1.0
    tail = (exp(_log_comb(changed, one) - changed * log(2)) for one in range(fewer + 1))
    return min(1.0, 2 * sum(tail))


def _log_comb(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def of_change(changes: Iterable[ScenarioChange], *kinds: Change) -> list[ScenarioChange]:
    """Return the changes of some kinds."""
    return [one for one in changes if one.change in kinds]
