"""Ports of simulations: what the steps of a run are done with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.core.clock import Clock, system_clock
from shared.runs.checks.domain import CheckResult
from shared.sessions.recorded_worlds.repository import WorldRepository
from shared.simulation.conversation import Conversation
from shared.simulation.judging.domain import Judge
from shared.simulation.scenario import Personas, Scenarios
from shared.simulation.target import RelayedTarget, Target
from shared.simulation.users.domain import SimulatedUser


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationPorts:
    """Ports, handed in by the function that composes them.

    Attributes
    ----------
    target
        Returns the target of a reference.
    relayed
        Returns the target whose words a caller relays.
    user
        Returns the simulated user by a model, or by script without one.
    judge
        Returns the judge by a model; None without one.
    check
        Evaluates the checks of a scenario.
    """

    scenarios: Scenarios
    personas: Personas
    worlds: WorldRepository
    target: Callable[[dict[str, Any]], Target]
    relayed: Callable[[], RelayedTarget]
    user: Callable[[str | None], SimulatedUser]
    judge: Callable[[str | None], Judge | None]
    check: Callable[[Sequence[dict[str, Any]], Conversation], Sequence[CheckResult]]
    clock: Clock = system_clock
