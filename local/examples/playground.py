"""Examples of functions/playground/ and functions/workflows/."""

from typing import Any

from local.examples.example import Example, example_id

_WORKFLOW_ID = str(example_id("/v1/workflows"))
_REVISION_ID = str(example_id(f"/v1/workflows/{_WORKFLOW_ID}/revisions"))
_SESSION_ID = str(example_id("/v1/workflow/playground/sessions"))

_WORKFLOW = {"workflow_id": _WORKFLOW_ID}
_REVISION = {"revision_id": _REVISION_ID}

_CREATE_WORKFLOW = ("workflows.create_workflow",)
_CREATE_REVISION = (*_CREATE_WORKFLOW, "workflows.create_revision")
_PUT_GRAPH = (*_CREATE_REVISION, "workflows.put_graph")

#: A refund of this amount waits for a manager.
_AWAIT_APPROVAL = (
    "playground.open_session",
    "playground.send_message",
    ("playground.send_message", {"message": "It is damaged."}),
    ("playground.send_message", {"message": "149.90"}),
)

_GRAPH: dict[str, Any] = {
    "name": "Return an item",
    "entry_node_id": "ask",
    "context_variables": [
        {"name": "order_number", "type": "string", "description": "The order number"},
    ],
    "nodes": [
        {
            "id": "ask",
            "type": "agent",
            "instructions": "Find out which order it is about.",
            "required_writes": ["order_number"],
        },
        {"id": "pass_on", "type": "handoff", "static_text": "A colleague takes over from here."},
    ],
    "edges": [{"from": "ask", "to": "pass_on"}],
}

_PLAYGROUND = {
    "playground.list_catalog": Example(),
    "playground.get_catalog_workflow": Example(parameters={"slug": "refund-approval"}),
    "playground.open_session": Example(body={"catalog_slug": "refund-approval"}),
    "playground.get_session": Example(
        parameters={"session_id": _SESSION_ID}, after=("playground.open_session",)
    ),
    "playground.list_sessions": Example(
        query=(("awaiting_approval", "false"), ("limit", "20")),
        after=("playground.open_session",),
    ),
    "playground.delete_session": Example(
        parameters={"session_id": _SESSION_ID}, after=("playground.open_session",)
    ),
    "playground.fork_session": Example(
        parameters={"session_id": _SESSION_ID},
        body={"at_turn": 1},
        after=("playground.open_session", "playground.send_message"),
    ),
    "playground.get_graph": Example(
        parameters={"session_id": _SESSION_ID}, after=("playground.open_session",)
    ),
    "playground.get_trace": Example(
        parameters={"session_id": _SESSION_ID},
        after=_AWAIT_APPROVAL,
    ),
    "playground.stream_turns": Example(
        parameters={"session_id": _SESSION_ID},
        after=("playground.open_session", "playground.send_message"),
    ),
    "playground.send_message": Example(
        parameters={"session_id": _SESSION_ID},
        body={"message": "Hello, I would like a refund for order NW-5581."},
        after=("playground.open_session",),
    ),
    "playground.resume": Example(
        parameters={"session_id": _SESSION_ID},
        body={"decision": "approve", "note": "The photos are clear."},
        after=_AWAIT_APPROVAL,
    ),
}

_WORKFLOWS = {
    "workflows.create_workflow": Example(
        body={"name": "Returns", "description": "Takes back what does not fit."}
    ),
    "workflows.list_workflows": Example(query=(("limit", "20"),), after=_CREATE_WORKFLOW),
    "workflows.get_workflow": Example(parameters=_WORKFLOW, after=_CREATE_WORKFLOW),
    "workflows.update_workflow": Example(
        parameters=_WORKFLOW, body={"name": "Returns and refunds"}, after=_CREATE_WORKFLOW
    ),
    "workflows.delete_workflow": Example(parameters=_WORKFLOW, after=_CREATE_WORKFLOW),
    "workflows.set_active_revision": Example(
        parameters=_WORKFLOW, body=_REVISION, after=_PUT_GRAPH
    ),
}

_REVISIONS = {
    "workflows.create_revision": Example(
        parameters=_WORKFLOW,
        body={"name": "First try", "instructions": "Be brief and kind."},
        after=_CREATE_WORKFLOW,
    ),
    "workflows.list_revisions": Example(parameters=_WORKFLOW, after=_CREATE_REVISION),
    "workflows.get_revision": Example(parameters=_REVISION, after=_CREATE_REVISION),
    "workflows.update_revision": Example(
        parameters=_REVISION, body={"name": "Second try"}, after=_CREATE_REVISION
    ),
    "workflows.delete_revision": Example(parameters=_REVISION, after=_CREATE_REVISION),
    "workflows.put_graph": Example(
        parameters=_REVISION, body={"compiled_graph": _GRAPH}, after=_CREATE_REVISION
    ),
    "workflows.get_graph": Example(parameters=_REVISION, after=_PUT_GRAPH),
    "workflows.validate_graph": Example(
        parameters=_REVISION, body={"compiled_graph": _GRAPH}, after=_CREATE_REVISION
    ),
}

EXAMPLES = {
    **_PLAYGROUND,
    **_WORKFLOWS,
    **_REVISIONS,
}
