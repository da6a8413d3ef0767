"""Cases of workflows, the playground and scenarios."""

from typing import Any

from tests.support.create_case import CreateCase, Step, case_of, delete_of
from tests.support.creates_agents import AGENT, AGENT_BODY, RENAME_AGENT
from tests.support.node_graphs import agent, approval, edge, failure_path, handoff, variable

#: Asks for a parcel's number, has a person decide, and asks for a reason.
_GRAPH: dict[str, Any] = {
    "name": "Parcel question",
    "entry_node_id": "ask",
    "context_variables": [
        variable("parcel", description="The parcel's number"),
        variable("reason", description="The reason"),
    ],
    "nodes": [
        agent("ask", "parcel"),
        approval("approve", on_approve="person", on_deny="why"),
        agent("why", "reason"),
        handoff("person", "I call a colleague."),
    ],
    "edges": [
        edge("ask", "approve"),
        failure_path("ask", "person"),
        edge("why", "person"),
        failure_path("why", "person"),
    ],
}
_SESSIONS, _REVISIONS = "/v1/workflow/playground/sessions", "/v1/workflows/revisions"
_REVISION_BODY = {"name": "first", "instructions": "Find parcels."}
_WORKFLOW = Step("POST /v1/workflows", {"name": "Parcels"}, makes="workflow_id")
_REVISION = Step(
    "POST /v1/workflows/{workflow_id}/revisions",
    _REVISION_BODY,
    makes="revision_id",
    path=_REVISIONS,
)
_PUT_GRAPH = Step(f"PUT {_REVISIONS}/{{revision_id}}/graph", {"compiled_graph": _GRAPH})
_WITH_GRAPH = (_WORKFLOW, _REVISION, _PUT_GRAPH)
_ON_CATALOG = {"revision_id": None, "catalog_slug": "order-status"}
_ON_REVISION = {"revision_id": "{revision_id}"}
_OPENED = Step(f"POST {_SESSIONS}", _ON_REVISION, makes="session_id", id_field="session_id")
_SCENARIO_BODY = {
    "name": "Late flight",
    "intent": "The user wants to fly later.",
    "mock_world": {"find_parcel": {"output": {"place": "Lyon"}}},
}
_SCENARIO = Step("POST /v1/scenarios", _SCENARIO_BODY, makes="scenario_id")


def _say(text: str, session: str = "{session_id}") -> Step:
    return Step(f"POST {_SESSIONS}/{session}/messages", {"message": text})


def _session_case(
    body: dict[str, Any], other: dict[str, Any], *, path: str = _SESSIONS, **more: Any
) -> CreateCase:
    """Return the case of a playground session."""
    return case_of(
        path,
        body,
        other,
        read=f"{_SESSIONS}/{{it}}",
        id_field="session_id",
        changes=(_say("P-4711", "{it}"),),
        session="{it}",
        **more,
    )


def _in_session_case(name: str, *arguments: Any, given: tuple[Step, ...], say: str) -> CreateCase:
    """Return the case of a turn in a playground session."""
    path = f"{_SESSIONS}/{{session_id}}"
    return case_of(
        f"{path}/{name}",
        *arguments,
        status=200,
        read=path,
        given=(*_WITH_GRAPH, _OPENED, *given),
        changes=(_say(say),),
        origins=(_REVISION.deletion, _WORKFLOW.deletion),
        session="{session_id}",
    )


WORKFLOWS = (
    case_of(
        "/v1/workflows",
        {"name": "Parcels", "metadata": {"team": "post"}},
        {"name": "Other"},
        changes=(Step("PUT /v1/workflows/{it}", {"name": "Renamed"}),),
    ),
    case_of(
        "/v1/workflows",
        {"name": "Parcels"},
        {"name": "Other"},
        variant="with an active revision",
        changes=(
            Step("POST /v1/workflows/{it}/revisions", _REVISION_BODY, makes="revision_id"),
            _PUT_GRAPH,
            Step("POST /v1/workflows/{it}/set-active-revision", _ON_REVISION),
        ),
    ),
    case_of(
        "/v1/workflows/{workflow_id}/revisions",
        _REVISION_BODY | {"based_on_revision_id": "{revision_id}"},
        {"name": "Other"},
        read=f"{_REVISIONS}/{{it}}",
        given=_WITH_GRAPH,
        changes=(
            Step(f"PUT {_REVISIONS}/{{it}}", {"name": "renamed"}),
            Step(f"PUT {_REVISIONS}/{{it}}/graph", {"compiled_graph": _GRAPH | {"name": "Other"}}),
            Step("POST /v1/workflows/{workflow_id}/set-active-revision", {"revision_id": "{it}"}),
        ),
        deletes=(_WORKFLOW.deletion, delete_of(f"{_REVISIONS}/{{it}}")),
        origins=(
            Step(f"PUT {_REVISIONS}/{{revision_id}}", {"name": "r", "instructions": "New."}),
            _REVISION.deletion,
        ),
    ),
    _session_case(
        {"at_turn": 1},
        {"at_turn": 0},
        path=f"{_SESSIONS}/{{session_id}}/fork",
        given=(*_WITH_GRAPH, _OPENED, _say("Hello")),
        origins=(_OPENED.deletion, _WORKFLOW.deletion),
    ),
    _session_case({"catalog_slug": "order-status"}, {"catalog_slug": "refund-approval"}),
    _session_case(
        _ON_REVISION,
        _ON_CATALOG,
        variant="revision",
        given=_WITH_GRAPH,
        origins=(_REVISION.deletion, _WORKFLOW.deletion),
    ),
    _in_session_case(
        "messages", {"message": "Hello"}, {"message": "P-4711"}, given=(), say="P-4711"
    ),
    _in_session_case(
        "resume",
        {"decision": "deny"},
        {"decision": "approve"},
        given=(_say("P-4711"),),
        say="It was too late.",
    ),
    case_of(
        "/v1/scenarios",
        _SCENARIO_BODY | {"agent_ids": ["{agent_uuid}", "{other_agent_uuid}"]},
        {"agent_ids": ["{agent_uuid}"]},
        given=(AGENT, Step("POST /v1/agents", AGENT_BODY, makes="other_agent")),
        changes=(
            Step(
                "PUT /v1/scenarios/{it}", {"name": "Renamed", "agent_ids": ["{other_agent_uuid}"]}
            ),
            Step("PUT /v1/scenarios/{it}", {"intent": "The user wants a refund."}),
        ),
        origins=(RENAME_AGENT, AGENT.deletion),
    ),
    _session_case(
        _ON_REVISION,
        _ON_CATALOG,
        path="/v1/scenarios/{scenario_id}/replay",
        given=(*_WITH_GRAPH, _SCENARIO),
        origins=(
            Step("PUT /v1/scenarios/{scenario_id}", {"mock_world": {}}),
            _SCENARIO.deletion,
            _REVISION.deletion,
        ),
    ),
)
