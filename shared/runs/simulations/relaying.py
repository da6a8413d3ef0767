"""Turns whose words a caller relays."""

from uuid import UUID

from shared.core.errors import Conflict
from shared.core.ids import OrganizationId
from shared.runs.runs.domain import Run
from shared.runs.runs.reading import RunReader
from shared.runs.simulations.domain import Simulation
from shared.runs.simulations.queue import Step
from shared.runs.simulations.steps import SimulationSteps
from shared.simulation.target import TargetAnswer


class RelayedTurns:
    """Takes the words of agents that only their caller reaches."""

    def __init__(self, runs: RunReader, steps: SimulationSteps) -> None:
        self._runs = runs
        self._steps = steps

    def take(
        self,
        organization_id: OrganizationId,
        run_id: UUID,
        number: int,
        turn: int,
        words: TargetAnswer | str | None,
    ) -> tuple[Run, Simulation]:
        """Take the agent's answer to a turn; return the simulation behind it.

        A text is the reason why there is no answer; None asks for the state only. A turn that
        was answered before changes nothing. Raises ``NotFound``, and ``Conflict`` for a turn
        that has not begun, and for a run whose target is not relayed.
        """
        run, simulation = self._runs.simulation(organization_id, run_id, number)
        if not run.spec.target.get("relay"):
            raise Conflict("The run calls its target itself.", code="not_relayed")
        if turn > simulation.turn:
            message = f"turn: must be at most {simulation.turn}, the turn in progress."
            raise Conflict(message, code="turn_not_begun")
        if words is None or turn < simulation.turn or simulation.status.is_final:
            return run, simulation
        self._steps.take(Step(organization_id, run_id, number, turn), words)
        return self._runs.simulation(organization_id, run_id, number)
