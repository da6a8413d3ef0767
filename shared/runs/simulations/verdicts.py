"""Verdict of a finished conversation: its checks, then its criteria."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from shared.core.errors import Unavailable
from shared.core.json import dumps
from shared.runs.checks.domain import CheckResult
from shared.runs.runs.domain import Run, add_totals
from shared.runs.simulations.domain import Simulation
from shared.runs.simulations.inputs import criteria_of
from shared.runs.simulations.ports import SimulationPorts
from shared.simulation.conversation import Conversation, Totals
from shared.simulation.judging.domain import CriterionResult, JudgedCriterion, Judgement, Outcome
from shared.simulation.users.domain import UserMessage

#: Reasons of one simulation, and characters of each, in a result.
_MAX_REASONS = 10
_MAX_REASON = 240
#: Bytes of judged criteria, at most: with the checks they are one item. Of more, each keeps a
#: quotation, and this many characters of it and of its reason.
_MAX_BYTES = 250_000
_MAX_QUOTE, _MAX_KEPT_REASON = 60, 200
_NOTHING_TO_DECIDE = "The scenario has no checks and no criteria."
_NO_JUDGE = "No judge model: name judge_model in the run."
_NO_ANSWER = "The judge model does not respond."


def judged(
    run: Run,
    simulation: Simulation,
    conversation: Conversation,
    ports: SimulationPorts,
    *,
    is_last_attempt: bool,
) -> Simulation:
    """Return a simulation with its verdict.

    Raises ``Unavailable`` if the judge does not respond, except at the last attempt: then its
    criteria are undecided.
    """
    checks = ports.check(simulation.snapshot["checks"], conversation)
    criteria = criteria_of(simulation.snapshot, run.spec.criterion_threshold)
    judgement = Judgement(results=())
    if criteria:
        try:
            judge = ports.judge(run.spec.judge_model)
            judgement = (
                judge.judge(criteria, conversation) if judge else _undecided(criteria, _NO_JUDGE)
            )
        except Unavailable:
            if not is_last_attempt:
                raise
            judgement = _undecided(criteria, _NO_ANSWER)
    results = judgement.results
    return replace(
        simulation,
        outcome=_outcome([*checks, *results]),
        reasons=_reasons(checks, results),
        checks=tuple(checks),
        criteria=_storable(results),
        totals=add_totals(simulation.totals, spent(judgement)),
    )


def spent(asked: UserMessage | Judgement) -> Totals:
    """Return the tokens of a model that played the user, or judged, as measures."""
    return Totals(tester_input_tokens=asked.input_tokens, tester_output_tokens=asked.output_tokens)


def _storable(criteria: Sequence[CriterionResult]) -> tuple[CriterionResult, ...]:
    """Return judged criteria that fit into one item: of many long ones, the words are cut."""
    if len(dumps([asdict(one) for one in criteria]).encode()) <= _MAX_BYTES:
        return tuple(criteria)
    return tuple(
        replace(
            one,
            reason=one.reason[:_MAX_KEPT_REASON],
            evidence=tuple(
                replace(each, quote=each.quote[:_MAX_QUOTE]) for each in one.evidence[:1]
            ),
        )
        for one in criteria
    )


def _undecided(criteria: Iterable[JudgedCriterion], reason: str) -> Judgement:
    return Judgement(
        results=tuple(
            CriterionResult(
                description=one.description,
                scale=one.scale,
                outcome=Outcome.UNDECIDED,
                score=None,
                reason=reason,
            )
            for one in criteria
        )
    )


def _outcome(results: Sequence[CheckResult | CriterionResult]) -> Outcome:
    """Return the worst outcome; without checks and criteria nothing is decided."""
    outcomes = {one.outcome for one in results}
    if Outcome.FAILED in outcomes:
        return Outcome.FAILED
    return Outcome.PASSED if outcomes == {Outcome.PASSED} else Outcome.UNDECIDED


def _reasons(checks: Sequence[CheckResult], criteria: Sequence[CriterionResult]) -> tuple[str, ...]:
    if not checks and not criteria:
        return (_NOTHING_TO_DECIDE,)
    found = [
        _reason(one.reason, one.sequence) for one in checks if one.outcome is not Outcome.PASSED
    ]
    for one in criteria:
        if one.outcome is not Outcome.PASSED:
            sequences = [each.sequence for each in one.evidence if each.sequence is not None]
            text = f"{one.description}: {one.reason}"
            found.append(_reason(text, sequences[0] if sequences else None))
    return tuple(found[:_MAX_REASONS])


def _reason(text: str, sequence: int | None) -> str:
    short = text if len(text) <= _MAX_REASON else f"{text[:_MAX_REASON]}\u2026"
    return short if sequence is None else f"{short.removesuffix('.')} (event {sequence})"
