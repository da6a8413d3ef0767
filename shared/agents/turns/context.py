"""Dependencies of the runs of a process."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from shared.agents.admission.service import Admission
from shared.agents.agents.repository import AgentRepository
from shared.agents.files.staging import StagedFiles
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.tools.wiring import TurnRemoteTools
from shared.core.clock import Clock, system_clock
from shared.core.ids import ModelId, OrganizationId, SessionId
from shared.llm.port import LanguageModel
from shared.llm.registry import Model, ModelRegistry


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
    remote_tools: Callable[[OrganizationId, Callable[[], float]], TurnRemoteTools] = TurnRemoteTools
    clock: Clock = system_clock
    monotonic: Callable[[], float] = time.monotonic
