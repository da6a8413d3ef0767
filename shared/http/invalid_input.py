"""Input that does not fit its model: told in each surface's words, at a readable length.

What a client sent may be a megabyte, and Pydantic repeats it in every error: all of it
would be more than a function may answer (6 MB). So errors, and what they show, are cut.
"""

from typing import Any

from fastapi.encoders import jsonable_encoder

from shared.core.json import dumps

type Errors = list[dict[str, Any]]

_NO_OBJECT = "The body must be a JSON object, sent with content-type: application/json."

#: Errors told at once, at most.
MAX_ERRORS = 50
#: Characters of an input, a message or a place that an error shows, at most.
MAX_SHOWN = 1000


def in_detail(errors: Errors) -> tuple[int, dict[str, Any]]:
    """Answer in FastAPI's own form: 422 and a list of errors."""
    return 422, {"detail": [_presentable(error) for error in errors[:MAX_ERRORS]]}


def in_a_sentence(errors: Errors) -> tuple[int, dict[str, Any]]:
    """Answer with the first error.

    Ids and parameters are a client's slip of address: 400; the rest of a body: 422.
    """
    first = errors[0]
    place, *path = first["loc"]
    name = str(path[-1]) if path else ""
    if first["type"] == "invalid_id":
        return 400, {"error": first["msg"]}
    if name.endswith("_id") and len(path) == 1 and first["type"] == "missing":
        label = name.removesuffix("_id")
        return 400, {"error": f"Invalid {label} ID: {_lower(first['msg'])}"}
    return 400 if place in ("path", "query") else 422, {"error": _sentence(first)}


def as_bad_request(errors: Errors) -> tuple[int, dict[str, Any]]:
    """Answer 400 with the first error."""
    return 400, {"error": "bad_request", "message": _sentence(errors[0])}


def _is_no_object(error: dict[str, Any]) -> bool:
    """Tell whether there is no JSON object in the place of the whole body."""
    kinds = ("model_attributes_type", "dict_type", "model_type", "missing")
    return tuple(error["loc"]) == ("body",) and error["type"] in kinds


def _sentence(error: dict[str, Any]) -> str:
    """Say where and what, as in ``message.content.0.text: field required``."""
    if _is_no_object(error):
        return _NO_OBJECT
    where = ".".join(str(step) for step in error["loc"][1:])
    if error["type"] == "json_invalid":
        return f"The body is not valid JSON: {error.get('ctx', {}).get('error', 'unreadable')}"
    return _cut(f"{where}: {_lower(error['msg'])}" if where else error["msg"])


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _presentable(error: dict[str, Any]) -> dict[str, Any]:
    """Keep the documented keys of an error; an exception in ``ctx`` becomes its text."""
    shown: dict[str, Any] = {
        "loc": [_cut(step) if isinstance(step, str) else step for step in error["loc"]],
        "msg": _NO_OBJECT if _is_no_object(error) else _cut(error["msg"]),
        "type": error["type"],
    }
    if "input" in error:
        shown["input"] = _shown(error["input"])
    if context := error.get("ctx"):
        shown["ctx"] = {
            key: _cut(str(value)) if isinstance(value, Exception) else _shown(value)
            for key, value in context.items()
        }
    return shown


def _shown(value: Any) -> Any:
    """Return a value as JSON can say it; the beginning of its text, where that is long."""
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    try:
        text = dumps(value)
    except (TypeError, ValueError):  # no JSON: the default of a parameter, a bound of a model
        try:
            value = jsonable_encoder(value)
            text = dumps(value)
        except (TypeError, ValueError):
            value = text = str(value)
    if isinstance(value, str):
        return _cut(value)
    return value if len(text) <= MAX_SHOWN else _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
