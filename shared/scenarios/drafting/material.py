"""Drafting material: a transcript with the redaction of its personal data.

The writer of the texts, rules or model, gets placeholders and never the values behind them.
The mock world is always built here.
"""

from dataclasses import dataclass
from functools import cached_property

from shared.core.errors import InvalidInput
from shared.scenarios.drafting.domain import Draft
from shared.scenarios.redaction.redactor import Redactor
from shared.scenarios.text import replace_surrogates
from shared.scenarios.worlds.mock_world import MockWorld, build_mock_world
from shared.sessions.transcript import Transcript


@dataclass(frozen=True)
class Material:
    """Transcript and the redactor of its personal data."""

    transcript: Transcript
    redactor: Redactor

    @classmethod
    def of(cls, transcript: Transcript) -> "Material":
        """Prepare a transcript.

        Raises ``InvalidInput`` (``session_not_draftable``) for one without a user message.
        """
        if not transcript.user_turns():
            raise InvalidInput(
                "session_id: the session must contain a user message.", code="session_not_draftable"
            )
        return cls(transcript, Redactor.of(transcript))

    @cached_property
    def world(self) -> MockWorld:
        """Answers of the tools, with pseudonyms."""
        return build_mock_world(self.transcript, self.redactor.pseudonymize)

    def draft(self, *, name: str, intent: str, journey: str) -> Draft:
        """Return the draft with these texts, which respect a scenario's limits."""
        tools = self.world.tools
        return Draft(
            name=replace_surrogates(name),
            intent=replace_surrogates(intent),
            journey=replace_surrogates(journey),
            mock_world={replace_surrogates(tool): answer for tool, answer in tools.items()},
            tags=tuple(dict.fromkeys([*self.transcript.tags, self.transcript.kind.value])),
            agent=self.transcript.agent,
        )
