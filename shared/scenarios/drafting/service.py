"""Drafting service: drafts from captured sessions and from briefs."""

from dataclasses import replace
from uuid import UUID

from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import OrganizationId
from shared.scenarios.drafting.brief import draft_from_brief
from shared.scenarios.drafting.domain import Draft, Drafter
from shared.scenarios.drafting.recorded import RecordedConversation, pseudonymize_conversation
from shared.scenarios.redaction.classifier import Classifier
from shared.sessions.agent_directory import AgentDirectory
from shared.sessions.transcript import Transcript
from shared.sessions.transcript_reader import TranscriptReader
from shared.simulation.persona_directory import PersonaDirectory


class SessionDrafting:
    """Drafts from captured sessions."""

    def __init__(self, transcripts: TranscriptReader, drafter: Drafter) -> None:
        self._transcripts = transcripts
        self._drafter = drafter

    def draft(self, organization_id: OrganizationId, session_id: UUID) -> Draft:
        """Draft a scenario from a session of any kind: one query per megabyte of events.

        Raises ``InvalidInput``: ``session_not_found`` also for another organization's
        session (the contract has no 404 here), ``session_not_draftable`` for a session
        without a user message; with a model as drafter also ``Unavailable``
        (``drafter_unavailable``).
        """
        return self._drafter(_read(self._transcripts, organization_id, session_id))


class RecordedConversations:
    """Conversations of captured sessions, with invented values in place of personal data."""

    def __init__(self, transcripts: TranscriptReader, classify: Classifier) -> None:
        self._transcripts = transcripts
        self._classify = classify

    def read(self, organization_id: OrganizationId, session_id: UUID) -> RecordedConversation:
        """Return the conversation of a session: one query per megabyte of events.

        Raises ``InvalidInput`` as ``SessionDrafting.draft``.
        """
        transcript = _read(self._transcripts, organization_id, session_id)
        return pseudonymize_conversation(transcript, self._classify)


def _read(
    transcripts: TranscriptReader, organization_id: OrganizationId, session_id: UUID
) -> Transcript:
    try:
        return transcripts.read(organization_id, session_id)
    except NotFound as error:
        raise InvalidInput("Session not found", code="session_not_found") from error


class BriefDrafting:
    """Drafts from briefs."""

    def __init__(
        self, agents: AgentDirectory, personas: PersonaDirectory, classify: Classifier
    ) -> None:
        self._agents = agents
        self._personas = personas
        self._classify = classify

    def draft(
        self,
        organization_id: OrganizationId,
        brief: str,
        agent_id: UUID,
        persona_id: UUID | None = None,
    ) -> Draft:
        """Draft a scenario for an agent from a brief, by rules: one read, and one of the persona.

        Raises ``InvalidInput``: ``agent_not_found`` also for another organization's agent,
        ``brief_empty`` for a brief without a sentence.
        """
        agent = self._agents.find(organization_id, [agent_id]).get(agent_id)
        if agent is None:
            raise InvalidInput(f"Agent not found: {agent_id}", code="agent_not_found")
        draft = draft_from_brief(brief, agent, self._classify, persona_id)
        if persona_id is None:
            return draft
        names = self._personas.names(organization_id, [persona_id])
        return replace(draft, persona_name=names.get(persona_id))
