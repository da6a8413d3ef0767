"""Rule-based drafter: the same transcript gives the same draft."""

from shared.scenarios.drafting.domain import Draft
from shared.scenarios.drafting.intent import extract_goal, quote_opening, render_intent
from shared.scenarios.drafting.journey import render_journey
from shared.scenarios.drafting.material import Material
from shared.scenarios.drafting.naming import render_name
from shared.scenarios.redaction.classifier import Classifier
from shared.sessions.transcript import Transcript


def draft_scenario(transcript: Transcript, classify: Classifier) -> Draft:
    """Draft a scenario, without personal data.

    Raises ``InvalidInput`` (``session_not_draftable``) for a transcript without a user message.
    """
    return draft_material(Material.of(transcript, classify))


def draft_material(material: Material) -> Draft:
    """Draft a scenario from prepared material."""
    transcript, redactor = material.transcript, material.redactor
    goal = extract_goal(transcript, redactor.redact)
    return material.draft(
        name=render_name(transcript, goal, redactor.redact_entry),
        intent=render_intent(goal) if goal else quote_opening(transcript, redactor.redact),
        journey=render_journey(
            transcript, redactor.redact_entry, answers_left_out=material.world.answers_left_out
        ),
    )
