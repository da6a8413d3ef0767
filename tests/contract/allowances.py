"""Intended differences between this API and the contracts."""

#: Optional request headers that no contract has or forbids.
OWN_HEADERS = {"Idempotency-Key", "If-Match"}

_FORM = "the contract states the form of the id in prose, this API in the schema"
_EMPTY = "this API documents the default"
_LIMIT = "each service sets its own limits"
_PRESENT = "always present, null if empty: more than the contract promises"
_NEWER = "newer SDKs send it empty; anything in it is refused, as it would have no effect"
_CLIENT_TOOLS = "client-side tools of newer versions of the original"
_FORKED = "only in a fork, which the original does not have"
_SET_BY_SERVICE = "set by the service; the contract has one schema for request and response"

#: Limits that no contract states: every text and list of a request has one.
OWN_LIMITS = ("maxLength", "maxItems", "maxProperties")

_STRICT = "an unknown field is rejected, not dropped"
_REUSED = "the body of a reused idempotency key is the second alternative"


def _statuses(*statuses: int) -> dict[str, str]:
    reason = "this API documents every status of function, authorizer and gateway"
    return {f"status {status}": reason for status in statuses}


#: Reasons of differences, by core operation and location.
CORE_ALLOWED: dict[str, dict[str, str]] = {
    "create_session": {
        "request.properties.agent_id.pattern": _FORM,
        "request.properties.model_id.pattern": _FORM,
        "request.properties.capabilities.default": _EMPTY,
        "request.properties.tags.default": _EMPTY,
        "request.properties.tools": _CLIENT_TOOLS,
        "request.properties.parallel_tool_calls": _NEWER,
        "request.properties.initial_files": "newer SDKs send it",
        "response 201.properties.capabilities.default": _EMPTY,
        "response 201.properties.tags.default": _EMPTY,
        "response 201.properties.tools": _CLIENT_TOOLS,
        "response 201.properties.status.enum": _CLIENT_TOOLS,
        "response 201.properties.forked_from": _FORKED,
        "response 201.properties.harness_id": "newer SDKs reject a response without it",
        **_statuses(401, 403, 409, 413, 429, 503, 504),
        "status 404": "unknown agent or model, as in the original",
        "status 422": "other invalid fields, and a reused idempotency key",
    },
    "create_session_v1_workflow_playground_sessions_post": {
        "response 201.properties.forked_from": _FORKED,
        **_statuses(400, 403, 413, 429, 500, 503, 504),
        "request.additionalProperties": _STRICT,
        **{f"response 422.{key}": _REUSED for key in ("anyOf", "properties", "type")},
        "status 401": "in the contract's prose: no key, or an unknown one",
        "status 404": "in the contract's prose: unknown slug or revision",
        "status 409": "in the contract's prose: a revision whose graph cannot run",
    },
    "draftScenarioFromSession": {
        "response 200.properties.user_turns": "the recorded user of runs; clients ignore it",
        "response 200.properties.replacements": "kinds of what was replaced; clients ignore it",
        **_statuses(403, 413, 429, 500, 503, 504),
        "request.additionalProperties": _STRICT,
    },
    "createSession": {
        **_statuses(403, 409, 413, 422, 429, 500, 503, 504),
        "request.properties.customId.minLength": _LIMIT,
        "request.properties.runId": "newer SDKs send it",
        "response 201.properties.runId": "newer SDKs read it",
        "request.properties.isProduction.nullable": "the official SDK sends null if missing",
        "request.properties.status.default": "the original creates sessions as PENDING, "
        "unlike its document",
        "response 201.required": _PRESENT,
        "response 400.required": _PRESENT,
        "response 401.required": _PRESENT,
        "response 404.required": _PRESENT,
    },
}

_NO_TOOLS = "tools are named in the graph; a revision's list of tools is always empty"


def _without_tools(*places: str) -> dict[str, str]:
    return {
        f"response{place}.tools[].{name}": _NO_TOOLS
        for place in places
        for name in ("tool", "tool_revision_id")
    }


_ANY = "any JSON, null included: the empty schema says so"


def _of_any_json(*places: str) -> dict[str, str]:
    fields = ("inputData", "outputData", "metadata")
    return {f"{place}.{name}": _ANY for place in places for name in fields}


#: Reasons of differing fields and parameters, by other operation and location.
OTHER_ALLOWED: dict[str, dict[str, str]] = {
    **dict.fromkeys(
        ["createWorkflow", "getWorkflow", "updateWorkflow"], _without_tools(".active_revision")
    ),
    **dict.fromkeys(
        [f"{verb}WorkflowRevision" for verb in ("create", "get", "update", "setActive")],
        _without_tools(""),
    ),
    "listWorkflowRevisions": _without_tools(".items[]"),
    "updateWorkflowRevisionGraph": _without_tools(".revision"),
    "createTrace": _of_any_json("request", "response"),
    **dict.fromkeys(["createTracesBatch", "getTraces"], _of_any_json("response[]")),
    "createTestCase": {
        "request.testId": "a test case belongs to a test",
        **{
            f"request.{name}": _SET_BY_SERVICE
            for name in ("id", "userId", "createdAt", "deletedAt", "creditsUsed")
        },
    },
}
