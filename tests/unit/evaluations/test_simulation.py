"""The next user message through the API."""

from typing import Any

import pytest

from shared.core.settings import settings
from shared.evaluations import service
from shared.evaluations.simulation import SimulatedMessage
from shared.evaluations.simulator import ScriptedUser
from tests.support.evaluations import World, made, new_session, new_turn
from tests.support.gateway import Answer, Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests

URL = "/conversationSimulator/generateNextUserMessage"
CASE = {
    "input": {"user_message": "Where is my order?", "channel": "web"},
    "goal": "The date of delivery", "scenario": "The order is 4711.", "maxIterations": 4,
}  # fmt: skip


@pytest.fixture
def session(api: Gateway, world: World) -> str:
    case = made(api, "/testCases", testId=world.test, **CASE)["id"]
    return str(new_session(api, world.version, testCaseId=case)["id"])


def _next(api: Gateway, session: str, max_turns: int | None = None) -> Answer:
    return api("POST", URL, {"sessionId": session, "maxTurns": max_turns})


def _answered(api: Gateway, turn: str, output: str) -> None:
    told = {"actualOutput": output, "status": "GENERATED"}
    assert api("PATCH", f"/inferenceResults/{turn}", told).status == 200


def _turns(api: Gateway, session: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api("GET", f"/inferenceResults?sessionIds={session}").json
    return found


def test_given_a_test_case_when_asked_then_its_input_opens_as_a_turn_that_waits(
    api: Gateway, session: str
) -> None:
    with counted_requests() as requests:
        answer = _next(api, session)
    [turn] = _turns(api, session)
    assert (answer.status, answer.json) == (
        200,
        {
            "nextMessage": "Where is my order?",
            "finished": False,
            "stoppingReason": None,
            "simulatorVersion": "scripted-1",
            "inferenceResultId": turn["id"],
        },
    )
    assert (turn["status"], turn["actualOutput"]) == ("PENDING", None)
    assert turn["input"] == CASE["input"]
    assert turn["conversationSimulatorVersion"] == "scripted-1"
    assert requests == {"Query": 1, "GetItem": 2, "TransactWriteItems": 1}


def test_given_a_turn_that_waits_when_asked_again_then_it_is_answered_again(
    api: Gateway, session: str
) -> None:
    assert _next(api, session).text == _next(api, session).text
    assert len(_turns(api, session)) == 1


def test_given_20_requests_at_once_then_one_turn(api: Gateway, session: str) -> None:
    answers = race(api, "POST", URL, {"sessionId": session, "maxTurns": None})
    assert {(answer.status, answer.text) for answer in answers} == {(200, answers[0].text)}
    assert len(_turns(api, session)) == 1


def test_given_the_goal_when_it_is_reached_then_a_last_message_tells_the_reason(
    api: Gateway, session: str
) -> None:
    _answered(api, _next(api, session).json["inferenceResultId"], "Which order?")
    second = _next(api, session).json
    assert (second["nextMessage"], second["finished"]) == (
        "To answer that: The order is 4711.",
        False,
    )
    _answered(api, second["inferenceResultId"], "The delivery date is Tuesday.")
    last = _next(api, session).json
    assert (last["finished"], last["stoppingReason"]) == (True, "GOAL_ACHIEVED")
    assert last["inferenceResultId"] == _turns(api, session)[-1]["id"]


@pytest.mark.parametrize(("max_turns", "turns"), [(1, 1), (2, 2), (None, 4), (6, 6)])
def test_given_no_goal_in_sight_when_turns_are_used_up_then_it_ends(
    api: Gateway, session: str, max_turns: int | None, turns: int
) -> None:
    for number in range(1, turns + 1):
        told = _next(api, session, max_turns).json
        assert told["finished"] is (number == turns)
        assert told["nextMessage"]
        _answered(api, told["inferenceResultId"], "One moment.")
    assert told["stoppingReason"] == "MAX_TURNS_REACHED"
    beyond = _next(api, session, max_turns).json
    assert (beyond["nextMessage"], beyond["finished"]) == ("", True)
    assert beyond["inferenceResultId"] == told["inferenceResultId"]
    assert len(_turns(api, session)) == turns


def test_given_the_agents_greeting_when_asked_then_the_user_goes_on_from_it(
    api: Gateway, session: str
) -> None:
    new_turn(api, session, actualOutput="Welcome!")
    told = _next(api, session).json
    assert told["nextMessage"] == "You should also know: The order is 4711."
    assert len(_turns(api, session)) == 2


def test_given_a_user_with_nothing_left_to_say_then_no_turn_is_made(
    api: Gateway, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_turn(api, session, input="a", actualOutput="b")

    def silent(*_: Any) -> SimulatedMessage:
        return SimulatedMessage("", "GOAL_ACHIEVED")

    monkeypatch.setattr(ScriptedUser, "next_message", silent)
    told = _next(api, session).json
    assert (told["nextMessage"], told["finished"]) == ("", True)
    assert len(_turns(api, session)) == 1


@pytest.mark.parametrize(
    ("body", "status", "names"),
    [
        ({}, 400, "sessionId: "),
        ({"sessionId": None}, 400, "sessionId: "),
        ({"sessionId": "nonsense"}, 404, "sessionId: "),
        ({"sessionId": "session_" + "0" * 32}, 404, "sessionId: "),
        ({"sessionId": "$untested"}, 400, "sessionId: "),
        ({"sessionId": "$session", "maxTurns": 0}, 400, "maxTurns"),
        ({"sessionId": "$session", "maxTurns": "2"}, 400, "maxTurns"),
        ({"sessionId": "$session", "maxTurns": 1001}, 400, "maxTurns"),
    ],
)
def test_given_a_bad_request_when_asked_then_it_is_refused_by_name(
    api: Gateway, world: World, session: str, body: dict[str, Any], status: int, names: str
) -> None:
    known = {"$session": session, "$untested": new_session(api, world.version)["id"]}
    body = {name: known.get(value, value) for name, value in body.items()}
    answer = api("POST", URL, body)
    assert answer.status == status
    assert answer.json["message"].startswith(names), answer.json


def test_given_a_foreign_or_deleted_session_when_asked_then_it_is_unknown(
    api: Gateway, other_api: Gateway, session: str
) -> None:
    assert _next(other_api, session).status == 404
    api("DELETE", f"/sessions/{session}")
    assert _next(api, session).status == 404


MODEL = "model_" + "1" * 32


@pytest.mark.parametrize(
    ("identifier", "version"),
    [("", "scripted-1"), ("model_" + "0" * 31 + "1", "scripted-1"), (MODEL, "model-1:nova")],
)
def test_given_a_model_of_the_stack_then_it_plays_the_user(
    api: Gateway, monkeypatch: pytest.MonkeyPatch, identifier: str, version: str
) -> None:
    monkeypatch.setenv("MODELS", f'{{"{MODEL}": {{"provider": "bedrock", "name": "nova"}}}}')
    monkeypatch.setenv("SIMULATOR_MODEL", identifier)
    settings.cache_clear()
    assert service._user().version == version
