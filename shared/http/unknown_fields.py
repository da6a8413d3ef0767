"""Messages about unknown fields and query parameters, with the known name that was meant.

Imported when a request has one, not at the start of a function.
"""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAliasType, get_args

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from shared.http.ignored_fields import keys_of
from shared.http.invalid_input import MAX_ERRORS, Errors

#: Longest name for which a similar one is looked up, and the least likeness of that.
_MAX_NAME = 100
_LIKENESS = 0.7


def explain_unknown(errors: Errors, route: APIRoute) -> Errors:
    """Return the errors that a response can show, those about unknown fields with a rule."""
    return [
        error if error["type"] != "extra_forbidden" else error | {"msg": _rule(error["loc"], route)}
        for error in errors[:MAX_ERRORS]
    ]


def _rule(location: Sequence[str | int], route: APIRoute) -> str:
    source, *parents, name = location
    if source == "body":
        field = route.body_field
        models = _models(field.field_info.annotation if field else None)
        kind, known = "field", _keys(_models_at(list(models), parents))
    else:
        models = _query_models(route.dependant)
        kind, known = "parameter", _keys(models)
    near = nearest(str(name), known)
    return f"unknown {kind}; did you mean {near}?" if near else f"unknown {kind}; remove it"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that an unknown one resembles: in other case, or misspelled."""
    plain = {_plain(one): one for one in sorted(known, reverse=True)}
    if len(name) > _MAX_NAME:
        return None
    found = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=_LIKENESS)
    return plain[found[0]] if found else None


def _plain(name: str) -> str:
    """Return a name as camelCase, snake_case and kebab-case have it in common."""
    return name.replace("_", "").replace("-", "").lower()


def _keys(models: Iterable[type[BaseModel]]) -> set[str]:
    return {key for model in models for key in keys_of(model)}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models in an annotation: of a union, of the items of a list."""
    if isinstance(annotation, TypeAliasType):
        annotation = annotation.__value__
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _models_at(models: list[type[BaseModel]], steps: Iterable[str | int]) -> list[type[BaseModel]]:
    """Follow the location of an error; a step may also be the tag of a union's member."""
    for step in steps:
        fields = [
            model.model_fields[name]
            for model in models
            if (name := keys_of(model).get(str(step))) is not None
        ]
        inner = [one for field in fields for one in _models(field.annotation)]
        tagged = [model for model in models if _has_tag(model, step)]
        models = inner or tagged or models
    return models


def _has_tag(model: type[BaseModel], step: str | int) -> bool:
    values = (get_args(field.annotation) for field in model.model_fields.values())
    return step == model.__name__ or any(step in one for one in values)


def _query_models(dependant: Dependant) -> Iterator[type[BaseModel]]:
    for parameter in dependant.query_params:
        yield from _models(parameter.field_info.annotation)
    for inner in dependant.dependencies:
        yield from _query_models(inner)
