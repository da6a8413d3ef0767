"""Rule-based drafter: the same transcript gives the same draft."""

from shared.scenarios.drafting.domain import Draft
from shared.scenarios.drafting.intent import extract_goal, render_intent, select_turns
from shared.scenarios.drafting.journey import render_journey
from shared.scenarios.drafting.material import Material
from shared.scenarios.drafting.naming import render_name
from shared.scenarios.drafting.tool_goals import extract_tool_goal
from shared.sessions.transcript import Transcript


def draft_scenario(transcript: Transcript) -> Draft:
    """Draft a scenario, without personal data.

    Raises ``InvalidInput`` (``session_not_draftable``) for a transcript without a user message.
    """
    material = Material.of(transcript)
    redactor = material.redactor
    turns = [redactor.redact(turn) for turn in select_turns(transcript.user_turns())]
    goal = extract_goal(turns)
    return material.draft(
        name=render_name(transcript, turns, goal),
        intent=render_intent(turns, goal, extract_tool_goal(transcript, goal)),
        journey=render_journey(
            transcript, redactor.redact_entry, answers_left_out=material.world.answers_left_out
        ),
    )
