"""Drafting services of this process."""

from functools import cache, partial

from shared.core.errors import NotFound, Unavailable
from shared.core.ids import ModelId
from shared.core.observability import logger
from shared.core.settings import settings
from shared.llm.port import ModelFailed
from shared.scenarios.drafting.domain import Drafter
from shared.scenarios.drafting.rules import draft_scenario
from shared.scenarios.drafting.service import BriefDrafting, RecordedConversations, SessionDrafting
from shared.scenarios.redaction.classifier import Classifier
from shared.scenarios.redaction.wiring import classifier
from shared.sessions.agent_directory import AgentDirectory
from shared.sessions.transcript_reader import TranscriptReader
from shared.sessions.transcript_source import TranscriptSource
from shared.simulation.persona_directory import PersonaDirectory
from shared.storage.table import table


def personal_data_classifier() -> Classifier:
    """Return the classifier, without which nothing is drafted.

    Raises ``ClassifierUnavailable``, which fails the start of a function.
    """
    return classifier()


@cache
def session_drafting(*sources: TranscriptSource) -> SessionDrafting:
    """Return the service for the kinds of session that these sources read.

    Raises ``Unavailable`` (``drafter_unavailable``) if the stack's drafter is misconfigured.
    """
    return SessionDrafting(TranscriptReader(table(), sources), _configured_drafter())


@cache
def recorded_conversations(*sources: TranscriptSource) -> RecordedConversations:
    """Return the service for the kinds of session that these sources read."""
    return RecordedConversations(TranscriptReader(table(), sources), personal_data_classifier())


@cache
def brief_drafting() -> BriefDrafting:
    """Return the service."""
    agents, personas = AgentDirectory(table()), PersonaDirectory(table())
    return BriefDrafting(agents, personas, personal_data_classifier())


def _configured_drafter() -> Drafter:
    """Return the drafter of the stack; the rules never replace a model that cannot be used."""
    identifier, classify = settings().drafter_model, personal_data_classifier()
    rules = partial(draft_scenario, classify=classify)
    if not identifier:
        return rules
    # Imported only where configured: most stacks have no model.
    from shared.llm.registry import SCRIPTED  # noqa: PLC0415
    from shared.llm.wiring import language_model, models  # noqa: PLC0415
    from shared.scenarios.drafting.model_drafter import ModelDrafter  # noqa: PLC0415

    try:
        model = models().get(ModelId.parse(identifier))
        if model.provider == SCRIPTED:
            return rules
        return ModelDrafter(language_model(model), model.name, classify).draft
    except (NotFound, ValueError, ModelFailed) as error:
        logger.exception("the drafter's model is not available")
        raise Unavailable(
            "The drafter is not configured; set the stack parameter DrafterModel to an id in"
            " Models, or to nothing.",
            code="drafter_unavailable",
        ) from error
