"""Drafts a scenario from a transcript, by rules: the same transcript, the same draft."""

from shared.scenarios.domain import Draft
from shared.scenarios.intent import goal_of, intent_of, telling_turns
from shared.scenarios.journey import journey_of
from shared.scenarios.material import Material
from shared.scenarios.naming import name_of
from shared.scenarios.tool_goals import goals_of_tools
from shared.sessions.transcript import Transcript


def draft_scenario(transcript: Transcript) -> Draft:
    """Return the draft of a scenario, with no personal data in it.

    Raises ``InvalidInput`` (``session_not_draftable``) where no user has said anything.
    """
    material = Material.of(transcript)
    told = material.redaction
    turns = [told.told(turn) for turn in telling_turns(transcript.user_turns())]
    goal = goal_of(turns)
    return material.draft(
        name=name_of(transcript, turns, goal),
        intent=intent_of(turns, goal, goals_of_tools(transcript, goal)),
        journey=journey_of(
            transcript, told.told_entry, answers_left_out=material.world.answers_left_out
        ),
    )
