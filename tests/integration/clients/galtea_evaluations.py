"""Galtea SDK, in the version of this interpreter: metrics and evaluations.

    python galtea_evaluations.py VERSION_ID TEST_CASE_ID

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
from galtea.utils.custom_score_metric import CustomScoreEvaluationMetric  # noqa: E402

TURNS = [
    {"role": "user", "content": "Where is my parcel?"},
    {"role": "assistant", "content": "In Oslo."},
]


class Half(CustomScoreEvaluationMetric):  # type: ignore[misc]  # the SDK has no types
    """Metric whose scores this program computes."""

    def measure(self, *_: Any, **__: Any) -> float:
        return 0.5


def new_metrics(client: Any, name: str) -> tuple[Any, Any]:
    """Create, get and list a self-hosted and a judged metric."""
    metrics = client.metrics
    own = metrics.create(name=name, source="self_hosted", tags=["orders"])
    judged = metrics.create(
        name=f"{name}, judged",
        source="partial_prompt",
        judge_prompt="The answer names a place.",
        evaluation_params=["input", "actual_output"],
        evaluator_model_name="a judge",
    )
    assert metrics.get(own.id) == own
    assert metrics.get_by_name(own.name) == own
    listed = [one.id for one in metrics.list()]
    assert listed.index(judged.id) < listed.index(own.id)
    return own, judged


def life(client: Any, version_id: str, test_case_id: str) -> dict[str, Any]:
    """Create, await, list, retry and delete evaluations."""
    evaluations = client.evaluations
    own, judged = new_metrics(client, f"metric of {version_id} by {version('galtea')}")
    session = client.sessions.create(version_id=version_id, test_case_id=test_case_id)
    client.inference_results.create_batch(session_id=session.id, conversation_turns=TURNS)
    [turn] = client.inference_results.list(session_id=session.id)

    scored, waiting = evaluations.create(
        session_id=session.id, metrics=[{"score": Half(name=own.name)}, {"id": judged.id}]
    )
    assert (scored.status, scored.score, waiting.status) == ("SUCCESS", 0.5, "PENDING")
    done = evaluations.wait_for(evaluation_ids=[scored.id, waiting.id], timeout=90, poll_interval=1)
    assert done[0] == scored
    assert evaluations.get(waiting.id) == done[1]
    [of_turn] = evaluations.create(
        inference_result_id=turn.id, metrics=[{"id": own.id, "score": 1.0}]
    )
    assert of_turn.inference_result_id == turn.id
    [single] = evaluations.create_single_turn(
        version_id=version_id,
        test_case_id=test_case_id,
        actual_output="In Lyon.",
        metrics=[{"name": own.name, "score": 0.25}],
        usage_info={"input_tokens": 3},
    )

    listed = evaluations.list(metric_id=own.id, sort_by_score="desc")
    assert [one.id for one in listed] == [of_turn.id, scored.id, single.id]
    assert len(evaluations.list(session_id=session.id, status="SUCCESS")) == 2
    retried = evaluations.retry([scored.id, waiting.id])
    evaluations.delete(of_turn.id)
    client.metrics.delete(own.id)
    try:
        evaluations.list(id=of_turn.id)
        not_found = ""
    except Exception as error:  # each version has its own
        not_found = str(error)
    return {
        "judged": [str(done[1].status).rpartition(".")[2], done[1].reason],
        "retried": [retried["retried"], retried["skipped"]],
        "single": single.session_id,
        "not_found": not_found,
    }


if __name__ == "__main__":
    found = life(Galtea(api_key=os.environ["GALTEA_API_KEY"]), *sys.argv[1:])
    sys.stdout.write(json.dumps(found | {"sdk": version("galtea")}) + "\n")
