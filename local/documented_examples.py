"""Examples of an operation: the body of local/examples/, and the recorded answer to it."""

import json
from functools import cache
from typing import Any

from fastapi.routing import APIRoute

from local.examples import ANSWERS, EXAMPLES
from shared.core.json import dumps

type _Schema = dict[str, Any]


def document_examples(operation: _Schema, route: APIRoute) -> None:
    """Add the examples of a route's body, its parameters and its successful answer."""
    module = route.endpoint.__module__.removeprefix("functions.")
    example = EXAMPLES[module]
    if "requestBody" in operation:
        content = operation["requestBody"]["content"]
        json_body = content.get("application/json")
        if json_body is None:  # a text, of which JSON is one form
            content["text/plain"]["example"] = dumps(example.body)
        else:
            json_body["example"] = example.body
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            value = example.parameters[parameter["name"]]
            is_number = parameter["schema"].get("type") == "integer"
            parameter["example"] = int(value) if is_number else value
    recorded = _answers().get(module)
    for status, response in operation["responses"].items():
        if status.startswith("2") and recorded is not None:
            for media in response.get("content", {}).values():
                # Of a file in several formats, the answer is in one of them.
                if isinstance(recorded, str) or media["schema"].get("type") != "string":
                    media.setdefault("example", recorded)


@cache
def _answers() -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(ANSWERS.read_text())
    return answers
