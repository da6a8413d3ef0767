"""openapi.json describes every operation, parameter and field."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, Field

from local.field_descriptions import field_descriptions
from local.openapi import OPENAPI
from tests.support.source import QUESTION

COMMITTED: dict[str, Any] = json.loads(OPENAPI.read_text())


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in COMMITTED["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _lines(advice: str, places: list[str]) -> str:
    return "\n".join([f"{advice}:", *places])


def test_every_operation_is_described() -> None:
    undescribed = [
        name
        for name, operation in _operations()
        if operation.get("description", "") in ("", operation["summary"])
    ]

    assert not undescribed, _lines("give the endpoint function a docstring", undescribed)


def test_every_parameter_is_described() -> None:
    undescribed = [
        f"{name}: {parameter['name']}"
        for name, operation in _operations()
        for parameter in operation.get("parameters", [])
        if not parameter.get("description")
    ]

    assert not undescribed, _lines("write a string literal below the field", undescribed)


def test_every_field_of_a_schema_is_described() -> None:
    undescribed = [
        f"{name}.{field}"
        for name, schema in COMMITTED["components"]["schemas"].items()
        for field, declared in schema.get("properties", {}).items()
        if not declared.get("description")
    ]

    assert not undescribed, _lines("write a string literal below the field", undescribed)


def _descriptions(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield each description of the document, with its place."""
    if isinstance(value, list):
        for one in value:
            yield from _descriptions(one, place)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "description" and isinstance(inner, str):
                yield place, inner
            elif key not in ("example", "examples"):
                yield from _descriptions(inner, f"{place}/{key}")


def test_descriptions_begin_with_their_subject() -> None:
    questions = [f"{place}: {text}" for place, text in _descriptions(COMMITTED)
                 if QUESTION.match(text)]  # fmt: skip

    assert not questions, _lines("name the subject first", questions)


class _Base(BaseModel):
    inherited: str
    """First line,
    and the second.

    Another paragraph.
    """

    overridden: str
    """Of the base."""


class _Model(_Base):
    undescribed: str
    overridden: str
    """Of the model."""
    last: str = Field(default="", alias="Last")
    """At the end."""


def test_docstrings_of_attributes_are_read_through_the_bases() -> None:
    assert field_descriptions(_Model) == {
        "inherited": "First line, and the second.\n\nAnother paragraph.",
        "overridden": "Of the model.",
        "last": "At the end.",
    }
