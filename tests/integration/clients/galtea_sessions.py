"""Galtea SDK, in the version of this interpreter: sessions, results and simulation.

    python galtea_sessions.py VERSION_ID TEST_CASE_ID

URL and key come from GALTEA_API_URL and GALTEA_API_KEY. Prints the results as JSON; fails if an
assertion does.
"""

import json
import os
import sys
import warnings
from importlib.metadata import version
from typing import Any

warnings.simplefilter("ignore")

from galtea import Galtea  # noqa: E402  # its own warnings are ignored
from requests import HTTPError  # noqa: E402

TURNS = [
    {"role": "user", "content": "And when?"},
    {"role": "assistant", "content": "On Tuesday.", "retrieval_context": "Parcel 4711"},
    {"role": "user", "content": "Thank you"},
]


def by_custom_id(client: Any, custom_id: str, version_id: str) -> Any:
    """Find a session; SDKs before 5.0 search all versions."""
    if version("galtea").startswith("4."):
        return client.sessions.get_by_custom_id(custom_id)
    return client.sessions.get_by_custom_id(custom_id, version_id=version_id)


def finish(client: Any, session_id: str, reason: str) -> Any:
    """Finish a session; before 5.0, only the SDK's simulator could."""
    if hasattr(client.sessions, "finish"):
        return client.sessions.finish(session_id, stopping_reason=reason)
    return client.sessions._update_stopping_reason(session_id, reason)


def session_life(client: Any, version_id: str) -> dict[str, Any]:
    """Create, find, list, update, fill, finish and delete sessions."""
    sessions, results = client.sessions, client.inference_results
    name = f"run of {version_id} by {version('galtea')}"
    created = sessions.create(version_id=version_id, custom_id=name, context="A late parcel")
    assert sessions.get(created.id) == created
    assert by_custom_id(client, name, version_id) == created
    again = sessions.get_or_create(custom_id=name, version_id=version_id)
    assert again == created
    other = sessions.get_or_create(custom_id=f"{name}, too", version_id=version_id)
    assert other.id != created.id
    listed = sessions.list(version_id=version_id, sort_by_created_at="asc")
    assert [one.id for one in listed] == [created.id, other.id]
    assert sessions.list(custom_id="none of them", version_id=version_id) == []

    updated = sessions.update(created.id, metadata={"channel": "web"}, context=None)
    assert (updated.metadata, updated.context) == ({"channel": "web"}, None)
    assert sessions.update(created.id, error="slow").status == "PENDING"

    first = results.create(session_id=created.id, input="Where is it?", output="On its way.")
    batch = results.create_batch(session_id=created.id, conversation_turns=TURNS)
    assert [one.index for one in (first, *batch)] == [0, 1, 2]
    assert [one.id for one in results.list(session_id=created.id)] == [
        one.id for one in (first, *batch)
    ]
    answered = results.update(batch[1].id, output="You are welcome.")
    assert (answered.status, answered.index) == ("GENERATED", 2)
    results.delete(first.id)
    assert [one.index for one in results.list(session_id=created.id)] == [0, 1]

    finished = finish(client, created.id, "GOAL_ACHIEVED")
    assert (finished.status, finished.stopping_reason) == ("COMPLETED", "GOAL_ACHIEVED")
    assert finish(client, created.id, "GOAL_ACHIEVED").status == "COMPLETED"
    sessions.delete(other.id)
    assert [one.id for one in sessions.list(version_id=version_id)] == [created.id]
    try:
        sessions.get(other.id)
    except HTTPError as error:  # newer versions raise a subclass
        return {"session": created.id, "not_found": str(error)}
    raise AssertionError("the deleted session is still there")


def simulation(client: Any, version_id: str, test_case_id: str) -> dict[str, Any]:
    """Simulate the user of a test case against a product that refuses in the goal's words."""

    def product(messages: list[dict[str, Any]]) -> str:
        refusal = "I will not tell you the date of delivery."
        return refusal if len(messages) > 2 else "Which order is it?"

    session = client.sessions.create(version_id=version_id, test_case_id=test_case_id)
    result = client.simulator.simulate(session_id=session.id, agent=product, max_turns=4)
    stored = client.sessions.get(session.id)
    return {
        "simulated": session.id,
        "turns": result.total_turns,
        "finished": result.finished,
        "reason": result.stopping_reason,
        "status": str(getattr(stored.status, "value", stored.status)),
    }


def tracing(client: Any, version_id: str) -> dict[str, Any]:
    """Record the steps of a turn by the decorator and by hand; before 5.0 they are "traces"."""
    is_first = version("galtea").startswith("4.")
    steps = client.traces if is_first else client.spans
    traced: Any = steps.trace if is_first else steps.traced

    @traced(type="TOOL")  # type: ignore[untyped-decorator]  # differs between versions
    def get_order(number: int) -> dict[str, Any]:
        return {"number": number, "status": "late"}

    @traced(type="AGENT")  # type: ignore[untyped-decorator]  # see above
    def answer() -> str:
        return str(get_order(4711)["status"])

    session = client.sessions.create(version_id=version_id)
    turn = client.inference_results.create(session_id=session.id, input="Where?", output="Late.")
    token = steps.set_context(inference_result_id=turn.id)
    answer()
    steps.clear_context(token)  # sends what was recorded
    steps.create(inference_result_id=turn.id, name="search", type="RETRIEVER", output_data=["4711"])
    found = steps.list(inference_result_id=turn.id, sort_by_start_time="asc")
    assert len(steps.list(session_id=session.id, types=["TOOL", "RETRIEVER"])) == 2
    assert steps.list(id=found[0].id, session_id=session.id) == found[:1]
    return {"steps": [one.model_dump(by_alias=True) for one in found]}


def main() -> None:
    version_id, test_case_id = sys.argv[1:]
    client = Galtea(api_key=os.environ["GALTEA_API_KEY"])
    results = session_life(client, version_id)
    if hasattr(client, "simulator"):
        results |= simulation(client, version_id, test_case_id)
    results |= tracing(client, version_id)
    sys.stdout.write(json.dumps(results | {"sdk": version("galtea")}) + "\n")


if __name__ == "__main__":
    main()
