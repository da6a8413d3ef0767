"""What a scenario is drafted from: a transcript, with personal data kept out of its words.

Whoever writes the words, the rules or a model, is handed them with placeholders and never
sees what those stand for. The mock world always comes from here.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from shared.core.errors import InvalidInput
from shared.scenarios.domain import Draft
from shared.scenarios.mock_world import MockWorld, mock_world_of
from shared.scenarios.redaction.redaction import Redaction
from shared.scenarios.text import writable
from shared.sessions.transcript import Transcript


@dataclass(frozen=True)
class Material:
    """A transcript and what is personal in it."""

    transcript: Transcript
    redaction: Redaction

    @classmethod
    def of(cls, transcript: Transcript) -> "Material":
        """Prepare a transcript.

        Raises ``InvalidInput`` (``session_not_draftable``) where no user has said anything.
        """
        if not transcript.user_turns():
            raise InvalidInput(
                "The session has no user turn to draft a scenario from.",
                code="session_not_draftable",
            )
        return cls(transcript, Redaction.of(transcript))

    @cached_property
    def words(self) -> Transcript:
        """The transcript with placeholders. Of an over-long one, take ``redaction`` by parts."""
        return replace(
            self.transcript, entries=tuple(map(self.redaction.told_entry, self.transcript.entries))
        )

    @cached_property
    def world(self) -> MockWorld:
        """What the tools answered, with synthetic values."""
        return mock_world_of(self.transcript, self.redaction.replayed)

    def draft(self, *, name: str, intent: str, journey: str) -> Draft:
        """Return the draft with these words, which keep the limits of a scenario."""
        return Draft(
            name=writable(name),
            intent=writable(intent),
            journey=writable(journey),
            mock_world={writable(tool): answer for tool, answer in self.world.tools.items()},
            tags=tuple(dict.fromkeys([*self.transcript.tags, self.transcript.kind.value])),
            agent=self.transcript.agent,
        )
