"""Drafts a scenario from a transcript, by rules: the same transcript, the same draft.

Nothing but the transcript is looked at. Whatever is to be kept out of a draft, such as
personal data, is taken out of the transcript that is handed in here.
"""

from shared.core.errors import InvalidInput
from shared.scenarios.domain import Draft
from shared.scenarios.intent import goal_of, intent_of
from shared.scenarios.journey import journey_of
from shared.scenarios.mock_world import mock_world_of
from shared.scenarios.naming import name_of
from shared.scenarios.text import writable
from shared.sessions.transcript import Transcript


def draft_scenario(transcript: Transcript) -> Draft:
    """Return the draft of a scenario.

    Raises ``InvalidInput`` (``session_not_draftable``) where no user has said anything.
    """
    turns = transcript.user_turns()
    if not turns:
        raise InvalidInput(
            "The session has no user turn to draft a scenario from.", code="session_not_draftable"
        )
    goal = goal_of(turns)
    world = mock_world_of(transcript)
    return Draft(
        name=writable(name_of(transcript, goal)),
        intent=writable(intent_of(turns, goal)),
        journey=writable(journey_of(transcript, answers_left_out=world.answers_left_out)),
        mock_world={writable(tool): answer for tool, answer in world.tools.items()},
        tags=tuple(dict.fromkeys([*transcript.tags, transcript.kind.value])),
        agent=transcript.agent,
    )
