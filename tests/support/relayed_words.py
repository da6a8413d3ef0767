"""Runs whose agents' words a test relays to the running stack."""

from typing import Any

import httpx

from tests.support.running_stack import until

type Json = dict[str, Any]


def post(http: httpx.Client, path: str, body: Json) -> Json:
    """Return the answer to a request that succeeds."""
    answer = http.post(path, json=body)
    assert answer.is_success, answer.text
    return dict(answer.json())


def get(http: httpx.Client, path: str) -> Json:
    """Return the answer to a request that succeeds."""
    return dict(http.get(path).raise_for_status().json())


def new_scenario(http: httpx.Client, name: str, words: str, *checks: Json, tag: str) -> str:
    """Create a scenario with one message of the user, and return its id."""
    body = {"name": name, "intent": words, "user_turns": [words], "tags": [tag]}
    created = post(http, "/v1/scenarios", body | {"mock_world": {}})
    path = f"/v1/scenarios/{created['id']}/checks"
    http.put(path, json={"checks": checks}).raise_for_status()
    return str(created["id"])


def relayed_run(http: httpx.Client, words: dict[str, list[str]], **fields: Any) -> Json:
    """Run scenarios of one message, and return the run once it has ended.

    ``words`` are the agent's by those of the user: one text for each repeat.
    """
    repeats = len(next(iter(words.values())))
    body = {"target": {"relay": True}, "repeats": repeats} | fields
    run = post(http, "/v1/runs", body)
    for number in range(run["progress"]["total"]):
        turns = f"/v1/runs/{run['id']}/simulations/{number}/turns"
        said = words[_first_words(http, turns)][number % repeats]
        usage = {"input_tokens": 40, "output_tokens": 2, "cost_usd": 0.01}
        post(http, turns, {"turn": 1, "message": said, "usage": usage, "seconds": 0.5})
    until(lambda: get(http, f"/v1/runs/{run['id']}")["finished_at"])
    return get(http, f"/v1/runs/{run['id']}")


def _first_words(http: httpx.Client, turns: str) -> str:
    answers: list[Json] = []

    def has_begun() -> bool:
        answers.append(post(http, turns, {"turn": 0}))
        return bool(answers[-1]["status"] != "pending")

    until(has_begun)
    return str(answers[-1]["message"])
