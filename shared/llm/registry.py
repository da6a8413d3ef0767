"""Registry of models: those that the stack is configured with, and the built-in one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.core.errors import NotFound
from shared.core.ids import ModelId
from shared.core.json import loads_strict

SCRIPTED = "scripted"
BEDROCK = "bedrock"
#: The same in every stack, for examples and tests.
SCRIPTED_MODEL_ID = ModelId.parse("model_00000000000000000000000000000001")


@dataclass(frozen=True, slots=True)
class Model:
    """Model that sessions can use.

    Attributes
    ----------
    provider
        Implementation of the port: ``scripted`` or ``bedrock``.
    name
        The provider's id of the model.
    """

    id: ModelId
    provider: str
    name: str


class ModelRegistry:
    """Models of the stack, in the order of the stack's parameter."""

    def __init__(self, models: Mapping[ModelId, Model]) -> None:
        scripted = Model(SCRIPTED_MODEL_ID, SCRIPTED, SCRIPTED)
        self._models = {SCRIPTED_MODEL_ID: scripted, **models}

    @classmethod
    def parse(cls, text: str) -> "ModelRegistry":
        """Parse ``model_<32 hex>=<provider>/<name>,…``, or the same as a JSON object.

        The short form passes a shell and the SAM CLI without quotes. The long one is
        ``{"model_<32 hex>": {"provider": …, "name": …}}``. Raises ``ValueError`` with the
        reason if the stack's configuration is invalid.
        """
        try:
            entries = _entries(text.strip())
            return cls({model.id: model for model in (_model(*entry) for entry in entries)})
        except (ValueError, AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"MODELS: must be a registry of models: {error!r}") from error

    def all(self) -> list[Model]:
        return list(self._models.values())

    def get(self, model_id: ModelId) -> Model:
        """Return a model. Raises ``NotFound``."""
        if model_id not in self._models:
            raise NotFound("Model not found")
        return self._models[model_id]


def _entries(text: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    if text.startswith("{"):
        return list(loads_strict(text).items())
    entries = []
    for entry in filter(None, (part.strip() for part in text.split(","))):
        identifier, _, model = entry.partition("=")
        provider, slash, name = model.partition("/")
        if not slash or not name:
            raise ValueError(f"expected model_<32 hex>=<provider>/<name>, not {entry!r}")
        entries.append((identifier, {"provider": provider, "name": name}))
    return entries


def _model(identifier: str, entry: Mapping[str, Any]) -> Model:
    return Model(ModelId.parse(identifier), str(entry["provider"]), str(entry["name"]))
