"""Drafting services of this process."""

from functools import cache

from shared.core.errors import Unavailable
from shared.core.settings import settings
from shared.scenarios.drafting.domain import Drafter
from shared.scenarios.drafting.rules import draft_scenario
from shared.scenarios.drafting.service import BriefDrafting, SessionDrafting
from shared.sessions.agent_directory import AgentDirectory
from shared.sessions.transcript_reader import TranscriptReader
from shared.sessions.transcript_source import TranscriptSource
from shared.storage.table import table

_RULES, _BEDROCK = "rules", "bedrock"


@cache
def session_drafting(*sources: TranscriptSource) -> SessionDrafting:
    """Return the service for the kinds of session that these sources read.

    Raises ``Unavailable`` (``drafter_unavailable``) if the stack's drafter is misconfigured.
    """
    return SessionDrafting(TranscriptReader(table(), sources), _configured_drafter())


@cache
def brief_drafting() -> BriefDrafting:
    """Return the service."""
    return BriefDrafting(AgentDirectory(table()))


def _configured_drafter() -> Drafter:
    """Return the drafter of the stack; the rules never replace a misconfigured model."""
    chosen, name = settings().drafter, settings().drafter_model
    if chosen == _RULES:
        return draft_scenario
    if chosen != _BEDROCK or not name:
        raise Unavailable(
            "The drafter is not configured; set the stack parameters Drafter and DrafterModel.",
            code="drafter_unavailable",
        )
    # Imported only where configured: most stacks have no model.
    from shared.llm.wiring import bedrock  # noqa: PLC0415
    from shared.scenarios.drafting.model_drafter import ModelDrafter  # noqa: PLC0415

    return ModelDrafter(bedrock(), name).draft
