"""Wiring of the models that play users and judge conversations."""

from shared.core.errors import NotFound, Unavailable
from shared.core.ids import ModelId
from shared.llm.registry import Model
from shared.llm.wiring import language_model, models
from shared.simulation.asking import Asking


def stack_model(identifier: str, field: str) -> Model:
    """Return a model of the stack by its id.

    Raises ``Unavailable`` with the name of the request's field: a model that was there when a
    run began can be gone.
    """
    try:
        return models().get(ModelId.parse(identifier))
    except (NotFound, ValueError) as error:
        message = f"{field}: the stack has no model {identifier}."
        raise Unavailable(message, code="model_unavailable") from error


def asking(model: Model) -> Asking:
    """Return the means to ask a model."""
    return Asking(language_model(model), model.name)
