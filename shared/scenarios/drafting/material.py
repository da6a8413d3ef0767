"""Drafting material: a transcript with the redaction of its personal data.

The writer of the texts, rules or model, gets placeholders and never the values behind them; what
it has written is read once more. The mock world is always built here.
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from shared.core.errors import InvalidInput
from shared.core.json import dumps, valid_text
from shared.scenarios.drafting.domain import Draft
from shared.scenarios.drafting.user_turns import user_turns
from shared.scenarios.library.domain import MAX_INTENT, MAX_JOURNEY, MAX_NAME, MAX_TAG, MAX_TAGS
from shared.scenarios.redaction.classifier import Classifier
from shared.scenarios.redaction.redactor import Redactor
from shared.scenarios.text import truncate
from shared.scenarios.worlds.mock_world import MockWorld, build_mock_world
from shared.sessions.transcript import AssistantSaid, Entry, Transcript, UserSaid

#: Characters without a width inside a word, which would hide it from every detector.
_INVISIBLE = re.compile("(?<=\\S)[\u00ad\u200b\u2060\ufeff]+(?=\\S)")
#: Number in the form of a placeholder.
_FORGED = re.compile(r"<([A-Z][A-Z_]*)_(\d{5,})>")


@dataclass(frozen=True)
class Material:
    """Transcript and the redactor of its personal data."""

    transcript: Transcript
    redactor: Redactor

    @classmethod
    def of(cls, transcript: Transcript, classify: Classifier) -> "Material":
        """Prepare a transcript.

        Raises ``InvalidInput`` (``session_not_draftable``) for one without a user message.
        """
        if not transcript.user_turns():
            raise InvalidInput(
                "session_id: the session must contain a user message.", code="session_not_draftable"
            )
        entries = tuple(map(_readable, transcript.entries))
        transcript = replace(transcript, entries=entries)
        return cls(transcript, Redactor.of(transcript, classify))

    @cached_property
    def world(self) -> MockWorld:
        """Answers of the tools, with pseudonyms."""
        return self._build_world()

    def _build_world(self) -> MockWorld:
        return build_mock_world(self.transcript, self.redactor.pseudonymize)

    def draft(self, *, name: str, intent: str, journey: str) -> Draft:
        """Return the draft with these texts, redacted once more, within a scenario's limits."""
        known = self.redactor.known_names
        name, intent, journey = self.redactor.redact_again(name, intent, journey)
        # A name that only the finished texts revealed can be in the world, too.
        world = self.world if self.redactor.known_names == known else self._build_world()
        intent = truncate(valid_text(intent), MAX_INTENT)
        journey = truncate(valid_text(journey), MAX_JOURNEY)
        tags = self._tags()
        mock_world = {
            valid_text(self.redactor.pseudonymize_text(tool)): answer
            for tool, answer in world.tools.items()
        }
        others = intent, journey, mock_world, tags
        name = truncate(valid_text(name), MAX_NAME)
        turns = user_turns(self.transcript, self.redactor, *others)
        return Draft(
            name=name,
            intent=intent,
            journey=journey,
            mock_world=mock_world,
            user_turns=turns,
            tags=tags,
            agent=self.transcript.agent,
            replacements=self.redactor.replacements.within(
                (name, intent, journey, *tags), (dumps(mock_world), *turns)
            ),
        )

    def _tags(self) -> tuple[str, ...]:
        """Return the kind and the tags of the session, within the limits of a scenario."""
        tags = (valid_text(self.redactor.redact(tag))[:MAX_TAG] for tag in self.transcript.tags)
        kept = list(dict.fromkeys(tags))[: MAX_TAGS - 1]
        return tuple(dict.fromkeys([*kept, self.transcript.kind.value]))


def _readable(entry: Entry) -> Entry:
    """Return an entry whose text hides nothing from the detectors."""
    if isinstance(entry, UserSaid | AssistantSaid):
        text = _FORGED.sub(r"<\1 \2>", _INVISIBLE.sub("", entry.text))
        return entry if text == entry.text else replace(entry, text=text)
    return entry
