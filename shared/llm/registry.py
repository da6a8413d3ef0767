"""Registry of models: those that the stack is configured with, and the built-in one."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.core.errors import NotFound
from shared.core.ids import ModelId
from shared.llm.model_entries import BEDROCK, OPENAI, SCRIPTED, parse_entries

__all__ = ["BEDROCK", "OPENAI", "SCRIPTED", "SCRIPTED_MODEL_ID", "Model", "ModelRegistry"]

#: The same in every stack, for examples and tests.
SCRIPTED_MODEL_ID = ModelId.parse("model_00000000000000000000000000000001")


@dataclass(frozen=True, slots=True)
class Model:
    """Model that sessions can use.

    Attributes
    ----------
    provider
        Implementation of the port: ``scripted``, ``bedrock`` or ``openai``.
    name
        The provider's id of the model.
    base_url
        Of ``openai``: address of the server's API.
    secret
        Of ``openai``: name of the secret that holds the key; empty for a server without keys.
    """

    id: ModelId
    provider: str
    name: str
    base_url: str = ""
    secret: str = ""


class ModelRegistry:
    """Models of the stack, in the order of the stack's parameter."""

    def __init__(self, models: Mapping[ModelId, Model]) -> None:
        scripted = Model(SCRIPTED_MODEL_ID, SCRIPTED, SCRIPTED)
        self._models = {SCRIPTED_MODEL_ID: scripted, **models}

    @classmethod
    def parse(cls, text: str) -> "ModelRegistry":
        """Parse ``model_<32 hex>=<provider>/<name>,…``, or the same as a JSON object.

        An OpenAI-compatible model is ``openai/<name>@<base url>``, with ``#<secret>`` behind it
        if its server wants a key. The short form passes a shell and the SAM CLI without quotes.
        The long one is ``{"model_<32 hex>": {"provider": …, "name": …}}``. Raises ``ValueError``
        with the reason if the stack's configuration is invalid.
        """
        try:
            models = [
                Model(ModelId.parse(one.id), one.provider, one.name, one.base_url, one.secret)
                for one in parse_entries(text)
            ]
        except ValueError as error:
            raise ValueError(f"MODELS: must be a registry of models: {error}") from error
        return cls({model.id: model for model in models})

    def all(self) -> list[Model]:
        return list(self._models.values())

    def get(self, model_id: ModelId) -> Model:
        """Return a model. Raises ``NotFound``."""
        if model_id not in self._models:
            raise NotFound("Model not found")
        return self._models[model_id]
