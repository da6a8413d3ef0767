"""Descriptions of fields, from the docstrings of attributes in the models' source.

A string literal below an annotated field documents it (PEP 258). The compiler drops such
literals, so a function does not carry the texts; the generator of openapi.json reads them here.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeAliasType, get_args

from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_fields_from_routes
from fastapi.routing import APIRoute
from pydantic import BaseModel

type _Model = type[BaseModel]
type _Schema = dict[str, Any]

#: Classes without fields of the API, whose source is not read.
_BASES = {*BaseModel.__mro__, Generic}
#: Fields of FastAPI's own schemas.
_FRAMEWORK = {
    "HTTPValidationError": {"detail": "One entry for each error; 50 at most."},
    "ValidationError": {
        "ctx": "Values of the rule that is broken.",
        "input": "The value that was sent, cut to a readable length.",
        "loc": "Place of the field: `body`, `path` or `query`, then names and positions.",
        "msg": "Field, rule and what to do, for people.",
        "type": "Code of the error, for programs.",
    },
}


def describe_schemas(schemas: dict[str, _Schema], routes: list[APIRoute]) -> None:
    """Add a description to each property that has none, named as FastAPI names the schemas."""
    texts = dict(_FRAMEWORK)
    for model in _models(routes):
        texts |= dict.fromkeys(_schema_names(model), _descriptions_by_alias(model))
    for name, schema in schemas.items():
        for alias, declared in schema.get("properties", {}).items():
            if text := texts.get(name, {}).get(alias):
                declared.setdefault("description", text)


def describe_parameters(parameters: list[_Schema], route: APIRoute) -> None:
    """Add a description to each query parameter that has none, from the route's models."""
    texts: dict[str, str] = {}
    for model in _parameter_models(route.dependant):
        texts |= _descriptions_by_alias(model)
    for parameter in parameters:
        if parameter["in"] == "query" and parameter["name"] in texts:
            parameter.setdefault("description", texts[parameter["name"]])


def field_descriptions(model: type) -> dict[str, str]:
    """Return the docstrings of a class's annotated attributes, inherited ones included."""
    texts: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if base not in _BASES:
            texts |= _classes_of(base.__module__).get(base.__qualname__, {})
    return texts


def _descriptions_by_alias(model: _Model) -> dict[str, str]:
    texts = field_descriptions(model)
    return {
        alias: texts[name]
        for name, field in model.model_fields.items()
        if name in texts
        for alias in (name, field.alias, field.serialization_alias)
        if alias is not None
    }


def _models(routes: list[APIRoute]) -> list[_Model]:
    """Return the models of the routes, and those that their fields refer to."""
    found: set[_Model] = set()
    waiting: list[Any] = [field.field_info.annotation for field in get_fields_from_routes(routes)]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, TypeAliasType):
            waiting.append(kind.__value__)
        elif not inspect.isclass(kind) or get_args(kind):
            waiting += get_args(kind)
        elif issubclass(kind, BaseModel) and kind not in found:
            found.add(kind)
            waiting += [field.annotation for field in kind.model_fields.values()]
    return sorted(found, key=lambda one: (one.__module__, one.__qualname__))


def _schema_names(model: _Model) -> Iterator[str]:
    """Yield the names that a model's schema may have; a long one where short ones collide."""
    for name in (model.__name__, f"{model.__module__}.{model.__qualname__}".replace(".", "__")):
        for mode in ("", "-Input", "-Output"):
            yield re.sub(r"[^a-zA-Z0-9.\-_]", "_", name) + mode


def _parameter_models(dependant: Dependant) -> Iterator[_Model]:
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if inspect.isclass(kind) and issubclass(kind, BaseModel):
            yield kind
    for inner in dependant.dependencies:
        yield from _parameter_models(inner)


@cache
def _classes_of(module: str) -> dict[str, dict[str, str]]:
    """Return the attribute docstrings of each class of a module, by qualified name."""
    path = inspect.getsourcefile(__import__(module, fromlist=["_"]))
    assert path is not None
    tree = ast.parse(Path(path).read_text())
    return dict(_classes_in(tree, ""))


def _classes_in(node: ast.AST, prefix: str) -> Iterator[tuple[str, dict[str, str]]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            name = f"{prefix}{child.name}"
            yield name, dict(_attribute_docstrings(child))
            yield from _classes_in(child, f"{name}.")
        elif isinstance(child, ast.FunctionDef):
            yield from _classes_in(child, f"{prefix}{child.name}.<locals>.")


def _attribute_docstrings(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for declared, below in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(declared, ast.AnnAssign)
            and isinstance(declared.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            yield declared.target.id, _joined(below.value.value)


def _joined(text: str) -> str:
    """Return a docstring as paragraphs without line breaks."""
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
