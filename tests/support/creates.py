"""Table of creating POST routes: one case each for the acceptance test of the write path.

A case is a list of requests. Braces in a path or a body name an id that an earlier request
returned; ``{it}`` is the id of the created entity.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.support.gateway import Answer, Gateway
from tests.support.node_graphs import agent, approval, edge, failure_path, handoff, variable

type Ids = dict[str, str]

#: POST routes that create nothing under an id, each with the reason.
CREATES_NOTHING = {
    "POST /v1/scenarios/draft": "returns an unsaved draft",
    "POST /v1/scenarios/draft-from-session": "returns an unsaved draft",
    "POST /v1/workflows/revisions/{revision_id}/graph/validate": "checks a graph, stores nothing",
    "POST /v1/workflows/{workflow_id}/set-active-revision": "sets what it sets again",
    "POST /v1/sessions/{session_id}/fs/_/grep": "searches",
    "POST /v1/sessions/{session_id}/fs/_/move": "a repeat finds the source gone",
    "POST /v1/sessions/{session_id}/fs/_/stat": "reads",
    "POST /traces": "the trace's own id makes it repeatable",
    "POST /traces/batch": "the traces' own ids make it repeatable",
    "POST /v1/sessions/import": "the conversation's own id makes it repeatable",
    "POST /v1/sessions/import/uploads": "signs an address, stores nothing",
    "POST /v1/traces": "stores spans by their content; a repeat stores the same",
    "POST /v1/sessions/{session_id}/cancel": "ends the running turn; a repeat finds none",
}
#: POST routes that read the key and create nothing under an id, each with its own tests.
KEYED_WITHOUT_ENTITY = {
    "POST /v1/sessions/{session_id}/tool-results": "agent_sessions/test_tool_results.py",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One request: ``route`` is method and path, ``makes`` names the id that it returns.

    ``path`` is that of the created entity, if it is not the id below the request's.
    """

    route: str
    body: Any = None
    makes: str = ""
    path: str = ""
    id_field: str = "id"

    @property
    def deletion(self) -> "Step":
        """Request that deletes the created entity."""
        path = self.path or self.route.removeprefix("POST ")
        return Step(f"DELETE {path}/{{{self.makes}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCase:
    """One way to create an entity.

    Attributes
    ----------
    body, other
        The payload, and a different valid one.
    read
        Path of a GET that shows the entity.
    parameters
        Values of the path's parameters that are no ids.
    given
        Requests that create what the entity is made from.
    changes
        Requests that change the entity, run one after the other.
    deletes
        Ways to delete the entity, each a request by itself; after the last one, what it was
        made from can be deleted too.
    origins
        Ways to change or delete what the entity is made from while the entity lives, each a
        request by itself.
    session
        The session whose purge, after its deletion, removes what is left of the entity.
    status, read_after_delete
        Expected status of the create, and of ``read`` once the entity is deleted.
    """

    route: str
    body: Any
    other: Any
    read: str
    deletes: tuple[Step, ...]
    parameters: tuple[tuple[str, str], ...] = ()
    variant: str = ""
    given: tuple[Step, ...] = ()
    changes: tuple[Step, ...] = ()
    origins: tuple[Step, ...] = ()
    session: str = ""
    status: int = 201
    id_field: str = "id"
    read_after_delete: int = 404

    @property
    def id(self) -> str:
        return f"{self.route} ({self.variant})" if self.variant else self.route

    def prepare(self, api: Gateway) -> Ids:
        """Create what the entity is made from; return the ids."""
        ids: Ids = dict(self.parameters)
        for step in self.given:
            run(api, step, ids)
        return ids

    def create(self, api: Gateway, ids: Ids, body: Any = None) -> Answer:
        """Send the create and keep the ids that it returns: ``it``, ``it_2``, …"""
        answer = send(api, self.route, self.body if body is None else body, ids, key="k")
        if answer.status == self.status and answer.headers["content-type"] == "application/json":
            entities = answer.json if isinstance(answer.json, list) else [answer.json]
            for number, entity in enumerate(entities, 1):
                _keep(ids, "it" if number == 1 else f"it_{number}", entity[self.id_field])
        return answer

    def delete_with_parents(self, api: Gateway, ids: Ids) -> None:
        """Delete the entity, and what it was made from as far as it is left."""
        run(api, self.deletes[-1], ids)
        for step in reversed(self.given):
            if step.makes:
                deleted = send(api, step.deletion.route, None, ids)
                assert deleted.status < 300 or deleted.status == 404, deleted.text

    def shown(self, api: Gateway, ids: Ids) -> Answer:
        return send(api, f"GET {self.read}", None, ids)


def run(api: Gateway, step: Step, ids: Ids, *, may_fail: bool = False) -> Answer:
    """Send a step's request, which must succeed unless it may fail."""
    answer = send(api, step.route, step.body, ids)
    succeeded = 200 <= answer.status < 300
    assert succeeded or may_fail, f"{step.route}: {answer.status} {answer.text}"
    if succeeded and step.makes:
        _keep(ids, step.makes, answer.json[step.id_field])
    return answer


def send(api: Gateway, route: str, body: Any, ids: Ids, *, key: str | None = None) -> Answer:
    """Send a request with the ids filled in, under an ``Idempotency-Key`` if one is given."""
    method, url, filled_body = request_of(route, body, ids)
    return api(method, url, filled_body, headers={"idempotency-key": key} if key else None)


def request_of(route: str, body: Any, ids: Ids) -> tuple[str, str, Any]:
    """Return method, path and body with the ids filled in."""
    method, path = route.split(" ")
    filled = re.sub(r'"\{(\w+)\}"', lambda found: f'"{ids[found[1]]}"', json.dumps(body))
    return method, path.format_map(ids), json.loads(filled)


def assert_refused_as_deleted(answer: Answer) -> None:
    """Assert the refusal of a create that is repeated after the delete of its entity."""
    assert answer.status == 409, answer.text
    assert "idempotent-replayed" not in answer.headers
    if answer.json.keys() == {"error"}:  # the agents' errors have no code
        assert "deleted" in answer.json["error"]
    else:
        assert answer.json["error"] == "deleted"


def _keep(ids: Ids, name: str, identifier: str) -> None:
    ids[name] = identifier
    if found := re.fullmatch(r"\w+_([0-9a-f]{32})", identifier):
        ids[f"{name}_uuid"] = str(UUID(found[1]))


def _delete(path: str) -> Step:
    return Step(f"DELETE {path}")


def _case(
    path: str, body: dict[str, Any], other: dict[str, Any], *, read: str = "", **more: Any
) -> CreateCase:
    """Return a case; ``other`` names the fields of the payload that differ.

    By default, the entity is read and deleted at its id below the path.
    """
    read = read or f"{path}/{{it}}"
    deletes = more.pop("deletes", (_delete(read),))
    return CreateCase(
        route=f"POST {path}", body=body, other=body | other, read=read, deletes=deletes, **more
    )


# ----------------------------------------------------------------------- identity and agents
_KEYS = "/v1/identity/api-keys"
_MESSAGES = "/v1/sessions/{session_id}/messages"
_FILES = "/v1/sessions/{session_id}/fs"
_AGENT_BODY = {"name": "Concierge", "system_prompt": "You are helpful."}
_OWN_ID = _AGENT_BODY | {"id": "agent_" + "0123456789abcdef" * 2}
_AGENT = Step("POST /v1/agents", _AGENT_BODY, makes="agent")
_AGENT_SESSION = Step("POST /v1/sessions", {"agent_id": "{agent}"}, makes="session_id")
_RENAME_AGENT = Step("PATCH /v1/agents/{agent}", {"name": "Renamed"})


def _agent_case(body: dict[str, str], *changes: Step, path: str = "", **more: Any) -> CreateCase:
    return _case(
        f"/v1/agents{path}",
        body,
        {"name": "Other"},
        read="/v1/agents/{it}",
        **more,
        changes=(Step("PATCH /v1/agents/{it}", {"name": "Renamed"}), *changes),
        read_after_delete=200,  # An archived agent can be read for good.
    )


def _message(text: str) -> Any:
    return {"message": {"role": "user", "content": [{"type": "text", "text": text}]}}


_AGENTS = (
    _case(
        _KEYS,
        {"name": "robot", "scopes": ["read"]},
        {"scopes": ["write"]},
        read=_KEYS,
        deletes=(_delete(f"{_KEYS}/{{it}}"),),
        read_after_delete=200,  # A revoked key stays in the list, as revoked.
    ),
    _agent_case(_AGENT_BODY),
    # An agent with an id of the client's own is replaced by the next create.
    _agent_case(_OWN_ID, Step("POST /v1/agents", _OWN_ID | {"tags": ["a"]}), variant="own id"),
    _agent_case(_AGENT_BODY, path="/import"),
    _case(
        "/v1/sessions",
        {"agent_id": "{agent}", "title": "First"},
        {"title": "Other"},
        given=(_AGENT,),
        changes=(
            Step("PATCH /v1/sessions/{it}", {"title": "Renamed", "tags": ["late"]}),
            Step("POST /v1/sessions/{it}/messages", _message("Hello")),
        ),
        origins=(_RENAME_AGENT, _AGENT.deletion),
        session="{it}",
    ),
    _case(
        _MESSAGES,
        _message("Hello"),
        _message("Good evening"),
        read=_MESSAGES,
        given=(_AGENT, _AGENT_SESSION),
        changes=(
            Step(f"POST {_MESSAGES}", _message("Are you there?")),
            Step("PATCH /v1/sessions/{session_id}", {"title": "Renamed"}),
        ),
        deletes=(_AGENT_SESSION.deletion,),
        origins=(_AGENT.deletion, Step("POST /v1/sessions/{session_id}/cancel", {})),
        session="{session_id}",
    ),
    _case(
        "/v1/sessions/{session_id}/fork",
        {"at_sequence": 1},
        {"at_sequence": 0},
        read="/v1/sessions/{it}",
        given=(_AGENT, _AGENT_SESSION, Step(f"POST {_MESSAGES}", _message("Hello"))),
        changes=(Step("PATCH /v1/sessions/{it}", {"title": "Renamed"}),),
        origins=(_AGENT.deletion, _AGENT_SESSION.deletion),
        session="{it}",
    ),
    _case(
        f"{_FILES}/{{path+}}",
        {"content": "Hello", "is_readonly": False},
        {"content": "Good evening"},
        parameters=(("path+", "a/b.txt"),),
        read=f"{_FILES}/a/b.txt",
        given=(_AGENT, _AGENT_SESSION),
        changes=(
            Step(f"PUT {_FILES}/a/b.txt", {"content": "Changed"}),
            Step(f"POST {_FILES}/_/copy", {"src_path": "a/b.txt", "dst_path": "c"}),
        ),
        deletes=(_delete(f"{_FILES}/a/b.txt"), _AGENT_SESSION.deletion),
        origins=(_AGENT.deletion,),
        session="{session_id}",
    ),
    _case(
        f"{_FILES}/_/copy",
        {"src_path": "a", "dst_path": "b"},
        {"dst_path": "c"},
        read=f"{_FILES}/b",
        given=(_AGENT, _AGENT_SESSION, Step(f"POST {_FILES}/a", {"content": "Hello"})),
        changes=(Step(f"PUT {_FILES}/b", {"content": "Changed"}),),
        deletes=(_delete(f"{_FILES}/b"), _AGENT_SESSION.deletion),
        origins=(_delete(f"{_FILES}/a"),),
        session="{session_id}",
    ),
)

# ------------------------------------------------------------------------------- evaluations
_VERSION_BODY = {"productId": "{product}", "name": "one"}
_TEST_BODY = {"productId": "{product}", "name": "Orders", "type": "SCENARIOS"}
_TEST_CASE_BODY = {
    "testId": "{test}",
    "input": "Where is my order?",
    "goal": "The date of delivery",
    "scenario": "The order is 4711.",
    "maxIterations": 4,
    "context": "A shop",
}
_PRODUCT = Step("POST /products", {"name": "Shop"}, makes="product")
_VERSION = Step("POST /versions", _VERSION_BODY, makes="version")
_TEST = Step("POST /tests", _TEST_BODY, makes="test")
_TEST_CASE = Step("POST /testCases", _TEST_CASE_BODY, makes="case")
_OF_TEST_CASE = {"versionId": "{version}", "testCaseId": "{case}"}
_SESSION = Step("POST /sessions", {"versionId": "{version}"}, makes="session")
_SIMULATED = Step("POST /sessions", _OF_TEST_CASE, makes="session")
_TURN = {"sessionId": "{session}", "input": "Where is it?", "actualOutput": "In Oslo."}
_EARLIER = Step("POST /inferenceResults", _TURN | {"inputTokens": 3}, makes="earlier")
_CHANGE_EARLIER = Step("PATCH /inferenceResults/{earlier}", {"actualOutput": "Good evening"})
_FINISHED = {"stoppingReason": "GOAL_ACHIEVED"}
_FINISH = Step("PATCH /sessions/{session}/finish", _FINISHED)
_RESULT = "/inferenceResults/{it}"
_ANSWER_TURN = Step(f"PATCH {_RESULT}", {"actualOutput": "On Tuesday.", "status": "GENERATED"})


def _catalog_case(path: str, body: dict[str, Any], change: Any, **more: Any) -> CreateCase:
    """Return the case of a product, a version, a test or a test case."""
    return _case(path, body, change, changes=(Step(f"PATCH {path}/{{it}}", change),), **more)


def _turn_case(
    path: str,
    body: dict[str, Any],
    other: dict[str, Any],
    *,
    given: tuple[Step, ...] = (_PRODUCT, _VERSION, _SESSION, _EARLIER),
    origin: Step = _FINISH,
    change: tuple[Step, ...] = (),
    delete: tuple[Step, ...] = (),
    **more: Any,
) -> CreateCase:
    """Return the case of turns that are recorded in a session."""
    return _case(
        path,
        body,
        other,
        read=_RESULT,
        given=given,
        changes=(_ANSWER_TURN, *change),
        deletes=(_delete(_RESULT), *delete, _SESSION.deletion),
        origins=(_CHANGE_EARLIER, _EARLIER.deletion, origin),
        session="{session}",
        **more,
    )


def _batch(output: str) -> Any:
    turns = [("user", "Where is it?"), ("assistant", output), ("user", "Thank you.")]
    return {
        "sessionId": "{session}",
        "conversationTurns": [{"role": role, "content": content} for role, content in turns],
    }


_EVALUATIONS = (
    _catalog_case("/products", {"name": "Shop"}, {"name": "Renamed"}),
    _catalog_case(
        "/versions",
        _VERSION_BODY,
        {"name": "Renamed"},
        given=(_PRODUCT,),
        origins=(Step("PATCH /products/{product}", {"name": "Renamed"}),),
    ),
    # The name of a version that is created without one counts its siblings.
    _catalog_case(
        "/versions",
        {"productId": "{product}"},
        {"description": "Other"},
        variant="unnamed",
        given=(_PRODUCT, _VERSION),
        origins=(_VERSION.deletion, _VERSION),
    ),
    _catalog_case("/tests", _TEST_BODY, {"name": "Renamed"}, given=(_PRODUCT,)),
    _catalog_case("/testCases", _TEST_CASE_BODY, {"goal": "A refund"}, given=(_PRODUCT, _TEST)),
    _case(
        "/sessions",
        _OF_TEST_CASE | {"customId": "mine"},
        {"customId": "other"},
        given=(_PRODUCT, _VERSION, _TEST, _TEST_CASE),
        changes=(
            Step("PATCH /sessions/{it}", {"customId": "moved", "metadata": {"a": 1}}),
            Step("POST /inferenceResults", {"sessionId": "{it}", "input": "Hi", "inputTokens": 2}),
            Step("PATCH /sessions/{it}/finish", _FINISHED),
        ),
        deletes=(_delete("/sessions/{it}"), Step("DELETE /sessions/batch", {"ids": ["{it}"]})),
        origins=(Step("PATCH /testCases/{case}", {"context": "Another shop"}),),
        session="{it}",
    ),
    _turn_case(
        "/inferenceResults",
        _TURN,
        {"actualOutput": "In Lyon."},
        delete=(Step("DELETE /sessions/batch", {"ids": ["{session}"]}),),
    ),
    # With one of its results deleted, the first answer cannot be given any more.
    _turn_case(
        "/inferenceResults/batch",
        _batch("In Oslo."),
        _batch("In Lyon."),
        change=(Step("PATCH /inferenceResults/{it_2}", {"actualOutput": "Welcome."}),),
    ),
    # Changed by an answer: without a key, the same request would now record a further turn.
    _turn_case(
        "/conversationSimulator/generateNextUserMessage",
        {"sessionId": "{session}"},
        {"maxTurns": 3},
        status=200,
        id_field="inferenceResultId",
        given=(_PRODUCT, _VERSION, _TEST, _TEST_CASE, _SIMULATED, _EARLIER),
        origin=Step("PATCH /testCases/{case}", {"goal": "A refund", "scenario": "It is lost."}),
    ),
)

# --------------------------------------------------------------- workflows and the playground
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
    return _case(
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
    return _case(
        f"{path}/{name}",
        *arguments,
        status=200,
        read=path,
        given=(*_WITH_GRAPH, _OPENED, *given),
        changes=(_say(say),),
        origins=(_REVISION.deletion, _WORKFLOW.deletion),
        session="{session_id}",
    )


_WORKFLOWS = (
    _case(
        "/v1/workflows",
        {"name": "Parcels", "metadata": {"team": "post"}},
        {"name": "Other"},
        changes=(Step("PUT /v1/workflows/{it}", {"name": "Renamed"}),),
    ),
    _case(
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
    _case(
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
        deletes=(_WORKFLOW.deletion, _delete(f"{_REVISIONS}/{{it}}")),
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
    _case(
        "/v1/scenarios",
        _SCENARIO_BODY | {"agent_ids": ["{agent_uuid}", "{other_agent_uuid}"]},
        {"agent_ids": ["{agent_uuid}"]},
        given=(_AGENT, Step("POST /v1/agents", _AGENT_BODY, makes="other_agent")),
        changes=(
            Step(
                "PUT /v1/scenarios/{it}", {"name": "Renamed", "agent_ids": ["{other_agent_uuid}"]}
            ),
            Step("PUT /v1/scenarios/{it}", {"intent": "The user wants a refund."}),
        ),
        origins=(_RENAME_AGENT, _AGENT.deletion),
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

CASES = (*_AGENTS, *_EVALUATIONS, *_WORKFLOWS)
