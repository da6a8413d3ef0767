"""Dependencies of the runs of a process."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from shared.agents.admission.domain import Slot
from shared.agents.admission.service import Admission
from shared.agents.agents.domain import Agent
from shared.agents.agents.repository import AgentRepository
from shared.agents.files.staging import StagedFiles
from shared.agents.sessions.domain import AgentSession
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.tools.wiring import TurnRemoteTools
from shared.agents.turns.steps import TurnConfig, configure_turn
from shared.core.clock import Clock, system_clock
from shared.core.errors import NotFound
from shared.core.ids import ModelId, OrganizationId, SessionId
from shared.llm.port import LanguageModel
from shared.llm.registry import Model, ModelRegistry
from shared.sessions.domain import Event
from shared.storage.repository import Loaded

if TYPE_CHECKING:
    from shared.sessions.recorded_worlds.world import World

#: Seconds of a remote tool's listing in a simulated turn, which does without it.
_LISTING_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnContext:
    """Dependencies of every run.

    Attributes
    ----------
    timeout
        Time limit of a turn.
    tool_result_timeout
        Time limit of a turn's wait for results of tools that its client runs.
    provider
        Returns the implementation of a model.
    remote_tools
        Returns the remote tools of a turn of an organization, by the seconds left to it.
    files
        Returns the files of a session for one step of a turn.
    worlds
        Returns the recorded world of an organization with a hash. Raises ``NotFound``.
    """

    sessions: AgentSessionRepository
    agents: AgentRepository
    admission: Admission
    models: ModelRegistry
    default_model: ModelId
    timeout: timedelta
    tool_result_timeout: timedelta
    provider: Callable[[Model], LanguageModel]
    files: Callable[[OrganizationId, SessionId], StagedFiles]
    worlds: "Callable[[OrganizationId, str], World]"
    remote_tools: Callable[[OrganizationId, Callable[[], float]], TurnRemoteTools] = TurnRemoteTools
    clock: Clock = system_clock
    monotonic: Callable[[], float] = time.monotonic

    def load(self, slot: Slot) -> tuple[Loaded[AgentSession], Loaded[Agent] | None]:
        """Return the session that a slot is for, and its agent if the slot names it: one request.

        Raises ``NotFound`` if the session does not exist.
        """
        if slot.agent_id is None:
            return self.sessions.load(slot.organization_id, slot.session_id), None
        key = self.sessions.codec.key(slot.organization_id, slot.session_id)
        agent_key = self.agents.codec.key(slot.organization_id, slot.agent_id)
        found = self.sessions.table.get_many([key, agent_key])
        loaded = self.sessions.loaded(found.get(key))
        if loaded is None:
            raise NotFound("Session not found")
        return loaded, self.agents.loaded(found.get(agent_key))

    def listing_time(
        self, session: AgentSession, seconds: Callable[[], float]
    ) -> Callable[[], float]:
        """Return the seconds of a turn's remote tools: in a simulation they are only listed."""
        if session.simulation is None:
            return seconds
        return lambda: min(seconds(), _LISTING_SECONDS)

    def configure(
        self, session: AgentSession, agent: Agent, message: Event, remote: TurnRemoteTools
    ) -> TurnConfig:
        """Return the configuration of the turn that answers a message: see ``configure_turn``.

        In a simulation a recorded world answers in place of the tools: see ``recorded_tools``.
        """
        simulation = session.simulation
        if simulation is None:
            return configure_turn(session, agent, message, self.models, self.default_model, remote)
        # Loaded by the turns of simulations only.
        from shared.agents.tools.recorded import known_listings, recorded_tools  # noqa: PLC0415

        listings = known_listings(remote)
        config = configure_turn(session, agent, message, self.models, self.default_model, listings)
        world = self.worlds(session.organization_id, simulation.world)
        return replace(config, tools=recorded_tools(config.tools, world, simulation.on_unmatched))
