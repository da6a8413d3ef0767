"""Wiring of language models: the configured registry, and the provider of each model."""

from functools import cache
from typing import TYPE_CHECKING

from shared.core.settings import settings
from shared.llm.port import LanguageModel, ModelFailed
from shared.llm.registry import BEDROCK, OPENAI, SCRIPTED, Model, ModelRegistry
from shared.llm.scripted import ScriptedModel

if TYPE_CHECKING:
    from shared.llm.bedrock import BedrockModel
    from shared.llm.openai import OpenAIModel


@cache
def models() -> ModelRegistry:
    """Return the models that the stack is configured with."""
    return ModelRegistry.parse(settings().models)


def language_model(model: Model) -> LanguageModel:
    """Return the provider's implementation for a model. Raises :class:`ModelFailed`."""
    if model.provider == SCRIPTED:
        return ScriptedModel()
    if model.provider == BEDROCK:
        return bedrock()
    if model.provider == OPENAI:
        return openai(model)
    raise ModelFailed(f"The stack has no provider '{model.provider}'.", retryable=False)


@cache
def bedrock() -> "BedrockModel":
    """Return Bedrock's model of this process. One attempt may take as long as a turn."""
    # Imported only where configured: most functions never call Bedrock.
    from shared.llm.bedrock import BedrockModel  # noqa: PLC0415

    return BedrockModel.connect(read_timeout=settings().turn_timeout_seconds)


@cache
def openai(model: Model) -> "OpenAIModel":
    """Return an OpenAI-compatible model of this process, which reads its key on first use."""
    # Imported only where configured: most functions never call a server.
    from shared.llm.openai import OpenAIModel  # noqa: PLC0415
    from shared.secrets.wiring import secret_value  # noqa: PLC0415

    return OpenAIModel(model.base_url, lambda: secret_value(model.secret) if model.secret else "")
