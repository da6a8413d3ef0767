"""Unknown fields in bodies: rejected on the playground surface, named by the other ones."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel

from local.dependencies import surface_of_route
from local.whole_api import routes
from shared.http.surfaces import AGENTS, EVALUATIONS, PLAYGROUND
from shared.http.unknown_fields import _models

BODIES = [route for route in routes() if route.body_field is not None]


def models(annotation: Any, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Yield all models of a body, those of its fields included."""
    for model in _models(annotation):
        if model not in seen:
            seen.add(model)
            yield model
            for field in model.model_fields.values():
                yield from models(field.annotation, seen)


@pytest.mark.parametrize("route", BODIES, ids=lambda route: f"{min(route.methods)} {route.path}")
def test_bodies_are_closed_on_the_playground_surface_only(route: APIRoute) -> None:
    assert route.body_field is not None
    surface = surface_of_route(route)
    found = {
        model.__name__: model.model_config.get("extra", "ignore")
        for model in models(route.body_field.field_info.annotation, set())
    }

    if surface is PLAYGROUND:
        assert set(found.values()) <= {"forbid"}, found
    else:
        assert surface in (AGENTS, EVALUATIONS)
        of_any_form = {name for name, extra in found.items() if extra == "allow"}
        assert of_any_form <= {"ConversationInput"}  # some forms have fields of their own
        assert set(found.values()) <= {"ignore", "allow"}, found
