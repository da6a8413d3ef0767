"""The whole API as one application, for openapi.json and tests.

Never deployed: each endpoint is a function of its own.
"""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from local.settings import ROOT

FUNCTIONS = ROOT / "functions"


def whole_api() -> FastAPI:
    """Return an application with the routes of all functions."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, telemetry={"tracing": False})
    app.router.routes.extend(routes())
    return app


def routes() -> list[APIRoute]:
    """Return the routes of all functions.

    Sorted by path: a fixed segment (``/sessions/batch``) precedes a parameter
    (``/sessions/{id}``), as in API Gateway, because ``{`` sorts after letters.
    """
    return sorted(_all_routes(), key=lambda route: (route.path, sorted(route.methods or ())))


def resource_of(route: APIRoute) -> str:
    """Return a route's path as the template names it: ``{path+}`` for several segments."""
    return re.sub(r"\{(\w+):path\}", r"{\1+}", route.path)


def endpoint_modules() -> list[str]:
    """Return all modules of functions/."""
    return [_module(path) for path in sorted(FUNCTIONS.rglob("*.py"))]


def _all_routes() -> Iterator[APIRoute]:
    for module in endpoint_modules():
        router = getattr(importlib.import_module(module), "router", None)
        if isinstance(router, APIRouter):
            yield from (route for route in router.routes if isinstance(route, APIRoute))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)
