"""What can be drafted: scenarios from captured sessions, and from briefs."""

from collections.abc import Callable
from functools import cache
from uuid import UUID

from shared.core.errors import InvalidInput, NotFound, Unavailable
from shared.core.ids import OrganizationId
from shared.core.settings import settings
from shared.scenarios.brief import draft_from_brief
from shared.scenarios.domain import Draft, Drafter
from shared.scenarios.drafting import draft_scenario
from shared.sessions.agent_directory import AgentDirectory
from shared.sessions.transcript_reader import TranscriptReader
from shared.storage.table import table

RULES, BEDROCK = "rules", "bedrock"


class DraftingService:
    """Drafts, which are stored nowhere.

    ``drafter`` tells who writes drafts of sessions. It is asked only when there is one to be
    written: the function that drafts from briefs knows no drafter.
    """

    def __init__(
        self,
        transcripts: TranscriptReader,
        agents: AgentDirectory,
        drafter: Callable[[], Drafter],
    ) -> None:
        self._transcripts = transcripts
        self._agents = agents
        self._drafter = drafter

    def from_session(self, organization_id: OrganizationId, session_id: UUID) -> Draft:
        """Draft a scenario from a session of any kind.

        Raises ``InvalidInput``: ``session_not_found`` also for another organisation's
        session, ``session_not_draftable`` for one in which no user has said anything.
        The contract knows no 404 here. With a model for the words also ``Unavailable``
        (``drafter_unavailable``).
        """
        draft = self._drafter()
        try:
            transcript = self._transcripts.read(organization_id, session_id)
        except NotFound as error:
            raise InvalidInput("Session not found", code="session_not_found") from error
        return draft(transcript)

    def from_brief(
        self,
        organization_id: OrganizationId,
        brief: str,
        agent_id: UUID,
        persona_id: UUID | None = None,
    ) -> Draft:
        """Draft a scenario for an agent from a few words of a person, by rules: one read.

        Raises ``InvalidInput``: ``agent_not_found`` also for another organisation's agent,
        ``brief_empty`` for a brief without a word.
        """
        agent = self._agents.find(organization_id, [agent_id]).get(agent_id)
        if agent is None:
            raise InvalidInput(f"Agent not found: {agent_id}", code="agent_not_found")
        return draft_from_brief(brief, agent, persona_id)


def drafter_of_the_stack() -> Drafter:
    """Return who writes the words of drafts.

    Raises ``Unavailable`` (``drafter_unavailable``) for a stack whose drafter is set up
    wrongly: the rules do not step in for one that was asked for.
    """
    chosen, name = settings().drafter, settings().drafter_model
    if chosen == RULES:
        return draft_scenario
    if chosen != BEDROCK or not name:
        raise Unavailable(
            "The stack's drafter is not set up: see its parameters Drafter and DrafterModel.",
            code="drafter_unavailable",
        )
    # Loaded only where it is set up.
    from shared.llm.bedrock import bedrock  # noqa: PLC0415
    from shared.scenarios.bedrock_drafter import BedrockDrafter  # noqa: PLC0415

    return BedrockDrafter(bedrock(), name).draft


@cache
def drafts() -> DraftingService:
    """Return the service of this process."""
    return DraftingService(TranscriptReader(table()), AgentDirectory(table()), drafter_of_the_stack)
