"""Steps of simulations: begin, turn, verdict, and the end; each by one message of the queue.

Every write is conditional on what the step has read, and operations of targets are keyed by
simulation and turn: a step that is delivered again, or killed, repeats harmlessly. The step
that wins a write sends the message of the next one before its own message is deleted. One
that finds its write done sends nothing, unless it is delivered again: then the winner may have
been killed before it sent.
"""

from dataclasses import replace
from datetime import timedelta

from shared.core.errors import DomainError
from shared.core.observability import logger
from shared.runs.runs.domain import Run, add_totals
from shared.runs.simulations.domain import (
    NO_ANSWER,
    OWN_ERRORS,
    WORKER_FAILED,
    Simulation,
    SimulationStatus,
)
from shared.runs.simulations.inputs import InputsNotUsable, brief_of, pin_inputs, session_of
from shared.runs.simulations.ports import SimulationPorts
from shared.runs.simulations.queue import Step
from shared.runs.simulations.verdicts import judged, spent
from shared.runs.simulations.work import SimulationWork, Work
from shared.simulation.conversation import Conversation, Totals
from shared.simulation.target import Target, TargetAnswer, TargetFailed
from shared.simulation.users.domain import MAX_TURNS_REACHED
from shared.storage.contention import ConditionFailed

#: Deliveries of a message after which a target or a judge that does not respond is given up.
MAX_TRIES = 3
#: Deliveries of a message that are tried; a later one fails its simulation without a try. More than
#: the tries: of one function killed in twenty, three in a row are met once in 2,000 simulations.
MAX_ATTEMPTS = 5
#: Time for which a turn without an answer is waited for: an agent's turn ends by its own limit
#: long before; a caller who relays may be slow, or gone.
ANSWER_LIMIT = timedelta(hours=1)
RELAY_LIMIT = timedelta(minutes=15)


