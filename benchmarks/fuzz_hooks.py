"""Hooks of schemathesis: what a schema cannot say, and what would end the run."""

import os
import re
from typing import Any
from uuid import uuid4

import schemathesis

#: Id of the API key that the run itself uses.
OWN_KEY = "FUZZ_KEY_ID"
#: Refusals of input that is valid by its schema, by their sentences: rules about what is stored,
#: about the time, or about several fields together.
_STORED = (
    r"cursor: must be a next_cursor of this list",
    r"Idempotency-Key: was used before",
    r"[Nn]ot found",
    r"cannot be changed; omit it",
    r"delete its children first",
    r"is archived",
    r"must be in the future",
)
_FIELDS = (
    r"exactly one of catalog_slug and revision_id",
    r"(isProduction|context): must (not be true|be omitted) for a session of a test case",
    r"sort: must be \w+",
    r"must have either url or base64",
    r"brief: must contain at least one sentence",
    r"cannot be used together|can only be used together|must not be later than|one or the other",
)
_BEYOND_SCHEMAS = re.compile("|".join((*_STORED, *_FIELDS)))
#: The schema of an event stream describes the whole body, as OpenAPI 3.1 has it; schemathesis
#: takes it for each event's, which OpenAPI 3.2 describes by another keyword.
_STREAM_SCHEMA = "SSE event violates schema"


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """Revoke another key in place of the run's own, which later requests need."""
    if case.path_parameters and case.path_parameters.get("key_id") == os.environ[OWN_KEY]:
        case.path_parameters["key_id"] = f"key_{uuid4().hex}"


@schemathesis.hook
def filter_failure(_context: Any, failure: Any, _case: Any, response: Any) -> bool:
    """Return whether a failure counts."""
    if failure.title == _STREAM_SCHEMA:
        return False
    is_refusal = type(failure).__name__ == "RejectedPositiveData"
    return not (is_refusal and _BEYOND_SCHEMAS.search(response.text))
