"""Conversation simulator through the API."""

from typing import Any

import pytest

from shared.core.settings import settings
from shared.evaluations.simulation.domain import SimulatedMessage
from shared.evaluations.simulation.scripted_user import ScriptedUser
from shared.evaluations.simulation.wiring import simulated_user
from tests.support.evaluations import World, new_entity, new_session, new_turn, turns_of
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
    case = new_entity(api, "/testCases", testId=world.test, **CASE)["id"]
    return str(new_session(api, world.version, testCaseId=case)["id"])


def _next(api: Gateway, session: str, max_turns: int | None = None) -> Answer:
    return api("POST", URL, {"sessionId": session, "maxTurns": max_turns})


def _answer(api: Gateway, turn: str, output: str) -> None:
    fields = {"actualOutput": output, "status": "GENERATED"}
    assert api("PATCH", f"/inferenceResults/{turn}", fields).status == 200


def test_first_message_is_the_input_of_the_test_case(api: Gateway, session: str) -> None:
    with counted_requests() as requests:
        answer = _next(api, session)
    [turn] = turns_of(api, session)
    assert answer.status == 200
    assert answer.json == {
        "nextMessage": "Where is my order?",
        "finished": False,
        "stoppingReason": None,
        "simulatorVersion": "scripted-2",
        "inferenceResultId": turn["id"],
    }
    assert (turn["status"], turn["actualOutput"]) == ("PENDING", None)
    assert turn["input"] == CASE["input"]
    assert turn["conversationSimulatorVersion"] == "scripted-2"
    assert requests == {"Query": 1, "GetItem": 2, "TransactWriteItems": 1}


def test_waiting_turn_is_returned_again(api: Gateway, session: str) -> None:
    assert _next(api, session).text == _next(api, session).text
    assert len(turns_of(api, session)) == 1


def test_concurrent_requests_record_one_turn(api: Gateway, session: str) -> None:
    answers = race(api, "POST", URL, {"sessionId": session, "maxTurns": None})
    assert {(answer.status, answer.text) for answer in answers} == {(200, answers[0].text)}
    assert len(turns_of(api, session)) == 1


@pytest.mark.parametrize(
    "output", ["I refuse: you get no refund, that is final.", "You get a refund today."]
)
def test_script_never_claims_a_goal_and_ends_by_turns(
    api: Gateway, world: World, output: str
) -> None:
    case = new_entity(
        api,
        "/testCases",
        testId=world.test,
        goal="Get a refund",
        stoppingCriterias=["The agent refuses the refund"],
        maxIterations=3,
    )["id"]
    session = str(new_session(api, world.version, testCaseId=case)["id"])
    for number in (1, 2, 3):
        message = _next(api, session).json
        assert message["finished"] is (number == 3)
        assert message["stoppingReason"] == ("MAX_TURNS_REACHED" if number == 3 else None)
        _answer(api, message["inferenceResultId"], output)


def test_repeated_request_that_recorded_no_turn_gets_its_first_answer(
    api: Gateway, session: str
) -> None:
    body, key = {"sessionId": session, "maxTurns": 1}, {"Idempotency-Key": "waiting"}
    turn = _next(api, session).json["inferenceResultId"]
    first = api("POST", URL, body, headers=key)
    assert (first.status, first.json["inferenceResultId"]) == (200, turn)
    _answer(api, turn, "Which order?")
    over = api("POST", URL, body, headers={"Idempotency-Key": "over"})
    assert (over.json["nextMessage"], over.json["stoppingReason"]) == ("", "MAX_TURNS_REACHED")
    _next(api, session)  # without a limit, the conversation continues
    for name, answer in (("waiting", first), ("over", over)):
        again = api("POST", URL, body, headers={"Idempotency-Key": name})
        assert (again.status, again.text) == (200, answer.text)
        assert again.headers["idempotent-replayed"] == "true"
        other = api("POST", URL, body | {"maxTurns": 9}, headers={"Idempotency-Key": name})
        assert other.status == 422
    assert len(turns_of(api, session)) == 2
    api("DELETE", f"/inferenceResults/{turn}")
    assert api("POST", URL, body, headers=key).json["error"] == "deleted"


@pytest.mark.parametrize(("max_turns", "turns"), [(1, 1), (2, 2), (None, 4), (6, 6)])
def test_maximum_number_of_turns_ends_the_conversation(
    api: Gateway, session: str, max_turns: int | None, turns: int
) -> None:
    for number in range(1, turns + 1):
        message = _next(api, session, max_turns).json
        assert message["finished"] is (number == turns)
        assert message["nextMessage"]
        _answer(api, message["inferenceResultId"], "One moment.")
    assert message["stoppingReason"] == "MAX_TURNS_REACHED"
    beyond = _next(api, session, max_turns).json
    assert (beyond["nextMessage"], beyond["finished"]) == ("", True)
    assert beyond["inferenceResultId"] == message["inferenceResultId"]
    assert len(turns_of(api, session)) == turns


def test_user_continues_after_a_greeting_of_the_agent(api: Gateway, session: str) -> None:
    new_turn(api, session, actualOutput="Welcome!")
    message = _next(api, session).json
    assert message["nextMessage"] == "You should also know: The order is 4711."
    assert len(turns_of(api, session)) == 2


def test_empty_message_records_no_turn(
    api: Gateway, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_turn(api, session, input="a", actualOutput="b")
    silent = SimulatedMessage("", "GOAL_ACHIEVED")
    monkeypatch.setattr(ScriptedUser, "next_message", lambda *_: silent)
    message = _next(api, session).json
    assert (message["nextMessage"], message["finished"]) == ("", True)
    assert len(turns_of(api, session)) == 1


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
def test_invalid_request_names_the_field(
    api: Gateway, world: World, session: str, body: dict[str, Any], status: int, names: str
) -> None:
    known = {"$session": session, "$untested": new_session(api, world.version)["id"]}
    body = {name: known.get(value, value) for name, value in body.items()}
    answer = api("POST", URL, body)
    assert answer.status == status
    assert answer.json["message"].startswith(names), answer.json


def test_foreign_or_deleted_session_is_not_found(
    api: Gateway, other_api: Gateway, session: str
) -> None:
    assert _next(other_api, session).status == 404
    api("DELETE", f"/sessions/{session}")
    assert _next(api, session).status == 404


MODEL = "model_" + "1" * 32


@pytest.mark.parametrize(
    ("identifier", "version"),
    [("", "scripted-2"), ("model_" + "0" * 31 + "1", "scripted-2"), (MODEL, "model-1:nova")],
)
def test_configured_model_simulates_the_user(
    api: Gateway, monkeypatch: pytest.MonkeyPatch, identifier: str, version: str
) -> None:
    monkeypatch.setenv("MODELS", f'{{"{MODEL}": {{"provider": "bedrock", "name": "nova"}}}}')
    monkeypatch.setenv("SIMULATOR_MODEL", identifier)
    settings.cache_clear()
    assert simulated_user().version == version