class SimulationSteps:
    """Runs steps of simulations."""

    def __init__(self, work: SimulationWork, ports: SimulationPorts) -> None:
        self._work = work
        self._ports = ports

    def run(self, step: Step, attempt: int = 1) -> None:
        """Run the step that a message names; ``attempt`` counts its deliveries from 1.

        Two reads, and one write for a turn. An error passes for another delivery.
        """
        work = self._work.read(step)
        if work is None:
            return
        if not _is_due(work, step):
            if attempt > 1:
                self._work.resume(work)
            return
        try:
            if attempt > MAX_ATTEMPTS:
                self._fail(work, WORKER_FAILED)
            else:
                self._try(work, step, is_last=attempt >= MAX_TRIES)
        except ConditionFailed:
            logger.info("another step came first", extra={"run_id": str(step.run_id)})

    def take(self, step: Step, answer: TargetAnswer | str) -> None:
        """Record the answer to a turn that its caller relays, and write the next message.

        A text in place of an answer is the reason why there is none: the simulation fails. A
        turn that was answered before changes nothing.
        """
        work = self._work.read(step)
        if work is None or work.simulation is None or not _is_due(work, step):
            return
        simulation = work.simulation
        try:
            if work.run.status.is_final:
                self._stop(work)
            elif simulation.end_reason is None:
                self._take(work, simulation, answer)
        except ConditionFailed:
            logger.info("another answer came first", extra={"run_id": str(step.run_id)})

    def _take(self, work: Work, simulation: Simulation, answer: TargetAnswer | str) -> None:
        session = session_of(work.run, simulation, self._ports)
        target, said = self._ports.relayed(), simulation.pending_message or ""
        try:
            if isinstance(answer, str):
                target.fail(session, simulation.turn, said, answer)
                self._fail(work, answer)
            else:
                taken = target.take(session, simulation.turn, said, answer)
                self._answered(work, simulation, taken)
        except TargetFailed as error:
            self._fail(work, error.reason)

    def _try(self, work: Work, step: Step, *, is_last: bool) -> None:
        """Run a step; what makes it impossible, or fails its last attempt, ends the simulation."""
        try:
            self._step(work, is_last=is_last)
        except InputsNotUsable as error:
            self._fail(work, error.reason)
        except TargetFailed as error:
            if error.retry and not is_last:
                raise
            self._fail_as_of_now(work, step, error.reason)
        except DomainError as error:
            if not is_last:
                raise
            self._fail_as_of_now(work, step, error.message)

    def _step(self, work: Work, *, is_last: bool) -> None:
        simulation = work.simulation
        if work.run.status.is_final:
            self._stop(work)
        elif simulation is None:
            # The inputs are pinned before anything is done with them.
            pinned = pin_inputs(work.run, self._work.planned(work), self._ports)
            self._open(work, self._work.begin(pinned))
        elif simulation.end_reason is not None:
            self._judge(work, simulation, is_last=is_last)
        elif simulation.turn == 0:
            self._open(work, simulation)
        else:
            self._turn(work, simulation)

    def _open(self, work: Work, simulation: Simulation) -> None:
        run, ports = work.run, self._ports
        self._target(run).open(session_of(run, simulation, ports))
        user = ports.user(run.spec.user_model)
        message = user.next_message(brief_of(simulation.snapshot), Conversation())
        opened = replace(
            simulation,
            turn=1,
            pending_message=message.text,
            stop_reason=message.stop_reason,
            totals=add_totals(simulation.totals, spent(message)),
        )
        self._work.advance(work, simulation, opened)

    def _turn(self, work: Work, simulation: Simulation) -> None:
        session = session_of(work.run, simulation, self._ports)
        target = self._target(work.run)
        answer = target.send(session, simulation.turn, simulation.pending_message or "")
        if answer is None:
            answer = target.answer(session, simulation.turn)
        if answer is not None:
            self._answered(work, simulation, answer)
        elif self._is_overdue(work.run, simulation):
            self._fail(work, NO_ANSWER)

    def _answered(self, work: Work, simulation: Simulation, answer: TargetAnswer) -> None:
        run, ports = work.run, self._ports
        totals = add_totals(simulation.totals, _measured(answer))
        reason = answer.end_reason or simulation.stop_reason
        if reason is None and simulation.turn >= run.spec.max_turns:
            reason = MAX_TURNS_REACHED
        following = replace(simulation, totals=totals, pending_message=None)
        if reason is None:
            conversation = self._target(run).read(session_of(run, simulation, ports))
            message = ports.user(run.spec.user_model).next_message(
                brief_of(simulation.snapshot), replace(conversation, totals=totals)
            )
            following = replace(following, totals=add_totals(totals, spent(message)))
            reason = message.stop_reason if not message.text else None
            if reason is None:
                following = replace(
                    following,
                    turn=simulation.turn + 1,
                    pending_message=message.text,
                    stop_reason=message.stop_reason,
                )
        self._work.advance(work, simulation, replace(following, end_reason=reason))

    def _judge(self, work: Work, simulation: Simulation, *, is_last: bool) -> None:
        run = work.run
        conversation = self._target(run).read(session_of(run, simulation, self._ports))
        conversation = replace(
            conversation, totals=simulation.totals, end_reason=simulation.end_reason
        )
        ended = judged(run, simulation, conversation, self._ports, is_last_attempt=is_last)
        self._work.end(work, ended, SimulationStatus.COMPLETED, with_verdict=True)

    def _stop(self, work: Work) -> None:
        """End a simulation with its run, or the lane before its next one begins."""
        if work.simulation is None:
            self._work.end_lane(work)
            return
        self._stop_session(work.run, work.simulation)
        self._work.end(work, work.simulation, SimulationStatus(work.run.status.value))

    def _fail(self, work: Work, error: str) -> None:
        simulation = work.simulation or self._work.planned(work)
        # A target's reason may quote the conversation: it is not logged.
        reason = error if error in OWN_ERRORS else "of its target or its inputs"
        details = {"run_id": str(work.run.id), "number": simulation.number, "reason": reason}
        logger.warning("a simulation failed", extra=details)
        if work.simulation is not None:
            self._stop_session(work.run, simulation)
        self._work.end(work, simulation, SimulationStatus.FAILED, error)

    def _fail_as_of_now(self, before: Work, step: Step, error: str) -> None:
        """Fail the simulation of a step that may have begun it before it failed.

        One that is further by now goes on: another step came first, or this one after its write.
        """
        work = self._work.read(step)
        if work is None:
            return
        if work.lane.current == step.number and _place(work) == _place(before):
            self._fail(work, error)
        else:
            self._work.resume(work)

    def _stop_session(self, run: Run, simulation: Simulation) -> None:
        """Stop the target; a failure leaves the session to its own limits."""
        try:
            self._target(run).stop(session_of(run, simulation, self._ports))
        except Exception as error:  # the simulation ends all the same
            logger.warning("a session could not be stopped", extra={"reason": str(error)})

    def _target(self, run: Run) -> Target:
        return self._ports.target(run.spec.target)

    def _is_overdue(self, run: Run, simulation: Simulation) -> bool:
        limit = RELAY_LIMIT if run.spec.target.get("relay") else ANSWER_LIMIT
        since = simulation.updated_at or self._ports.clock()
        return self._ports.clock() - since > limit


def _place(work: Work) -> tuple[int, str | None]:
    """Return the turn that a simulation is at, and the reason of its end."""
    simulation = work.simulation
    return (simulation.turn, simulation.end_reason) if simulation else (0, None)


def _is_due(work: Work, step: Step) -> bool:
    """Return whether a step is that of its lane now."""
    turn = work.simulation.turn if work.simulation else 0
    return work.lane.current == step.number and step.turn in (None, turn)


def _measured(answer: TargetAnswer) -> Totals:
    return Totals(
        turns=1,
        tool_calls=answer.tool_calls,
        input_tokens=answer.input_tokens,
        output_tokens=answer.output_tokens,
        cost_usd=answer.cost_usd,
        seconds=answer.seconds,
        slowest_seconds=answer.seconds,
    )
