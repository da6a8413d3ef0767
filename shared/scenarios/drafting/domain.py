"""Scenario drafts, which are not stored."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.scenarios.redaction.replacements import Replacement
from shared.sessions.agent_ref import AgentRef
from shared.sessions.transcript import Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Scenario drafted from a session or a brief.

    ``intent`` is the goal of the user in plain sentences (at most 500 characters), ``journey``
    the steps of the session in order (at most 20,000 characters). ``mock_world`` has the
    recorded answers by tool; see ``worlds/mock_world.py``. ``user_turns`` are the recorded
    user's messages, with invented values. ``replacements`` are the personal values that were
    replaced in all of these.
    """

    name: str
    intent: str
    journey: str
    mock_world: dict[str, Any]
    tags: tuple[str, ...] = ()
    user_turns: tuple[str, ...] = ()
    agent: AgentRef | None = None
    brief: str | None = None
    persona_id: UUID | None = None
    persona_name: str | None = None
    replacements: tuple[Replacement, ...] = ()


#: Writer of a draft's texts: the rules, or a model.
type Drafter = Callable[[Transcript], Draft]
