"""Which implementation of the port serves a model."""

from shared.llm.port import LanguageModel, ModelFailed
from shared.llm.registry import BEDROCK, SCRIPTED, Model
from shared.llm.scripted import ScriptedModel


def language_model(model: Model) -> LanguageModel:
    """Return the implementation that serves a model. Raises :class:`ModelFailed`."""
    if model.provider == SCRIPTED:
        return ScriptedModel()
    if model.provider == BEDROCK:
        # Loaded only where it is asked: most functions and tests never do.
        from shared.llm.bedrock import bedrock  # noqa: PLC0415

        return bedrock()
    raise ModelFailed(f"The stack has no provider '{model.provider}'.", retryable=False)
