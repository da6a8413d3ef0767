"""Properties of a route: its surface, and what it depends on."""

from collections.abc import Iterator
from typing import Any, get_args

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from shared.http.caller import Admin, Reader, Writer
from shared.http.surfaces import Surface


def needs_key(route: APIRoute) -> bool:
    """Return whether a route needs an API key."""
    return any(depends_on(route, caller) for caller in (Reader, Writer, Admin))


def depends_on(route: APIRoute, annotated: Any) -> bool:
    """Return whether a route depends, directly or not, on an annotated dependency."""
    return get_args(annotated)[1].dependency in set(_calls(route.dependant))


def surface_of_route(route: APIRoute) -> Surface:
    """Return the surface of a route."""
    surface: Surface = type(route).surface  # type: ignore[attr-defined]  # see shared.http.surfaces
    return surface


def _calls(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)
