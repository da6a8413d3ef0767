"""Validation errors: status and body in each surface's form, cut to a readable length.

A request may be a megabyte, and Pydantic repeats it in every error: the whole would exceed
the 6 MB of a function's response. So the number of errors and the values in them are cut.
"""

from typing import Any

from fastapi.encoders import jsonable_encoder

from shared.core.json import dumps

type Errors = list[dict[str, Any]]

_NOT_AN_OBJECT = "body: must be a JSON object, sent with content-type: application/json"

#: Errors in one response, at most.
MAX_ERRORS = 50
#: Characters of an input, a message or a location in an error, at most.
MAX_TEXT = 1000

#: Ids of agent and evaluation sessions are UUIDs behind a prefix there.
_UUID = "must be a UUID, without a prefix"
_TIME = "must be an RFC 3339 time with its zone, such as 2026-01-31T12:00:00Z"
#: Rules in place of Pydantic's messages, by error type; they follow a field's name.
_RULES = {
    "dict_type": "must be an object",
    "model_attributes_type": "must be an object",
    "model_type": "must be an object",
    "union_tag_invalid": "must have a {discriminator} that is one of {expected_tags}",
    "union_tag_not_found": "must have a {discriminator}",
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "timezone_aware": _TIME,
    "not_rfc_3339": _TIME,
    "id_in_any_form": "must be a UUID, or {prefix}_ and 32 lowercase hexadecimal digits",
    "json_too_long": "must have at most {most} bytes as JSON",
}
#: Pattern that rejects only empty and blank texts.
_NOT_BLANK = r"\S"


def playground_response(errors: Errors) -> tuple[int, dict[str, Any]]:
    """Return 422 and a list of errors, in FastAPI's own form."""
    return 422, {"detail": [_detail(error) for error in errors[:MAX_ERRORS]]}


def agents_response(errors: Errors) -> tuple[int, dict[str, Any]]:
    """Return the first error: 400 for ids and parameters, 422 for the rest of a body."""
    first = errors[0]
    source, *path = first["loc"]
    name = str(path[-1]) if path else ""
    if first["type"] == "invalid_id":
        own_names = ("id", f"{first['ctx']['label']}_id")
        return 400, {"error": first["msg"] if name in own_names else f"{first['msg']} in {name}"}
    if name.endswith("_id") and len(path) == 1 and first["type"] == "missing":
        label = name.removesuffix("_id")
        return 400, {"error": f"Invalid {label} ID: {_lower(first['msg'])}"}
    return 400 if source in ("path", "query") else 422, {"error": _sentence(first)}


def evaluations_response(errors: Errors) -> tuple[int, dict[str, Any]]:
    """Return 400 and the first error."""
    return 400, {"error": "bad_request", "message": _sentence(errors[0])}


def _is_not_an_object(error: dict[str, Any]) -> bool:
    """Return true if the whole body is missing or is not a JSON object."""
    types = ("model_attributes_type", "dict_type", "model_type", "missing")
    return tuple(error["loc"]) == ("body",) and error["type"] in types


def _sentence(error: dict[str, Any]) -> str:
    """Return field and rule, as in ``message.content.0.text: field required``."""
    if _is_not_an_object(error):
        return _NOT_AN_OBJECT
    if error["type"] == "json_invalid":
        return f"body: must be valid JSON: {error.get('ctx', {}).get('error', 'unreadable')}"
    field = ".".join(str(step) for step in error["loc"][1:])
    rule = _rule(error) or _message(error)
    return _cut(f"{field}: {_lower(rule)}" if field else rule)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _message(error: dict[str, Any]) -> str:
    return str(error["msg"].removeprefix("Value error, "))


def _rule(error: dict[str, Any]) -> str | None:
    """Return the rule that the field breaks, or None if Pydantic's message is used."""
    context = error.get("ctx", {})
    if context.get("pattern") == _NOT_BLANK or context.get("min_length") == 1:
        return "must not be empty"
    text = _RULES.get(error["type"])
    return text and text.format_map(context)


def _detail(error: dict[str, Any]) -> dict[str, Any]:
    """Return the documented keys of an error; an exception in ``ctx`` becomes its text."""
    steps = error["loc"][1:]
    name = next((step for step in reversed(steps) if isinstance(step, str)), "The body")
    rule = _rule(error)
    message = f"{name} {rule}" if rule else _message(error)
    if error["type"] == "extra_forbidden":
        message = f"{name}: {error['msg']}"
    detail: dict[str, Any] = {
        "loc": [_cut(step) if isinstance(step, str) else step for step in error["loc"]],
        "msg": _NOT_AN_OBJECT if _is_not_an_object(error) else _cut(message),
        "type": error["type"],
    }
    if "input" in error:
        detail["input"] = _json_value(error["input"])
    if context := error.get("ctx"):
        detail["ctx"] = {
            key: _cut(str(value)) if isinstance(value, Exception) else _json_value(value)
            for key, value in context.items()
        }
    return detail


def _json_value(value: Any) -> Any:
    """Return a value that JSON can hold; the beginning of its text, if that is long."""
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    try:
        text = dumps(value)
    except (TypeError, ValueError):  # not JSON: the default of a parameter, a bound of a model
        try:
            value = jsonable_encoder(value)
            text = dumps(value)
        except (TypeError, ValueError):
            value = text = str(value)
    if isinstance(value, str):
        return _cut(value)
    return value if len(text) <= MAX_TEXT else _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"
