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


#: Ids of agent and evaluation sessions are UUIDs behind a prefix there.
_UUID = "must be a UUID, without a prefix"
_TIME = "must be a time in ISO 8601 form with its zone, as in 2026-01-31T12:00:00Z"
#: What Pydantic says for programmers, said for people; each goes on behind a field's name.
_PLAIN = {
    "dict_type": "must be an object",
    "model_attributes_type": "must be an object",
    "model_type": "must be an object",
    "extra_forbidden": "is not known here",
    "union_tag_invalid": "must have as {discriminator} one of {expected_tags}",
    "union_tag_not_found": "must have a {discriminator}",
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "timezone_aware": _TIME,
}
#: A pattern that every text fits but an empty one and one of spaces.
_NOT_BLANK = r"\S"


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
    told = _plain(error) or error["msg"].removeprefix("Value error, ")
    return _cut(f"{where}: {_lower(told)}" if where else told)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _plain(error: dict[str, Any]) -> str | None:
    """Return what is wrong with a field in plain words, where Pydantic's own are not."""
    context = error.get("ctx", {})
    if context.get("pattern") == _NOT_BLANK or context.get("min_length") == 1:
        return "must not be empty"
    text = _PLAIN.get(error["type"])
    return text and text.format_map(context)


def _told(error: dict[str, Any]) -> str:
    """Say what is wrong without the place, which stands beside it."""
    if _is_no_object(error):
        return _NO_OBJECT
    name = next((step for step in reversed(error["loc"][1:]) if isinstance(step, str)), "The body")
    plain = _plain(error)
    told = f"{name} {plain}" if plain else error["msg"].removeprefix("Value error, ")
    return _cut(told)


def _presentable(error: dict[str, Any]) -> dict[str, Any]:
    """Keep the documented keys of an error; an exception in ``ctx`` becomes its text."""
    shown: dict[str, Any] = {
        "loc": [_cut(step) if isinstance(step, str) else step for step in error["loc"]],
        "msg": _told(error),
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
