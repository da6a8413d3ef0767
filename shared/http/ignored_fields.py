"""Names of the fields and query parameters that a route ignores, for ``X-Ignored-Fields``.

The bodies of agents and evaluations accept unknown fields, because their clients send more than
this API needs. A field that has no effect is named, so that a typing error can be noticed.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, RootModel

HEADER = "X-Ignored-Fields"
#: Names and characters of one header, and characters of one name, at most.
_MAX_NAMES = 20
_MAX_HEADER = 1000
_MAX_NAME = 100


def ignored_fields(sent: Any, parsed: Any, parameters: Iterable[str] = ()) -> str | None:
    """Return the value of the header, or None if every field was read.

    A model names keys that it checks and does not use in ``WITHOUT_EFFECT``. A nested name has
    its parents in front (``agent.locale``), the positions in lists left out.

    Parameters
    ----------
    sent
        The JSON value of the body.
    parsed
        What the route's model made of it.
    parameters
        Query parameters that no route reads.
    """
    return header_of([*parameters, *_unread(sent, parsed, "")])


def header_of(paths: Iterable[str]) -> str | None:
    """Return the value of the header for names that had no effect; None for none.

    Names are separated by commas, and each occurs once. Other than printable ASCII characters
    are percent-encoded. ``...`` ends a list that was cut.
    """
    names: dict[str, None] = {}
    length = 0
    for path in paths:
        name = quote(path[:_MAX_NAME], safe="._-$[]@/", errors="replace")
        if name in names:
            continue
        length += len(name) + 2
        if len(names) == _MAX_NAMES or length > _MAX_HEADER - 5:
            names["..."] = None
            break
        names[name] = None
    return ", ".join(names) or None


def keys_of(model: type[BaseModel]) -> dict[str, str]:
    """Return the keys that a model reads, each with the name of its field."""
    keys = {}
    for name, field in model.model_fields.items():
        alias = field.validation_alias
        if alias is None or model.model_config.get("populate_by_name"):
            keys[name] = name
        choices = getattr(alias, "choices", [alias])
        keys |= {choice: name for choice in choices if isinstance(choice, str)}
    return keys


def _unread(sent: Any, parsed: Any, path: str) -> Iterator[str]:
    """Yield the paths of fields that no model reads; free JSON is not entered."""
    if isinstance(parsed, RootModel):
        parsed = parsed.root
    if isinstance(parsed, BaseModel) and isinstance(sent, dict):
        ignores = type(parsed).model_config.get("extra", "ignore") == "ignore"
        keys = keys_of(type(parsed))
        for key, value in sent.items():
            if key in getattr(type(parsed), "WITHOUT_EFFECT", ()):
                yield path + key
            elif name := keys.get(key):
                yield from _unread(value, getattr(parsed, name), f"{path}{key}.")
            elif ignores:
                yield path + key
        return
    for key, one, of_one in _members(sent, parsed):
        if isinstance(of_one, BaseModel):
            yield from _unread(one, of_one, path + key)


def _members(sent: Any, parsed: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield the members of a list or an object, with what is added to their path."""
    if isinstance(parsed, list | tuple) and isinstance(sent, list) and len(parsed) == len(sent):
        for one, of_one in zip(sent, parsed, strict=True):
            yield "", one, of_one
    elif isinstance(parsed, dict) and isinstance(sent, dict):
        for key, of_one in parsed.items():
            yield f"{key}.", sent.get(key), of_one
