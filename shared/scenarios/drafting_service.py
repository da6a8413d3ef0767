"""What can be drafted: scenarios from captured sessions."""

from functools import cache
from uuid import UUID

from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import OrganizationId
from shared.scenarios.domain import Draft
from shared.scenarios.drafting import draft_scenario
from shared.sessions.transcript_reader import TranscriptReader
from shared.storage.table import table


class DraftingService:
    """Drafts, which are stored nowhere."""

    def __init__(self, transcripts: TranscriptReader) -> None:
        self._transcripts = transcripts

    def draft_from_session(self, organization_id: OrganizationId, session_id: UUID) -> Draft:
        """Draft a scenario from a session of any kind.

        Raises ``InvalidInput``: ``session_not_found`` also for another organisation's
        session, ``session_not_draftable`` for one in which no user has said anything.
        The contract knows no 404 here.
        """
        try:
            transcript = self._transcripts.read(organization_id, session_id)
        except NotFound as error:
            raise InvalidInput("Session not found", code="session_not_found") from error
        return draft_scenario(transcript)


@cache
def drafts() -> DraftingService:
    """Return the service of this process."""
    return DraftingService(TranscriptReader(table()))
