"""What its users do with the Galtea SDK, by whichever version this interpreter has.

    python galtea_sessions.py VERSION_ID TEST_CASE_ID

Address and key come from GALTEA_API_URL and GALTEA_API_KEY. Prints what the last steps left,
as JSON; ends with an error where something is not as it should be.
"""

import json
import os
import sys
import warnings
from importlib.metadata import version
from typing import Any

warnings.simplefilter("ignore")

from galtea import Galtea  # noqa: E402  # its own warnings are not looked at
from requests import HTTPError  # noqa: E402

TURNS = [
    {"role": "user", "content": "And when?"},
    {"role": "assistant", "content": "On Tuesday.", "retrieval_context": "Parcel 4711"},
    {"role": "user", "content": "Thank you"},
]


def by_custom_id(client: Any, custom_id: str, version_id: str) -> Any:
    """Find a session; before 5.0 a custom id was looked for in all versions."""
    if version("galtea").startswith("4."):
        return client.sessions.get_by_custom_id(custom_id)
    return client.sessions.get_by_custom_id(custom_id, version_id=version_id)


def finish(client: Any, session_id: str, reason: str) -> Any:
    """Finish a session; before 5.0 only the SDK's own simulator did."""
    if hasattr(client.sessions, "finish"):
        return client.sessions.finish(session_id, stopping_reason=reason)
    return client.sessions._update_stopping_reason(session_id, reason)


def session_life(client: Any, version_id: str) -> dict[str, Any]:
    """Open, find, list, change, speak in, finish and delete sessions."""
    sessions, results = client.sessions, client.inference_results
    name = f"run of {version_id} by {version('galtea')}"
    opened = sessions.create(version_id=version_id, custom_id=name, context="A late parcel")
    assert sessions.get(opened.id) == opened
    assert by_custom_id(client, name, version_id) == opened
    again = sessions.get_or_create(custom_id=name, version_id=version_id)
    assert again == opened
    other = sessions.get_or_create(custom_id=f"{name}, too", version_id=version_id)
    assert other.id != opened.id
    listed = sessions.list(version_id=version_id, sort_by_created_at="asc")
    assert [one.id for one in listed] == [opened.id, other.id]
    assert sessions.list(custom_id="none of them", version_id=version_id) == []

    changed = sessions.update(opened.id, metadata={"channel": "web"}, context=None)
    assert (changed.metadata, changed.context) == ({"channel": "web"}, None)
    assert sessions.update(opened.id, error="slow").status == "PENDING"

    first = results.create(session_id=opened.id, input="Where is it?", output="On its way.")
    batch = results.create_batch(session_id=opened.id, conversation_turns=TURNS)
    assert [one.index for one in (first, *batch)] == [0, 1, 2]
    assert [one.id for one in results.list(session_id=opened.id)] == [
        one.id for one in (first, *batch)
    ]
    answered = results.update(batch[1].id, output="You are welcome.")
    assert (answered.status, answered.index) == ("GENERATED", 2)
    results.delete(first.id)
    assert [one.index for one in results.list(session_id=opened.id)] == [0, 1]

    done = finish(client, opened.id, "GOAL_ACHIEVED")
    assert (done.status, done.stopping_reason) == ("COMPLETED", "GOAL_ACHIEVED")
    assert finish(client, opened.id, "GOAL_ACHIEVED").status == "COMPLETED"
    sessions.delete(other.id)
    assert [one.id for one in sessions.list(version_id=version_id)] == [opened.id]
    try:
        sessions.get(other.id)
    except HTTPError as error:  # newer versions have a class of their own below it
        return {"session": opened.id, "refused": str(error)}
    raise AssertionError("a deleted session is still found")


def simulation(client: Any, version_id: str, test_case_id: str) -> dict[str, Any]:
    """Let the simulated user of a test case talk to a product that knows one answer."""

    def product(messages: list[dict[str, Any]]) -> str:
        return "The delivery date is Tuesday." if len(messages) > 2 else "Which order is it?"

    session = client.sessions.create(version_id=version_id, test_case_id=test_case_id)
    result = client.simulator.simulate(session_id=session.id, agent=product, max_turns=8)
    found = client.sessions.get(session.id)
    return {
        "simulated": session.id,
        "turns": result.total_turns,
        "finished": result.finished,
        "reason": result.stopping_reason,
        "status": str(getattr(found.status, "value", found.status)),
    }


def main() -> None:
    """Do it all, and print what is left."""
    version_id, test_case_id = sys.argv[1:]
    client = Galtea(api_key=os.environ["GALTEA_API_KEY"])
    left = session_life(client, version_id)
    if hasattr(client, "simulator"):
        left |= simulation(client, version_id, test_case_id)
    sys.stdout.write(json.dumps(left | {"sdk": version("galtea")}) + "\n")


if __name__ == "__main__":
    main()
