"""Where this API differs from the contracts, each time on purpose."""

_PERSONAS = "a scenario names a persona by its id; who plays it is another system's matter"
_SIMULATION = "a scenario is handed to whatever runs it; running it is not this project's part"
_FILES = "a session has a log, not a file system"
_TRACES = "spans are the work of the account's own tracing"
_MARKDOWN = "agents are made and read as JSON"

#: Operations of the contracts that this project does not offer, and why.
OUT_OF_SCOPE = {
    **dict.fromkeys(
        ["createPersona", "listPersonas", "getPersona", "updatePersona", "deletePersona"], _PERSONAS
    ),
    **dict.fromkeys(
        ["dispatchSimulationRun", "listSimulationRuns", "getSimulationRun"], _SIMULATION
    ),
    **dict.fromkeys(
        [
            "get_root", "get_path", "create_path", "update_path", "delete_path",
            "copy_file", "move_file", "stat_file", "grep_files",
        ],
        _FILES,
    ),
    **dict.fromkeys(["getTraces", "createTrace", "createTracesBatch"], _TRACES),
    **dict.fromkeys(["import_agent", "export_agent"], _MARKDOWN),
}  # fmt: skip

#: Request headers that no contract has and none forbids; a client that sends none loses nothing.
OWN_HEADERS = {"Idempotency-Key", "If-Match"}

#: Operations still to be built. It only shrinks: a test fails when one of them exists.
NOT_YET: set[str] = set()

_FORM = "the contract's prose states the form of the id; here the schema does"
_EMPTY = "what leaving it out means, or what stands when there is none, is written down"
_LIMIT = "limits are each service's own to set"
_PRESENT = "always present, as null where there is none: more than the contract promises"
_MADE_HERE = "the contract describes request and answer by one schema; this is set by the service"

#: By core operation and place: why it differs from the contract.
CORE_ALLOWED: dict[str, dict[str, str]] = {
    "create_session": {
        "request.properties.agent_id.pattern": _FORM,
        "request.properties.model_id.pattern": _FORM,
        "request.properties.capabilities.default": _EMPTY,
        "request.properties.tags.default": _EMPTY,
        "response 201.properties.capabilities.default": _EMPTY,
        "response 201.properties.tags.default": _EMPTY,
        "response 201.properties.harness_id": "newer SDKs refuse an answer without it",
        "status 404": "an unknown agent or model is told as such, as the original does",
        "status 422": "the rest of a body that does not fit, and a reused idempotency key",
    },
    "create_session_v1_workflow_playground_sessions_post": {
        "status 401": "the contract's prose has it: no key, or none that is known",
        "status 404": "the contract's prose has it: an unknown slug, or revision",
        "status 409": "the contract's prose has it: a revision whose graph cannot run",
    },
    "createSession": {
        "request.properties.customId.minLength": _LIMIT,
        "request.properties.customId.maxLength": _LIMIT,
        "request.properties.isProduction.nullable": "the official SDK sends null: not given",
        "request.properties.status.default": "the original opens sessions as PENDING, "
        "whatever its document says",
        "response 201.required": _PRESENT,
        "response 400.required": _PRESENT,
        "response 401.required": _PRESENT,
        "response 404.required": _PRESENT,
    },
}

_NO_TOOLS = "tools are named in the graph; a revision's own list of them is always empty"


def _without_tools(*places: str) -> dict[str, str]:
    return {
        f"response{place}.tools[].{name}": _NO_TOOLS
        for place in places
        for name in ("tool", "tool_revision_id")
    }


#: By other operation and place: why a field or parameter differs.
OTHER_ALLOWED: dict[str, dict[str, str]] = {
    **dict.fromkeys(
        ["createWorkflow", "getWorkflow", "updateWorkflow"], _without_tools(".active_revision")
    ),
    **dict.fromkeys(
        [
            "createWorkflowRevision",
            "getWorkflowRevision",
            "updateWorkflowRevision",
            "setActiveWorkflowRevision",
        ],
        _without_tools(""),
    ),
    "listWorkflowRevisions": _without_tools(".items[]"),
    "updateWorkflowRevisionGraph": _without_tools(".revision"),
    "createTestCase": {
        "request.testId": "a case belongs to a test",
        **dict.fromkeys(
            [
                "request.id",
                "request.userId",
                "request.createdAt",
                "request.deletedAt",
                "request.creditsUsed",
            ],
            _MADE_HERE,
        ),
    },
}
