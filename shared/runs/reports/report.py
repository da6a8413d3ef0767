"""Report of a run: its results, scores, and changes since a baseline."""

from dataclasses import dataclass, field
from functools import cached_property

from shared.runs.reports.comparison import Change, Comparison, compare
from shared.runs.reports.domain import Result, Scores, Tallies, Tally, Unit, scores_of, tallies_of
from shared.runs.runs.domain import Run

#: Classes of scenarios in a report without a baseline, in their order.
_FAILING, _FLAKY, _PASSING = "failing", "flaky", "passing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Earlier run that a report compares with."""

    run: Run
    tallies: Tallies


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Scenario and persona in a report.

    ``label`` is the change since the baseline, or passing, flaky or failing without one.
    """

    unit: Unit
    name: str
    label: str
    before: Tally | None
    now: Tally | None
    p_value: float | None = None

    @property
    def is_good(self) -> bool:
        """All repeats passed."""
        return self.now is not None and self.now.rate == 1.0


@dataclass(frozen=True, kw_only=True)
class Report:
    """Report; ``results`` are in the order of their numbers."""

    run: Run
    results: list[Result]
    baseline: Baseline | None = None
    tallies: Tallies = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tallies", tallies_of(self.results))

    @cached_property
    def scores(self) -> Scores:
        return scores_of(self.tallies.values(), self.run.spec.repeats)

    @cached_property
    def baseline_scores(self) -> Scores | None:
        if self.baseline is None:
            return None
        return scores_of(self.baseline.tallies.values(), self.baseline.run.spec.repeats)

    @cached_property
    def comparison(self) -> Comparison | None:
        return compare(self.baseline.tallies, self.tallies) if self.baseline else None

    @cached_property
    def sums(self) -> Tally:
        """Sum of all tallies, without numbers."""
        total = Tally("")
        for one in self.tallies.values():
            total.passed += one.passed
            total.failed += one.failed
            total.undecided += one.undecided
            total.errors += one.errors
            total.left_out += one.left_out
            total.open += one.open
            total.turns += one.turns
            total.tokens += one.tokens
            total.seconds += one.seconds
            if one.cost_usd is not None:
                total.cost_usd = (total.cost_usd or 0.0) + one.cost_usd
        return total

    @cached_property
    def rows(self) -> list[Row]:
        """Scenarios, those that need attention first."""
        if self.comparison:
            return [
                Row(
                    unit=one.unit, name=one.name, label=one.change.value.replace("_", " "),
                    before=one.before, now=one.now, p_value=one.p_value,
                )
                for one in self.comparison.changes
            ]  # fmt: skip
        rows = [
            Row(unit=unit, name=one.name, label=_label(one), before=None, now=one)
            for unit, one in self.tallies.items()
            if one.counted
        ]
        order = [_FAILING, _FLAKY, _PASSING]
        return sorted(rows, key=lambda row: order.index(row.label))

    def regressed(self) -> int:
        """Return the number of regressed scenarios; 0 without a baseline."""
        return self.comparison.counts[Change.REGRESSED] if self.comparison else 0


def _label(tally: Tally) -> str:
    if tally.rate == 1.0:
        return _PASSING
    return _FLAKY if tally.passed else _FAILING


def target_text(target: dict[str, object]) -> str:
    """Return a target in a few words."""
    for name, word in (
        ("agent_id", "agent"),
        ("catalog_slug", "workflow"),
        ("revision_id", "revision"),
        ("url", "server"),
    ):
        if target.get(name):
            return f"{word} {target[name]}"
    return "program of the caller (relay)"


def percent(rate: float | None) -> str:
    """Return a rate in percent; only the whole is 100 %."""
    if rate is None:
        return "-"
    text = f"{100 * rate:.1f}".removesuffix(".0")
    return "99.9 %" if text == "100" and rate < 1 else f"{text} %"


def out_of(tally: Tally | None) -> str:
    """Return the passed repeats of those that count."""
    return f"{tally.passed}/{tally.counted}" if tally and tally.counted else "-"
