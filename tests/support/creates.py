"""All cases of the idempotency rule, and the POST routes that have none."""

from tests.support.create_case import (
    CreateCase,
    Ids,
    Step,
    assert_refused_as_deleted,
    request_of,
    run,
    send,
)
from tests.support.creates_agents import AGENTS
from tests.support.creates_evaluations import EVALUATIONS
from tests.support.creates_runs import RUNS
from tests.support.creates_workflows import WORKFLOWS

__all__ = [
    "CASES",
    "CREATES_NOTHING",
    "KEYED_WITHOUT_ENTITY",
    "CreateCase",
    "Ids",
    "Step",
    "assert_refused_as_deleted",
    "request_of",
    "run",
    "send",
]

CREATES_NOTHING = {
    "POST /v1/scenarios/draft": "returns an unsaved draft",
    "POST /v1/scenarios/draft-from-session": "returns an unsaved draft",
    "POST /v1/workflows/revisions/{revision_id}/graph/validate": "checks a graph, stores nothing",
    "POST /v1/workflows/{workflow_id}/set-active-revision": "sets what it sets again",
    "POST /v1/sessions/{session_id}/fs/_/grep": "searches",
    "POST /v1/sessions/{session_id}/fs/_/move": "a repeat finds the source gone",
    "POST /v1/sessions/{session_id}/fs/_/stat": "reads",
    "POST /storage/generate-get-presigned-urls": "signs addresses, stores nothing",
    "POST /runs/{id}/close": "a closed run refuses a repeat",
    "POST /versions/get-or-create": "the version's own facts make it repeatable",
    "POST /traces": "the trace's own id makes it repeatable",
    "POST /traces/batch": "the traces' own ids make it repeatable",
    "POST /evaluations/fromVersion": "evaluates what is not yet evaluated; a repeat finds nothing",
    "POST /evaluations/retry": "a repeat finds the evaluations waiting",
    "POST /v1/sessions/import": "the conversation's own id makes it repeatable",
    "POST /v1/sessions/import/uploads": "signs an address, stores nothing",
    "POST /v1/traces": "stores spans by their content; a repeat stores the same",
    "POST /v1/runs/{run_id}/simulations/{number}/mcp": "each request is one more tool call",
    "POST /v1/runs/{run_id}/simulations/{number}/tools/{name}": "each request is one more call",
    "POST /v1/runs/{run_id}/cancel": "ends the run; a repeat finds it ended",
    "POST /v1/runs/{run_id}/simulations/{number}/turns": "an answered turn stays as it is",
    "POST /v1/sessions/{session_id}/cancel": "ends the running turn; a repeat finds none",
}
#: POST routes that read the key and create nothing that can be deleted under an id, each with its
#: own tests.
KEYED_WITHOUT_ENTITY = {
    "POST /evaluations/singleTurn": "evaluations/evaluations/test_evaluations.py",
    "POST /v1/runs": "runs/test_repeated_creates.py",
    "POST /v1/simulation/runs": "runs/test_repeated_creates.py",
    "POST /v1/sessions/{session_id}/tool-results": "agent_sessions/test_tool_results.py",
}


CASES = (*AGENTS, *EVALUATIONS, *WORKFLOWS, *RUNS)
